/** Fetches pages of the open web politely, and of nothing else: no private address, no place that robots.txt closes. */
import { createHash } from "node:crypto";
import { Agent, type Dispatcher } from "undici";
import type { Network } from "../ports.ts";
import { type Body, readBody } from "./body.ts";
import { charsetOf, decodeText, isTextual, mediaTypeOf } from "./content-type.ts";
import {
  type CacheEntry,
  type Fetched,
  type Fetcher,
  type FetchOptions,
  type FetchStatus,
  verdictOf,
} from "./fetched.ts";
import { AddressRefused, NameUnknown, pinnedConnector } from "./pinned-connect.ts";
import { ROBOTS_MAX_BYTES, type RobotsFile, robotsRules } from "./robots.ts";
import { readTarget } from "./target.ts";
import { hostTurns } from "./turns.ts";

const MOST_REDIRECTS = 8;
const LONGEST_CRAWL_DELAY_S = 30;
const LONGEST_RETRY_AFTER_S = 5;
const DEFAULT_ACCEPT =
  "text/html,application/xhtml+xml,application/pdf;q=0.9,text/*;q=0.9,application/json;q=0.8,*/*;q=0.7";

/** A response whose body is still to come. */
interface Answer {
  status: number;
  headers: Record<string, string>;
  /** Empty for a redirect that is followed. */
  body: Body;
}

interface Ask {
  url: URL;
  method: "GET" | "POST";
  headers: Record<string, string>;
  body?: string | undefined;
  limit: number;
  signal: AbortSignal | undefined;
}

/**
 * @example
 * const fetcher = createFetcher({ userAgent: "Candor/0.1", politenessMs: 1000, timeoutMs: 20_000, maxBytes: 5_000_000 });
 * const fetched = await fetcher.fetch("https://example.org/", { signal });
 */
