/** Long-term memory: facts with provenance. They live in the log as `remember` steps; an index is a fold over them. */
import { z } from "zod";
import type { Tool } from "../ports.ts";
import type { RunState } from "../run/state.ts";
import { defineTool, said } from "../run/tool.ts";
import { byMeaning, byWords, type Embed, fuse } from "./search.ts";

const REMEMBER = z.object({ text: z.string().min(1).max(2_000), source: z.string().max(2_000).optional() });
const RECALL = z.object({ query: z.string().min(1).max(500) });

const MOST_RECALLED = 8;

export const rememberTool = (): Tool =>
  defineTool({
    name: "remember",
    description: "Keeps a fact with its source for later steps and later runs.",
    effect: "read",
    args: REMEMBER,
    run: async ({ text }) => said(`Remembered: ${text}`, { origin: "memory" }),
  });

export interface PastFact {
  text: string;
  origin: string;
  run: string;
}

export function recallTool(state: RunState, past: () => Promise<PastFact[]>, embed: Embed | undefined): Tool {
  return defineTool({
    name: "recall",
    description: "Searches what was remembered, in this run and in earlier ones.",
    effect: "read",
    args: RECALL,
    run: async ({ query }, { signal }) => {
      const facts = [...state.memory.map((m) => ({ ...m, run: state.run })), ...(await past())];
      const rankings = [byWords(facts, query)];
      // A model that is down costs the ranking by meaning, not the answer.
      if (embed) rankings.push(await byMeaning(facts, query, embed, signal).catch(() => []));
      const found = fuse(rankings, MOST_RECALLED);
      const text = found
        .map((f) => `- ${f.text} (${f.origin}${f.run === state.run ? "" : `, run ${f.run}`})`)
        .join("\n");
      return said(text || "Nothing is remembered about that.", { origin: "memory" });
    },
  });
}
