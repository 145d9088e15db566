/** A text message gateway that speaks Twilio's Messages API and delivers to the town's inbox. */
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { readDisclosure } from "@candor/agent-identity";
import type { Inbox, Message } from "../serve/inbox.ts";
import { type Exchange, json, type Reply, type Service } from "../serve/reply.ts";

export const GATEWAY_HOST = "gateway.example";

/** How the gateway fails, for tests: the next `times` messages sent to it. */
export interface GatewayFault {
  /** - `drop`: stores the message, then closes the connection without an answer. - `500`: stores nothing. */
  kind: "drop" | "500" | "slow";
  times: number;
  /** Milliseconds, for `slow`. */
  ms?: number;
}

export interface Gateway {
  service: Service;
  /** Replaces the fault in force. */
  fail(fault: GatewayFault | undefined): void;
}

/**
 * `POST /2010-04-01/Accounts/{Sid}/Messages.json`, `GET` of the same with `To`, `From` and `PageSize`, and
 * `GET .../Messages/{MessageSid}.json`. Any account is let in whose basic auth has a user and a password. A message counts as
 * disclosed when its last line names one of `operators` and a declared agent signed the request: only then can anybody check.
 * https://www.twilio.com/docs/messaging/api/message-resource
 */
export function gateway(inbox: Inbox, operators: readonly string[], fault?: GatewayFault): Gateway {
  let current = fault === undefined ? undefined : { ...fault };

  const post = async (exchange: Exchange, account: string): Promise<Reply | "drop"> => {
    const form = new URLSearchParams(exchange.body);
    const problem = invalid(form);
    if (problem !== null) return problem;
    const failing = current !== undefined && current.times > 0 ? current : undefined;
    if (failing !== undefined) failing.times -= 1;
    if (failing?.kind === "500") return failure(500, 20500, "An internal server error has occurred");
    const body = form.get("Body") ?? "";
    const message: Message = {
      sid: `SM${randomBytes(16).toString("hex")}`,
      at: Date.now(),
      account,
      from: form.get("From") ?? form.get("MessagingServiceSid") ?? "",
      to: form.get("To") ?? "",
      body,
      disclosed: exchange.visitor.identity === "declared" && operators.includes(readDisclosure(body)?.operator ?? ""),
    };
    inbox.append(message);
    if (failing?.kind === "drop") return "drop";
    if (failing?.kind === "slow") await wait(failing.ms ?? 1000, undefined, { ref: false });
    return json(201, resource(message, "queued"));
  };

  return {
    fail(next) {
      current = next === undefined ? undefined : { ...next };
    },
    service(exchange) {
      const url = new URL(`http://${GATEWAY_HOST}${exchange.path}`);
      const match = /^\/2010-04-01\/Accounts\/([^/]+)\/Messages(?:\/([^/]+))?\.json$/.exec(url.pathname);
      const account = match?.[1];
      if (account === undefined) return failure(404, 20404, `The requested resource ${url.pathname} was not found`);
      if (!authorised(exchange.headers.authorization)) return failure(401, 20003, "Authenticate");
      const sid = match?.[2];
      const own = inbox.messages().filter((message) => message.account === account);
      if (exchange.method === "POST" && sid === undefined) return post(exchange, account);
      if (exchange.method !== "GET") return failure(405, 20004, "Method not allowed");
      if (sid === undefined) return json(200, listing(own, url));
      const one = own.find((message) => message.sid === sid);
      return one === undefined
        ? failure(404, 20404, `The requested resource ${url.pathname} was not found`)
        : json(200, resource(one, "delivered"));
    },
  };
}

function authorised(header: string | undefined): boolean {
  const encoded = /^Basic\s+(\S+)$/i.exec(header ?? "")?.[1];
  return encoded !== undefined && /^[^:]+:.+$/s.test(Buffer.from(encoded, "base64").toString("utf8"));
}

/** Longest body that Twilio takes, in characters. */
const BODY_LIMIT = 1600;

function invalid(form: URLSearchParams): Reply | null {
  const to = form.get("To") ?? "";
  const body = form.get("Body") ?? "";
  if (to === "") return failure(400, 21604, "A 'To' phone number is required.");
  if (!/^\+[1-9]\d{5,14}$/.test(to)) return failure(400, 21211, `The 'To' number ${to} is not a valid phone number.`);
  if (!form.get("From") && !form.get("MessagingServiceSid")) {
    return failure(400, 21603, "A 'From' phone number is required.");
  }
  if (body === "") return failure(400, 21602, "Message body is required.");
  if ([...body].length > BODY_LIMIT) {
    return failure(400, 21617, "The concatenated message body exceeds the 1600 character limit.");
  }
  return null;
}

function failure(status: number, code: number, message: string): Reply {
  const headers: Record<string, string> = status === 401 ? { "www-authenticate": 'Basic realm="Twilio API"' } : {};
  return json(status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }, headers);
}

function resource(message: Message, status: "queued" | "delivered"): Record<string, unknown> {
  const uri = `/2010-04-01/Accounts/${message.account}/Messages/${message.sid}.json`;
  const date = new Date(message.at).toUTCString().replace("GMT", "+0000");
  return {
    account_sid: message.account,
    api_version: "2010-04-01",
    body: message.body,
    date_created: date,
    date_sent: status === "queued" ? null : date,
    date_updated: date,
    direction: "outbound-api",
    error_code: null,
    error_message: null,
    from: message.from,
    messaging_service_sid: message.from.startsWith("MG") ? message.from : null,
    num_media: "0",
    num_segments: String(Math.max(1, Math.ceil(message.body.length / 153))),
    price: null,
    price_unit: "USD",
    sid: message.sid,
    status,
    subresource_uris: { media: uri.replace(/\.json$/, "/Media.json") },
    to: message.to,
    uri,
  };
}

/** Newest first, as Twilio lists. */
function listing(messages: Message[], url: URL): Record<string, unknown> {
  const [to, from] = [url.searchParams.get("To"), url.searchParams.get("From")];
  const size = bounded(url.searchParams.get("PageSize"), 50, 1, 1000);
  const page = bounded(url.searchParams.get("Page"), 0, 0, Number.MAX_SAFE_INTEGER);
  const all = messages
    .filter((message) => (to === null || message.to === to) && (from === null || message.from === from))
    .reverse();
  const shown = all.slice(page * size, (page + 1) * size);
  const at = (n: number): string => {
    const query = new URLSearchParams(url.searchParams);
    query.set("PageSize", String(size));
    query.set("Page", String(n));
    return `${url.pathname}?${query}`;
  };
  return {
    messages: shown.map((message) => resource(message, "delivered")),
    page,
    page_size: size,
    start: page * size,
    end: page * size + Math.max(0, shown.length - 1),
    uri: at(page),
    first_page_uri: at(0),
    previous_page_uri: page > 0 ? at(page - 1) : null,
    next_page_uri: (page + 1) * size < all.length ? at(page + 1) : null,
  };
}

function bounded(value: string | null, otherwise: number, low: number, high: number): number {
  const n = Number(value ?? otherwise);
  return Number.isSafeInteger(n) ? Math.min(high, Math.max(low, n)) : otherwise;
}
