/** Have I Been Pwned's range form (https://haveibeenpwned.com/API/v3#SearchingPwnedPasswordsByRange): only 5 hex digits of a hash leave. */
import type { Fetcher } from "../web/fetched.ts";

/** Suffix (35 hex digits, upper case) -> how often it was seen. Padding lines count zero and are left out. */
export async function breachRange(
  prefix: string,
  rangeUrl: string,
  fetcher: Fetcher,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  if (!/^[0-9A-F]{5}$/i.test(prefix)) throw new Error("a breach prefix is 5 hex digits");
  const fetched = await fetcher.fetch(`${rangeUrl}/${prefix.toUpperCase()}`, {
    signal,
    service: {
      headers: { "add-padding": "true" },
    },
  });
  if (fetched.status !== "ok") throw new Error(`the breach service did not answer: ${fetched.reason}`);
  const counts = new Map<string, number>();
  for (const line of Buffer.from(fetched.bytes).toString("utf8").split(/\r?\n/)) {
    const [, suffix, count] = /^([0-9A-F]{35}):(\d+)$/i.exec(line.trim()) ?? [];
    if (suffix && Number(count) > 0) counts.set(suffix.toUpperCase(), Number(count));
  }
  return counts;
}
