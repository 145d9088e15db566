/** Numbers and times as people say them. */

/** "1 page", "2 pages". */
export const plural = (count: number, word: string, many = `${word}s`): string =>
  `${count.toLocaleString("en")} ${count === 1 ? word : many}`;

/** Milliseconds: "340 ms", "1.2 s", "4 min 10 s", "2 h 5 min". */
export function span(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.floor((ms % 60_000) / 1_000)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** US dollars; what costs less than a cent is said as such. */
export const dollars = (usd: number): string => (usd > 0 && usd < 0.01 ? "< $0.01" : `$${usd.toFixed(2)}`);

/** "just now", "5 min ago", "yesterday", or the date. */
export function ago(at: number, now = Date.now()): string {
  const seconds = (now - at) / 1_000;
  if (seconds < 45) return "just now";
  if (seconds < 3_600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3_600)} h ago`;
  return new Date(at).toLocaleDateString("en", { day: "numeric", month: "short", year: "numeric" });
}

/** "in 3 days". */
export function until(at: number, now = Date.now()): string {
  const hours = (at - now) / 3_600_000;
  if (hours <= 0) return "now";
  if (hours < 1) return `in ${Math.ceil(hours * 60)} min`;
  return hours < 48 ? `in ${Math.round(hours)} h` : `in ${Math.round(hours / 24)} days`;
}

/** An address without its scheme. */
export const bare = (text: string): string => text.replace(/^https?:\/\//, "").replace(/\/$/, "");
