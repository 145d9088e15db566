/** What the form asks for, as the server takes it. */
import type { StartRun } from "@candor/server";

const MODES = ["propose", "step", "few", "continuous", "earned"] as const;

/** Fields that are not there, since another choice hides them, are left to the server's usual. */
export function toRequest(form: FormData): StartRun {
  const text = (name: string): string => String(form.get(name) ?? "").trim();
  const number = (name: string): number | undefined => (text(name) === "" ? undefined : Number(text(name)));
  const seed = number("seed") ?? 7;
  const [steps, pages, minutes, usd] = ["steps", "pages", "minutes", "usd"].map(number);
  return {
    kind: text("kind") === "run" ? "run" : "audit",
    world: text("world") === "web" ? { kind: "web" } : { kind: "town", seed },
    mind:
      text("mind") === "llm"
        ? { kind: "llm", model: text("model"), ...(text("baseUrl") && { baseUrl: text("baseUrl") }) }
        : { kind: text("mind") === "small" ? "small" : "scout" },
    seed,
    mode: MODES.find((mode) => mode === text("mode")) ?? "continuous",
    permissions: text("permissions") || "normal",
    ...(text("goal") && { goal: text("goal") }),
    budget: {
      ...(steps !== undefined && { steps }),
      ...(pages !== undefined && { pages }),
      ...(minutes !== undefined && { seconds: minutes * 60 }),
      ...(usd !== undefined && { usd }),
    },
  };
}
