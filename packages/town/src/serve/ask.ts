/** A bare HTTP request to a town host, as tests make it. */
import { type IncomingHttpHeaders, request } from "node:http";

export interface Asked {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** @throws the socket's error when the connection breaks before the answer is whole. */
export function ask(
  port: number,
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string; proxy?: boolean; limit?: number } = {},
): Promise<Asked> {
  const { host, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: "127.0.0.1",
        port,
        method: options.method ?? "GET",
        path: options.proxy === true ? url : pathname + search,
        headers: { host: options.proxy === true ? "elsewhere.example" : host, ...options.headers },
        agent: false,
      },
      (incoming) => {
        let body = "";
        const done = (): void => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body });
        incoming.setEncoding("utf8");
        incoming.on("data", (chunk: string) => {
          body += chunk;
          if (body.length <= (options.limit ?? Number.POSITIVE_INFINITY)) return;
          incoming.destroy();
          done();
        });
        incoming.on("end", done);
        incoming.on("error", reject);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(options.body);
  });
}
