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
  if (!fetched.complete) throw new Error("the breach service answered more than the limit for a page");
  const counts = new Map<string, number>();
  const lines = Buffer.from(fetched.bytes)
    .toString("latin1")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "");
  const entries = lines.flatMap((line) => {
    const [, suffix, count] = /^([0-9A-F]{35}):(\d{1,12})$/i.exec(line.trim()) ?? [];
    return suffix ? [{ suffix: suffix.toUpperCase(), count: Number(count) }] : [];
  });
  // A page in place of a range says nothing, and nothing must not pass for "in no breach".
  if (lines.length > 0 && entries.length === 0)
    throw new Error("the breach service answered something else than a range");
  for (const { suffix, count } of entries) if (count > 0) counts.set(suffix, count);
  return counts;
}
