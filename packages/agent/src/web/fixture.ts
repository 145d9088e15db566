/** A small web on loopback for tests: names lead to one server, which answers by host and path. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Fetcher } from "./fetched.ts";
import { createFetcher } from "./fetcher.ts";

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface SmallWeb extends AsyncDisposable {
  fetcher: Fetcher;
  /** `host/path` of each request, robots.txt left out. */
  requests: string[];
}

export const page =
  (body: string, status = 200, type = "text/html; charset=utf-8"): Answer =>
  (_, response) => {
    response.writeHead(status, { "content-type": type }).end(body);
  };

/** @param pages answers by `host/path?query`; what is not there gets a 404 */
export async function smallWeb(pages: Record<string, Answer>): Promise<SmallWeb> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const address = `${request.headers.host}${request.url}`;
    if (!address.endsWith("/robots.txt")) requests.push(address);
    (pages[address] ?? page("not found", 404))(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const fetcher = createFetcher({
    resolve: async () => ["127.0.0.1"],
    loopbackPort: (server.address() as AddressInfo).port,
    userAgent: "Candor/test",
    politenessMs: 0,
    timeoutMs: 2_000,
    maxBytes: 100_000,
  });
  return {
    fetcher,
    requests,
    [Symbol.asyncDispose]: async () => {
      await fetcher.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