export function createFetcher(network: Network): Fetcher {
  const agent = new Agent({
    connect: pinnedConnector(network),
    headersTimeout: network.timeoutMs,
    bodyTimeout: network.timeoutMs,
    connections: 4,
    allowH2: false,
  });
  const turns = hostTurns();
  const robots = robotsRules(network.userAgent, (origin, signal) => fetchRobots(agent, network, origin, signal));

  return {
    close: () => agent.destroy(),
    async fetch(given, options = {}) {
      const trail: string[] = [];
      const notes: string[] = [];
      let requests = 0;
      const start = readTarget(given);
      if (start.url === undefined) return failed("error", start.problem, given, { redirects: trail, notes, requests });
      let url = start.url;

      for (;;) {
        options.signal?.throwIfAborted();
        const outcome = await hop(url);
        if ("fetched" in outcome) return outcome.fetched;
        const next = readTarget(outcome.location, url.href);
        trail.push(url.href);
        const about = { url: url.href, redirects: trail, notes, requests };
        if (next.url === undefined)
          return failed("error", `A redirect leads nowhere: ${next.problem}`, url.href, about);
        if (trail.includes(next.url.href)) return failed("error", "The redirects lead in a circle.", url.href, about);
        if (trail.length > MOST_REDIRECTS) {
          return failed("error", `More than ${MOST_REDIRECTS} redirects.`, url.href, about);
        }
        if (isLogin(next.url) && !isLogin(start.url)) {
          return failed("blocked", "A login is asked for: the page redirects to a sign-in form.", url.href, about);
        }
        url = next.url;
      }

      async function hop(at: URL): Promise<{ fetched: Fetched } | { location: string }> {
        const about = () => ({ redirects: trail, notes, requests });
        let pause = network.politenessMs;
        try {
          // A refused address is told before anything else is asked of the host.
          if (!options.service) {
            const rules = await robots.check(at, options.signal);
            if (!rules.allowed) return { fetched: failed("blocked", `${rules.reason}.`, at.href, about()) };
            if (rules.crawlDelay > LONGEST_CRAWL_DELAY_S) {
              notes.push(
                `${at.host} asks for ${rules.crawlDelay} s between requests; the agent waits ${LONGEST_CRAWL_DELAY_S} s.`,
              );
            }
            pause = Math.max(pause, Math.min(rules.crawlDelay, LONGEST_CRAWL_DELAY_S) * 1000);
          }
          return await turns.take(at.hostname, pause, options.signal, () => exchange(at, about));
        } catch (error) {
          if (options.signal?.aborted) throw options.signal.reason;
          return { fetched: failed("error", explain(error, at), at.href, about()) };
        }
      }

      async function exchange(at: URL, about: () => Pick<Fetched, "redirects" | "notes" | "requests">) {
        const closed = turns.closedFor(at.hostname);
        if (closed > LONGEST_RETRY_AFTER_S * 1000) {
          const seconds = Math.ceil(closed / 1000);
          const reason = `${at.host} asked to be left alone for ${seconds} s more (429 or 503 earlier).`;
          return { fetched: { ...failed("blocked", reason, at.href, about()), retryAfter: seconds } };
        }
        if (closed > 0) await turns.pause(at.hostname, closed, options.signal);
        const cached = options.service ? undefined : options.cache?.get(at.href);
        const ask: Ask = {
          url: at,
          method: options.service?.method ?? "GET",
          headers: headersFor(network, options, cached),
          body: options.service?.body,
          limit: options.maxBytes ?? network.maxBytes,
          signal: options.signal,
        };
        const send = (): Promise<Answer> => {
          requests += 1;
          return request(agent, network, ask);
        };
        let answer = await send();
        let retryAfter = retryAfterOf(answer);
        if (retryAfter !== undefined && retryAfter <= LONGEST_RETRY_AFTER_S) {
          await turns.pause(at.hostname, Math.max(retryAfter * 1000, network.politenessMs), options.signal);
          answer = await send();
          retryAfter = retryAfterOf(answer);
        }
        if (retryAfter !== undefined) turns.close(at.hostname, retryAfter * 1000);
        const location = answer.headers.location;
        if (
          REDIRECTS.has(answer.status) &&
          location !== undefined &&
          !options.service &&
          options.redirect !== "manual"
        ) {
          return { location };
        }
        const fetched = finish(at, answer, cached, { ...about(), requests });
        if (fetched.status === "ok" && fetched.complete && !fetched.notModified && !options.service) {
          options.cache?.set(at.href, entryOf(answer, fetched.hash));
        }
        return { fetched: { ...fetched, ...(retryAfter === undefined ? {} : { retryAfter }) } };
      }
    },
  };
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Nothing here tells one operator from another. */
function headersFor(network: Network, options: FetchOptions, cached: CacheEntry | undefined): Record<string, string> {
  return {
    ...options.service?.headers,
    "user-agent": network.userAgent,
    accept: options.accept ?? DEFAULT_ACCEPT,
    "accept-language": "en,*;q=0.5",
    "accept-encoding": "gzip, deflate, br",
    ...(cached?.etag === undefined ? {} : { "if-none-match": cached.etag }),
    ...(cached?.lastModified === undefined ? {} : { "if-modified-since": cached.lastModified }),
  };
}

/** One request and its whole answer. Headers must come within `timeoutMs`, the body within as much again. */
async function request(agent: Agent, network: Network, ask: Ask): Promise<Answer> {
  const deadline = new AbortController();
  const headersTimer = setTimeout(() => deadline.abort(new TimedOut("did not answer")), network.timeoutMs);
  let bodyTimer: NodeJS.Timeout | undefined;
  const signal = ask.signal ? AbortSignal.any([ask.signal, deadline.signal]) : deadline.signal;
  try {
    // Last of all, so that no field that the caller sets stands in for the signature's.
    const signed = await signatureFor(network, ask);
    const response = await agent.request({
      origin: ask.url.origin,
      path: ask.url.pathname + ask.url.search,
      method: ask.method,
      headers: { ...ask.headers, ...signed },
      ...(ask.body === undefined ? {} : { body: ask.body }),
      signal,
    });
    clearTimeout(headersTimer);
    bodyTimer = setTimeout(() => deadline.abort(new TimedOut("did not end its answer")), network.timeoutMs);
    const body = await readBody(response.body, header(response.headers, "content-encoding"), ask.limit);
    if (ask.signal?.aborted) throw ask.signal.reason;
    return { status: response.statusCode, headers: flat(response.headers), body };
  } finally {
    clearTimeout(headersTimer);
    clearTimeout(bodyTimer);
  }
}

async function signatureFor(network: Network, { method, url, body }: Ask): Promise<Record<string, string> | undefined> {
  try {
    return await network.sign?.({ method, url: url.href, body });
  } catch (error) {
    throw new NotSigned("the agent may not sign in its operator's name any more", { cause: error });
  }
}

class NotSigned extends Error {}

class TimedOut extends Error {}

function flat(headers: Dispatcher.ResponseData["headers"]): Record<string, string> {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, header(headers, name) ?? ""]));
}

