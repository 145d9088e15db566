import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import type { Network } from "../ports.ts";
import { createFetcher } from "../web/fetcher.ts";
import { searxng } from "./engines.ts";
import { localService } from "./local-network.ts";

const network: Network = { userAgent: "Candor/test", politenessMs: 1_000, timeoutMs: 2_000, maxBytes: 100_000 };

test("the operator's own search service on this machine is reached, and no other port of it", async () => {
  const own = createServer((_, response) =>
    response.end(JSON.stringify({ results: [{ url: "http://a.example/", title: "A", content: "" }] })),
  );
  const other = createServer((_, response) => response.end("{}"));
  for (const server of [own, other]) await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = (own.address() as AddressInfo).port;
  const service = localService(`http://127.0.0.1:${port}/`, network);
  const fetcher = createFetcher(service?.network ?? network);
  try {
    expect(await searxng(service?.url ?? "", fetcher).search("a", 1, AbortSignal.timeout(3_000))).toHaveLength(1);
    let asked = false;
    other.once("request", () => {
      asked = true;
    });
    const elsewhere = await fetcher.fetch(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
    expect(elsewhere.status).toBe("error");
    expect(asked).toBe(false);
  } finally {
    await fetcher.close();
    for (const server of [own, other]) server.close();
  }
});

test("a service elsewhere needs nothing special", () => {
  expect(localService("https://search.example.org", network)).toBeUndefined();
  expect(localService("http://localhost.example.org", network)).toBeUndefined();
  expect(localService("nonsense", network)).toBeUndefined();
});
