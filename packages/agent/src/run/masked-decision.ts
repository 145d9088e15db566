/** What a mind proposes, as it is recorded: a mind may know an identifier by itself, and the log may not. */
import type { Decision, Verdict } from "@candor/store";
import type { Masker } from "../ports.ts";

/** What is asked of the world and of children is judged word by word by the guard, and would not mean the same masked. */
const ASKED = new Set(["url", "query", "username", "goal"]);

/** A denied proposal is masked throughout: nobody acts on it. Labels stay as they are. */
export function maskedDecision(decision: Decision, outcome: Verdict["outcome"], masker: Masker): Decision {
  const mask = (value: unknown): unknown => {
    if (typeof value === "string") return masker.text(value).text;
    if (Array.isArray(value)) return value.map(mask);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mask(each)]));
  };
  const args = Object.entries(decision.args).map(([key, value]) => {
    const asIs = outcome !== "deny" && ASKED.has(key) && typeof value === "string";
    return [key, asIs ? value : mask(value)];
  });
  return { ...decision, thought: masker.text(decision.thought).text.slice(0, 8_000), args: Object.fromEntries(args) };
}
