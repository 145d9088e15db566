/** Ways to reach the operator on the web, as configured; the local inbox is always there and comes last. */
import { join } from "node:path";
import type { Network } from "@candor/agent";
import { inbox, ntfy, smtp, type Transport, twilio } from "@candor/exposure";
import type { Config } from "./config.ts";

/** @param sign says to the services which agent asks them; left out for what a person does */
export function webTransports(
  home: string,
  { delivery }: Pick<Config, "delivery">,
  sign?: Network["sign"],
): Transport[] {
  const signing = sign ? { sign } : {};
  const transports: Transport[] = [];
  if (delivery.twilio) transports.push(twilio({ ...delivery.twilio, ...signing }));
  if (delivery.smtp) transports.push(smtp(delivery.smtp));
  if (delivery.ntfy) transports.push(ntfy({ ...delivery.ntfy, ...signing }));
  return [...transports, inbox(join(home, "inbox.jsonl"))];
}
