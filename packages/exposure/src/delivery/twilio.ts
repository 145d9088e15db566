/** Text messages through Twilio's Messages API, or a gateway that speaks it. */
import type { DeliveryOutcome } from "@candor/agent";
import { z } from "zod";
import { type Endpoint, exchange } from "./exchange.ts";
import type { Transport } from "./transport.ts";

export interface TwilioOptions extends Partial<Endpoint> {
  accountSid: string;
  authToken: string;
  /** The sending number or a messaging service's SID (`MG…`). */
  from: string;
}

const Sent = z.object({ sid: z.string().min(1) });
const Refused = z.object({ code: z.number().optional() });
const Listed = z.object({
  messages: z.array(z.object({ body: z.string().nullable(), status: z.string().optional() })),
  next_page_uri: z.string().nullish(),
});
const MOST_PAGES = 4;
const NOT_DELIVERED = new Set(["failed", "undelivered", "canceled"]);

/** https://www.twilio.com/docs/messaging/api/message-resource */
export function twilio(options: TwilioOptions): Transport {
  const endpoint: Endpoint = { ...options, baseUrl: options.baseUrl ?? "https://api.twilio.com" };
  const messages = `/2010-04-01/Accounts/${encodeURIComponent(options.accountSid)}/Messages.json`;
  const authorization = `Basic ${Buffer.from(`${options.accountSid}:${options.authToken}`).toString("base64")}`;
  const name = "twilio";
  return {
    name,
    reaches: "phone",
    limit: 1_600,
    async send(to, { body }, signal): Promise<DeliveryOutcome> {
      const form = new URLSearchParams({ To: to ?? "", Body: body });
      form.set(options.from.startsWith("MG") ? "MessagingServiceSid" : "From", options.from);
      const answer = await exchange(
        endpoint,
        {
          method: "POST",
          path: messages,
          headers: { authorization, "content-type": "application/x-www-form-urlencoded" },
          body: form.toString(),
        },
        signal,
      );
      if (answer.kind !== "answered") {
        return { status: answer.kind === "unsent" ? "error" : "unknown", via: name, reason: answer.reason };
      }
      if (answer.status >= 200 && answer.status < 300) {
        const sent = Sent.safeParse(json(answer.text));
        if (sent.success) return { status: "ok", via: name, id: sent.data.sid };
        return { status: "unknown", via: name, reason: "the service took the message, but its answer makes no sense" };
      }
      if (answer.status >= 500)
        return { status: "unknown", via: name, reason: `the service failed (HTTP ${answer.status})` };
      // Twilio's own sentence quotes the number; its code does not.
      const code = Refused.safeParse(json(answer.text)).data?.code;
      const detail = code === undefined ? `HTTP ${answer.status}` : `HTTP ${answer.status}, Twilio error ${code}`;
      return { status: "error", via: name, reason: `the service refused the message (${detail})` };
    },
    async arrived(to, reference) {
      let path: string | null =
        `${messages}?${new URLSearchParams({ ...(to === null ? {} : { To: to }), PageSize: "50" })}`;
      for (let page = 0; page < MOST_PAGES && path !== null; page++) {
        const answer = await exchange(
          endpoint,
          { method: "GET", path, headers: { authorization } },
          AbortSignal.timeout(30_000),
        );
        if (answer.kind !== "answered" || answer.status !== 200) return null;
        const listed = Listed.safeParse(json(answer.text));
        if (!listed.success) return null;
        const found = listed.data.messages.find(({ body }) => body?.includes(reference));
        if (found !== undefined) return !NOT_DELIVERED.has(found.status ?? "");
        const next: string | null = listed.data.next_page_uri ?? null;
        // Only a page of the same list: the credentials go nowhere else.
        path = next?.startsWith(messages) ? next : null;
      }
      return path === null ? false : null;
    },
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
