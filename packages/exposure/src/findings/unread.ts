/** The honest list: pages that could not be read, and why. */
import type { Recorded } from "@candor/store";
import type { Unread } from "./finding.ts";

const REASONS: readonly [RegExp, string][] = [
  [/robots/i, "its robots.txt forbids it"],
  [/\b429\b|too many|retry-after/i, "it asked to be visited less often"],
  [/\b401\b|log ?in|sign ?in|password|members only/i, "it wants a login"],
  [/\b403\b|forbidden|captcha|challenge|bot/i, "it refuses automated readers"],
  [/javascript|script/i, "it only works with scripts"],
  [/timed? ?out|timeout|slow/i, "it did not answer in time"],
  [/\b5\d\d\b|server error|reset|refused|truncated|broken/i, "its server failed"],
  [/too (?:large|big)|\bcap\b|limit of/i, "it is larger than the limit"],
  [/redirect/i, "its redirects lead in a circle"],
];

export function unreadOf(events: readonly Recorded[]): Unread[] {
  const asked = new Map<number, string>();
  const read = new Set<string>();
  const unread = new Map<string, Unread>();
  for (const { event } of events) {
    if (event.type === "step.proposed" && event.decision.tool === "open" && typeof event.decision.args.url === "string")
      asked.set(event.step, event.decision.args.url);
    if (event.type !== "step.done" || event.tool !== "open") continue;
    const { status, text, url } = event.observation;
    const target = url ?? asked.get(event.step);
    if (!target) continue;
    const wall =
      status === "ok" &&
      text.length < 400 &&
      /\b(?:please )?(?:log|sign) ?in (?:to|here|first)|enable javascript|members only|verify you are human/i.test(
        text,
      );
    if (status === "ok" && !wall) read.add(target);
    if ((status !== "blocked" && status !== "error" && !wall) || read.has(target)) continue;
    const known = REASONS.find(([pattern]) => pattern.test(text));
    unread.set(target, { url: target, step: event.step, reason: known?.[1] ?? "it could not be read" });
  }
  return [...unread.values()].filter(({ url }) => !read.has(url));
}