function header(headers: Dispatcher.ResponseData["headers"], name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

function finish(
  url: URL,
  { status, headers, body }: Answer,
  cached: CacheEntry | undefined,
  about: Pick<Fetched, "redirects" | "notes" | "requests">,
): Fetched {
  const contentType = mediaTypeOf(headers["content-type"], body.bytes);
  const base: Fetched = {
    ...verdictOf(status),
    url: url.href,
    httpStatus: status,
    contentType,
    charset: isTextual(contentType) ? charsetOf(headers["content-type"], body.bytes) : null,
    bytes: body.bytes,
    hash: sha256(body.bytes),
    ...about,
    notModified: false,
    complete: body.end === "whole",
  };
  if (status === 304) {
    if (cached) return { ...base, status: "ok", reason: "", notModified: true, hash: cached.hash, complete: true };
    return { ...base, status: "error", reason: "The server says that nothing changed, but nothing was known." };
  }
  if (headers.location !== undefined && REDIRECTS.has(status)) {
    const target = readTarget(headers.location, url.href);
    const location = target.url === undefined ? {} : { location: target.url.href };
    return { ...base, ...location, status: "ok", reason: "" };
  }
  const length = body.bytes.length;
  if (body.end === "cut")
    return { ...base, notes: [...about.notes, `Larger than the limit: cut after ${length} bytes.`] };
  if (base.status !== "ok" || body.end === "whole") return base;
  const reason =
    body.end === "broken"
      ? `The answer broke off after ${length} bytes (truncated).`
      : "The body is in a coding that cannot be read.";
  return { ...base, status: "error", reason };
}

function entryOf({ headers }: Answer, hash: string): CacheEntry {
  return {
    hash,
    ...(headers.etag === undefined ? {} : { etag: headers.etag }),
    ...(headers["last-modified"] === undefined ? {} : { lastModified: headers["last-modified"] }),
  };
}

/** Seconds to wait, for an answer that asks to come back later. */
function retryAfterOf({ status, headers }: Answer): number | undefined {
  const value = headers["retry-after"]?.trim();
  if ((status !== 429 && status !== 503) || value === undefined || value === "") return undefined;
  const seconds = /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.min(86_400, Math.max(0, Math.ceil(seconds))) : undefined;
}

async function fetchRobots(
  agent: Agent,
  network: Network,
  origin: string,
  signal: AbortSignal | undefined,
): Promise<RobotsFile> {
  let url = new URL("/robots.txt", origin);
  try {
    for (let hops = 0; hops <= 5; hops++) {
      const headers = { ...headersFor(network, { accept: "text/plain,*/*;q=0.5" }, undefined) };
      const answer = await request(agent, network, { url, method: "GET", headers, limit: ROBOTS_MAX_BYTES, signal });
      const { status, body } = answer;
      if (REDIRECTS.has(status) && answer.headers.location !== undefined) {
        const next = readTarget(answer.headers.location, url.href);
        if (next.url === undefined) return { kind: "none" };
        url = next.url;
        continue;
      }
      if (status === 429) return { kind: "unreachable", reason: "too many requests (HTTP 429)" };
      if (status >= 400 && status < 500) return { kind: "none" };
      if (status < 200 || status >= 300) return { kind: "unreachable", reason: `it answers HTTP ${status}` };
      if (body.end === "broken" || body.end === "undecodable") return { kind: "unreachable", reason: "it broke off" };
      const type = answer.headers["content-type"];
      // A host that answers every path with a page has no rules for robots.
      if (mediaTypeOf(type, body.bytes) === "text/html") return { kind: "none" };
      return { kind: "rules", text: decodeText(body.bytes, "utf-8") };
    }
    return { kind: "none" };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    // What is wrong with the address is wrong with the page as well, and is said of the page.
    if (error instanceof AddressRefused || error instanceof NameUnknown) throw error;
    return { kind: "unreachable", reason: explain(error, url) };
  }
}

function failed(
  status: FetchStatus,
  reason: string,
  url: string,
  about: Pick<Fetched, "redirects" | "notes" | "requests">,
): Fetched {
  return {
    status,
    reason,
    url,
    httpStatus: null,
    contentType: "",
    charset: null,
    bytes: new Uint8Array(),
    hash: sha256(new Uint8Array()),
    redirects: [...about.redirects],
    notModified: false,
    complete: false,
    notes: [...about.notes],
    requests: about.requests,
  };
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

function explain(error: unknown, url: URL): string {
  if (error instanceof AddressRefused || error instanceof NameUnknown) return error.message;
  if (error instanceof NotSigned) return `${url.host} was not asked: ${error.message}.`;
  if (error instanceof TimedOut) return `${url.host} ${error.message} in time (timeout).`;
  const code = codeOf(error);
  return `${url.host} could not be read: ${SAID[code] ?? `the connection failed${code === "" ? "" : ` (${code})`}`}.`;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  return error.cause === undefined ? "" : codeOf(error.cause);
}

const SAID: Record<string, string> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was reset",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ETIMEDOUT: "the connection timed out (timeout)",
  UND_ERR_CONNECT_TIMEOUT: "the connection timed out (timeout)",
  UND_ERR_HEADERS_TIMEOUT: "it did not answer in time (timeout)",
  UND_ERR_SOCKET: "the connection was reset",
  UND_ERR_HEADERS_OVERFLOW: "its headers are too large",
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is not trusted",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is not trusted",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
};

/** A path that is a sign-in form whatever the site. */
const isLogin = (url: URL): boolean =>
  /(?:^|\/)(?:log-?in|sign-?in|signin|logon|sso|auth(?:enticate)?|session\/new|users\/sign_in|accounts?\/login|wp-login\.php|checkpoint|authwall)(?:[./]|$)/i.test(
    url.pathname,
  );
