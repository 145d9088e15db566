/** One HTTP exchange that knows whether its request may have left: the difference between "not sent" and "unknown". */
import http from "node:http";
import https from "node:https";
import type { SentRequest } from "@candor/agent";

export interface Endpoint {
  /** Base URL of the service, e.g. `https://api.twilio.com`. */
  baseUrl: string;
  /** Where to connect instead of the URL's own host and port; the `Host` header stays the URL's. For a gateway on loopback. */
  connect?: { host: string; port: number };
  /** Milliseconds until an exchange is given up. Default 15,000. */
  timeoutMs?: number;
  /** Fields that say which agent sends a request. */
  sign?(request: SentRequest): Record<string, string> | Promise<Record<string, string>>;
}

export interface Call {
  method: "GET" | "POST";
  /** Path and query after the base URL. */
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

/**
 * - `answered`: with status and text.
 * - `unsent`: no connection; the service cannot have seen the request.
 * - `lost`: the connection stood, so the request may have arrived.
 */
export type Exchanged =
  | { kind: "answered"; status: number; text: string }
  | { kind: "unsent" | "lost"; reason: string };

const MOST_TEXT = 2_000_000;

/** Redirects are not followed: the credentials are for this service alone. */
export async function exchange(endpoint: Endpoint, call: Call, signal: AbortSignal): Promise<Exchanged> {
  const url = new URL(call.path, endpoint.baseUrl);
  let signed: Record<string, string> | undefined;
  try {
    signed = await endpoint.sign?.({ method: call.method, url: url.href, body: call.body });
  } catch {
    return { kind: "unsent", reason: "the agent may not sign in its operator's name any more" };
  }
  return send(endpoint, url, { ...call, headers: { ...call.headers, ...signed } }, signal);
}

function send(endpoint: Endpoint, url: URL, call: Call, signal: AbortSignal): Promise<Exchanged> {
  const { connect, timeoutMs = 15_000 } = endpoint;
  const secure = url.protocol === "https:";
  return new Promise((resolve) => {
    let connected = false;
    let timer: NodeJS.Timeout | undefined;
    const failed = (reason: string) => {
      clearTimeout(timer);
      resolve({ kind: connected ? "lost" : "unsent", reason });
    };
    if (signal.aborted) {
      failed("it was stopped");
      return;
    }
    const request = (secure ? https : http).request({
      protocol: url.protocol,
      host: connect?.host ?? url.hostname.replace(/^\[|\]$/g, ""),
      port: connect?.port ?? (url.port === "" ? undefined : Number(url.port)),
      servername: secure ? url.hostname : undefined,
      method: call.method,
      path: `${url.pathname}${url.search}`,
      headers: {
        host: url.host,
        "user-agent": "Candor",
        ...call.headers,
        ...(call.body === undefined ? {} : { "content-length": String(Buffer.byteLength(call.body)) }),
      },
      agent: false,
      signal,
    });
    timer = setTimeout(() => request.destroy(new Error("it took too long")), timeoutMs);
    request.on("socket", (socket) => socket.once(secure ? "secureConnect" : "connect", () => (connected = true)));
    request.on("error", (error) => failed(signal.aborted ? "it was stopped" : plainReason(error)));
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on("data", (chunk: Buffer) => {
        length += chunk.length;
        if (length > MOST_TEXT) request.destroy(new Error("the answer was too long"));
        else chunks.push(chunk);
      });
      response.on("end", () => {
        clearTimeout(timer);
        resolve({ kind: "answered", status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") });
      });
      response.on("error", (error) => failed(plainReason(error)));
      response.on("aborted", () => failed("the connection was lost"));
    });
    request.end(call.body);
  });
}

/** System errors by name; their text may quote what was sent. */
function plainReason(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  switch (code) {
    case "ECONNREFUSED":
      return "the service refused the connection";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "the service's name was not found";
    case "ECONNRESET":
    case "EPIPE":
      return "the connection was lost";
    case "":
      return /took too long|too long/.test(error.message) ? error.message : "the connection failed";
    default:
      return `the connection failed (${code})`;
  }
}
