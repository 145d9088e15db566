/** Have I Been Pwned's range form: a look-up that does not tell the server what is looked up. */
import { createHash } from "node:crypto";
import { type Service, text } from "../serve/reply.ts";
import type { Town } from "../town.ts";

export const BREACH_HOST = "breach.example";

/** Lines that stand for nobody, so that the length of an answer says nothing. */
const PADDING_LINES = 20;

/** SHA-1 as the service keeps it: upper-case hex; e-mail addresses are hashed in lower case. */
export function breachHash(value: string): string {
  const plain = value.includes("@") ? value.trim().toLowerCase() : value;
  return createHash("sha1").update(plain).digest("hex").toUpperCase();
}

/**
 * `GET /range/{first five hexadecimal digits}` answers `SUFFIX:COUNT` lines; padding lines have a count of 0.
 * https://haveibeenpwned.com/API/v3#SearchingPwnedPasswordsByRange
 */
export function breachService(breached: Town["breached"]): Service {
  const byPrefix = new Map<string, Map<string, number>>();
  for (const { value, count } of breached) {
    const hash = breachHash(value);
    const suffixes = byPrefix.get(hash.slice(0, 5)) ?? new Map<string, number>();
    suffixes.set(hash.slice(5), (suffixes.get(hash.slice(5)) ?? 0) + count);
    byPrefix.set(hash.slice(0, 5), suffixes);
  }
  return ({ path }) => {
    const prefix = /^\/range\/([^/?]*)(?:\?.*)?$/.exec(path)?.[1];
    if (prefix === undefined) return text(404, "Not found\n");
    if (!/^[0-9a-f]{5}$/i.test(prefix)) return text(400, "The hash prefix was not in a valid format");
    const lines = new Map(padding(prefix.toUpperCase()));
    for (const [suffix, count] of byPrefix.get(prefix.toUpperCase()) ?? []) lines.set(suffix, count);
    const body = [...lines].map(([suffix, count]) => `${suffix}:${count}`).sort();
    return text(200, body.join("\r\n"));
  };
}

function padding(prefix: string): [string, number][] {
  return Array.from({ length: PADDING_LINES }, (_, n) => [breachHash(`padding ${prefix} ${n}`).slice(5), 0]);
}
