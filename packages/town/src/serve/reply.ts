/** One request to a town host and the answer to it, before either touches a socket. */
import type { IncomingHttpHeaders } from "node:http";
import type { Visitor } from "./visitors.ts";

export interface Exchange {
  method: string;
  /** Virtual host, lower case, without port. */
  host: string;
  /** Path with query string. */
  path: string;
  headers: IncomingHttpHeaders;
  /** Of a POST; empty otherwise. */
  body: string;
  visitor: Visitor;
}

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
}

/** What a server may do instead of answering properly. `reply` is what it began to say. */
export type Misbehaviour = { how: "reset" | "truncated" | "endless"; reply: Reply };

/** A virtual host that computes its answers. `"drop"` closes the connection without one. */
export type Service = (exchange: Exchange) => Reply | "drop" | Promise<Reply | "drop">;

export const text = (status: number, body: string, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8", ...headers },
  body,
});

export const html = (status: number, body: string): Reply => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8" },
  body,
});

export const json = (status: number, value: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8", ...headers },
  body: JSON.stringify(value),
});
