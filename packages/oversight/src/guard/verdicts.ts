/** Short forms for what an invariant says. */
import type { Verdict } from "@candor/store";

export const deny = (rule: string, reason: string): Verdict => ({ outcome: "deny", rule: `always: ${rule}`, reason });
export const ask = (rule: string, reason: string): Verdict => ({ outcome: "ask", rule: `always: ${rule}`, reason });

/** `mugbook.example and the results of search`, for sentences. */
export function named(origins: readonly string[]): string {
  const names = [...new Set(origins)].map((origin) => {
    if (origin.startsWith("host:")) return origin.slice(5);
    if (origin.startsWith("tool:")) return `the results of ${origin.slice(5)}`;
    if (origin.startsWith("child:")) return "a child run";
    return origin === "operator" ? "you" : origin === "memory" ? "the run's memory" : origin;
  });
  return names.length > 3 ? `${names.slice(0, 2).join(", ")} and ${names.length - 2} others` : names.join(" and ");
}
