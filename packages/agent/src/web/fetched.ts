/** What came of a request, and what an HTTP status means for the agent. */

export type FetchStatus = "ok" | "missing" | "blocked" | "error";

export interface Fetched {
  /** `missing`: 404, 410. `blocked`: robots.txt, 401, 403, 429, 5xx, a login. `error`: no whole answer came. */
  status: FetchStatus;
  /** One line in plain words; it names hosts, but never quotes a page. Empty for `ok`. */
  reason: string;
  /** After redirects, without fragment. */
  url: string;
  /** Null where nothing was answered. */
  httpStatus: number | null;
  /** Media type in lower case without parameters; sniffed where the server gave none or a wrong one. */
  contentType: string;
  /** For text: a label that iconv-lite knows. */
  charset: string | null;
  /** Decompressed, at most `maxBytes`. Also of a `missing` or `blocked` answer. */
  bytes: Uint8Array;
  /** sha256 of `bytes`, hex. For `notModified`, of the bytes that are still valid. */
  hash: string;
  /** URLs that led here, the asked-for one first. */
  redirects: string[];
  /** Target of a redirect that was not followed. */
  location?: string;
  /** Seconds that the server asked to wait. */
  retryAfter?: number;
  /** 304: what the caller has for this URL is still valid; `bytes` is empty. */
  notModified: boolean;
  /** False where the body was cut at the limit or broke off. */
  complete: boolean;
  /** What a reader of the step should know, e.g. that a crawl-delay was capped. */
  notes: string[];
  /** Requests made, robots.txt not counted. */
  requests: number;
}

/** Validators of an earlier answer. What the page said is in the caller's log, masked. */
export interface CacheEntry {
  etag?: string;
  lastModified?: string;
  hash: string;
}

export interface PageCache {
  get(url: string): CacheEntry | undefined;
  set(url: string, entry: CacheEntry): void;
}

export interface FetchOptions {
  signal?: AbortSignal;
  /** The Accept header. */
  accept?: string;
  maxBytes?: number;
  /** With a cache the request is conditional, and the entry is renewed. */
  cache?: PageCache;
  /** `manual` hands back a 3xx as it is. */
  redirect?: "follow" | "manual";
  /**
   * A service that the operator configured, rather than a page: robots.txt does not apply to it, and redirects are not
   * followed, so that a key in `headers` reaches nobody else.
   */
  service?: { method?: "GET" | "POST"; headers?: Record<string, string>; body?: string };
}

export interface Fetcher {
  /**
   * Fetches one resource within the network's policy. Never throws for what the world does.
   * @throws the signal's reason once `signal` is aborted
   */
  fetch(url: string, options?: FetchOptions): Promise<Fetched>;
  close(): Promise<void>;
}

export interface StatusVerdict {
  status: FetchStatus;
  reason: string;
}

export function verdictOf(httpStatus: number): StatusVerdict {
  if (httpStatus >= 200 && httpStatus < 300) return { status: "ok", reason: "" };
  const said = REASONS[httpStatus];
  if (httpStatus === 404 || httpStatus === 410) return { status: "missing", reason: `${said} (HTTP ${httpStatus}).` };
  if (httpStatus >= 500 || BLOCKING.has(httpStatus)) {
    const what = said ?? (httpStatus >= 500 ? "The server failed" : "The server refuses the agent");
    return { status: "blocked", reason: `${what} (HTTP ${httpStatus}).` };
  }
  return { status: "error", reason: `The server answered HTTP ${httpStatus}.` };
}

// 999 is LinkedIn's word for "no robots".
const BLOCKING = new Set([401, 402, 403, 407, 418, 423, 425, 429, 451, 999]);

const REASONS: Record<number, string> = {
  401: "A login is asked for",
  402: "Payment is asked for",
  403: "Access is forbidden",
  404: "There is no such page",
  410: "The page is gone",
  429: "Too many requests",
  451: "Withheld for legal reasons",
  500: "The server failed",
  502: "The server failed",
  503: "The service is not available",
  504: "The server failed",
};
