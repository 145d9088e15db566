/** Push messages through an ntfy server. The topic is as secret as a password: whoever knows it can read along. */
import { z } from "zod";
import { type Endpoint, exchange } from "./exchange.ts";
import type { Transport } from "./transport.ts";

export interface NtfyOptions extends Partial<Endpoint> {
  topic: string;
  /** Access token of a protected topic. */
  token?: string;
}

const Sent = z.object({ id: z.string() });

/** https://docs.ntfy.sh/publish/ */
export function ntfy(options: NtfyOptions): Transport {
  const name = "ntfy";
  const endpoint: Endpoint = { ...options, baseUrl: options.baseUrl ?? "https://ntfy.sh" };
  const path = `/${encodeURIComponent(options.topic)}`;
  const authorization: Record<string, string> =
    options.token === undefined ? {} : { authorization: `Bearer ${options.token}` };
  return {
    name,
    reaches: "none",
    limit: 4_000,
    async send(_to, { subject, body }, signal) {
      const headers = { ...authorization, "content-type": "text/plain; charset=utf-8", title: asciiTitle(subject) };
      const answer = await exchange(endpoint, { method: "POST", path, headers, body }, signal);
      if (answer.kind !== "answered")
        return { status: answer.kind === "unsent" ? "error" : "unknown", via: name, reason: answer.reason };
      if (answer.status >= 500)
        return { status: "unknown", via: name, reason: `the service failed (HTTP ${answer.status})` };
      if (answer.status >= 300)
        return { status: "error", via: name, reason: `the service refused the message (HTTP ${answer.status})` };
      try {
        return { status: "ok", via: name, id: Sent.parse(JSON.parse(answer.text)).id };
      } catch {
        return { status: "unknown", via: name, reason: "the service took the message, but its answer makes no sense" };
      }
    },
    async arrived(_to, reference) {
      const answer = await exchange(
        endpoint,
        { method: "GET", path: `${path}/json?poll=1&since=12h`, headers: authorization },
        AbortSignal.timeout(30_000),
      );
      if (answer.kind !== "answered" || answer.status !== 200) return null;
      return answer.text.includes(reference);
    },
  };
}

/** A header holds Latin letters only; RFC 2047 carries the rest. */
function asciiTitle(text: string): string {
  const line = text.replace(/[\r\n]+/g, " ");
  return /^[\x20-\x7e]*$/.test(line) ? line : `=?UTF-8?B?${Buffer.from(line).toString("base64")}?=`;
}
