/** Long-term memory: facts with provenance. They live in the log as `remember` steps; the index is a fold over them. */
import MiniSearch from "minisearch";
import { z } from "zod";
import type { Tool } from "../ports.ts";
import type { RunState } from "../run/state.ts";
import { defineTool, said } from "../run/tool.ts";

export const rememberTool = (): Tool =>
  defineTool({
    name: "remember",
    description: "Keeps a fact with its source for later steps and later runs.",
    effect: "read",
    args: z.object({ text: z.string().min(1).max(2_000), source: z.string().max(2_000).optional() }),
    run: async ({ text }) => said(`Remembered: ${text}`, { origin: "memory" }),
  });

export function recallTool(
  state: RunState,
  past: () => Promise<{ text: string; origin: string; run: string }[]>,
): Tool {
  return defineTool({
    name: "recall",
    description: "Searches what was remembered, in this run and in earlier ones.",
    effect: "read",
    args: z.object({ query: z.string().min(1).max(500) }),
    run: async ({ query }) => {
      const facts = [...state.memory.map((m) => ({ ...m, run: state.run })), ...(await past())];
      const found = searchFacts(facts, query, 8);
      const text = found
        .map((f) => `- ${f.text} (${f.origin}${f.run === state.run ? "" : `, run ${f.run}`})`)
        .join("\n");
      return said(text || "Nothing is remembered about that.", { origin: "memory" });
    },
  });
}

/** Facts that match `query`, best first: BM25 with prefix and fuzzy matching. */
export function searchFacts<F extends { text: string }>(facts: readonly F[], query: string, most: number): F[] {
  const index = new MiniSearch<{ id: number; text: string }>({
    fields: ["text"],
    searchOptions: { prefix: true, fuzzy: 0.2 },
  });
  index.addAll(facts.map((fact, id) => ({ id, text: fact.text })));
  return index
    .search(query)
    .slice(0, most)
    .flatMap((hit) => facts[hit.id as number] ?? []);
}
