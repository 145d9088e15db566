/** Ways to reach the operator on the web, as configured; the local inbox is always there and comes last. */
import { join } from "node:path";
import { inbox, ntfy, smtp, type Transport, twilio } from "@candor/exposure";
import type { Config } from "./config.ts";

export function webTransports(home: string, { delivery }: Pick<Config, "delivery">): Transport[] {
  const transports: Transport[] = [];
  if (delivery.twilio) transports.push(twilio(delivery.twilio));
  if (delivery.smtp) transports.push(smtp(delivery.smtp));
  if (delivery.ntfy) transports.push(ntfy(delivery.ntfy));
  return [...transports, inbox(join(home, "inbox.jsonl"))];
}
