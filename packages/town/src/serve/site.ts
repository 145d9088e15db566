/** How the pages of a town answer: found, not found, busy, redirected, broken, unchanged since last time. */
import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Host, Page, Town } from "../town.ts";
import { canonicalPath } from "./address.ts";
import { rateLimit } from "./rate.ts";
import { type Exchange, type Misbehaviour, type Reply, text } from "./reply.ts";

export interface Site {
  host: Host;
  /** Answers as the web would. Never throws. */
  answer(exchange: Exchange): Promise<Reply | Misbehaviour>;
  /** The page itself, without its bad manners: for people who look around. */
  look(path: string): Reply;
  /** In the order of the town. */
  paths: string[];
}

/** @returns the town's hosts by name. */
export function sitesOf(town: Pick<Town, "hosts" | "pages">): Map<string, Site> {
  const pages = new Map<string, Map<string, Page>>();
  for (const page of town.pages) {
    const path = canonicalPath(page.path);
    if (path === null) continue;
    const ofHost = pages.get(page.host) ?? new Map<string, Page>();
    if (!ofHost.has(path)) ofHost.set(path, page);
    pages.set(page.host, ofHost);
  }
  return new Map(town.hosts.map((host) => [host.name, site(host, pages.get(host.name) ?? new Map())]));
}

function site(host: Host, pages: Map<string, Page>): Site {
  const limit = host.rate === undefined ? null : rateLimit(host.rate);
  const asked = new Map<Page, number>();

  const find = (path: string): Page | undefined => {
    const wanted = canonicalPath(path);
    return (wanted === null ? undefined : pages.get(wanted)) ?? host.dynamic?.(path);
  };
  const missing = (): Reply => ({
    status: host.notFound.status,
    headers: { "content-type": host.notFound.contentType },
    body: host.notFound.body,
  });
  const robots = (): Reply => (host.robots === undefined ? text(404, "Not found\n") : text(200, host.robots));

  return {
    host,
    paths: [...pages.values()].map(({ path }) => path),
    async answer(exchange) {
      // Rules for robots are never rationed: a crawler that cannot read them must not go on.
      if (exchange.path === "/robots.txt") return robots();
      const seconds = limit?.take(performance.now()) ?? 0;
      if (seconds > 0) return tooMany(seconds);
      if (exchange.method !== "GET" && exchange.method !== "HEAD") {
        return text(405, "Method not allowed\n", { allow: "GET, HEAD" });
      }
      const page = find(exchange.path);
      if (page === undefined) return missing();
      const behaviour = page.behaviour;
      switch (behaviour?.kind) {
        case "slow":
          await wait(behaviour.ms, undefined, { ref: false });
          break;
        case "busy": {
          const before = asked.get(page) ?? 0;
          asked.set(page, before + 1);
          if (before < behaviour.times) return tooMany(behaviour.retryAfter);
          break;
        }
        case "redirect":
          return text(behaviour.status, "", { location: behaviour.to });
        case "broken":
          if (behaviour.how === "500") return text(500, "Internal server error\n");
          return { how: behaviour.how, reply: ofPage(page) };
      }
      return conditional(exchange, ofPage(page));
    },
    look(path) {
      if (path === "/robots.txt") return robots();
      const page = find(path);
      if (page === undefined) return missing();
      if (page.behaviour?.kind === "redirect") return text(page.behaviour.status, "", { location: page.behaviour.to });
      return ofPage(page);
    },
  };
}

function tooMany(seconds: number): Reply {
  return text(429, "Too many requests\n", { "retry-after": String(Math.max(1, Math.ceil(seconds))) });
}

// The generator's clock is not the reader's: a page is as old as its content says, always the same.
const EPOCH = Date.UTC(2023, 0, 1);
const YEAR_MS = 365 * 86_400_000;

const ready = new WeakMap<Page, Reply>();

function ofPage(page: Page): Reply {
  const known = ready.get(page);
  if (known !== undefined) return known;
  const body = typeof page.body === "string" ? Buffer.from(page.body) : page.body;
  const hash = createHash("sha1").update(body).digest();
  const reply: Reply = {
    status: page.status,
    headers: {
      "content-type": page.contentType,
      etag: `"${hash.toString("hex", 0, 10)}"`,
      "last-modified": new Date(EPOCH + (hash.readUInt32BE(0) / 2 ** 32) * YEAR_MS).toUTCString(),
      ...lowerCase(page.headers ?? {}),
    },
    body,
  };
  ready.set(page, reply);
  return reply;
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function conditional(exchange: Exchange, reply: Reply): Reply {
  if (reply.status !== 200) return reply;
  const { etag, "last-modified": modified } = reply.headers;
  const wanted = exchange.headers["if-none-match"];
  const since = exchange.headers["if-modified-since"];
  const unchanged =
    wanted !== undefined
      ? wanted.split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === etag)
      : since !== undefined && modified !== undefined && Date.parse(since) >= Date.parse(modified);
  if (!unchanged) return reply;
  const { "content-type": _, ...headers } = reply.headers;
  return { status: 304, headers, body: "" };
}
