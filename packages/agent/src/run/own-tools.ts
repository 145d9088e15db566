/** The tools a run always has: they touch nothing outside the run itself and its workspace folder. */
import { z } from "zod";
import type { Embed } from "../memory/search.ts";
import { type PastFact, recallTool, rememberTool } from "../memory/tools.ts";
import type { Masker, Tool } from "../ports.ts";
import { workspaceTools } from "../workspace/tools.ts";
import type { RunState } from "./state.ts";
import { defineTool, said } from "./tool.ts";

export interface OwnToolsOptions {
  state: RunState;
  masker: Masker;
  folder: string;
  past(): Promise<PastFact[]>;
  embed: Embed | undefined;
}

const PLAN = z.object({
  subgoals: z.array(z.object({ text: z.string().min(1).max(300), done: z.boolean().optional() })).max(20),
});
const FINISH = z.object({ summary: z.string().min(1).max(20_000) });

export function ownTools({ state, masker, folder, past, embed }: OwnToolsOptions): Tool[] {
  return [
    defineTool({
      name: "plan",
      description: "Sets the sub-goals of the run, in order, and which of them are done.",
      effect: "read",
      args: PLAN,
      run: async ({ subgoals }) => said(`${subgoals.length} sub-goals, ${subgoals.filter((g) => g.done).length} done.`),
    }),
    rememberTool(),
    recallTool(state, past, embed),
    ...workspaceTools(folder, masker),
    defineTool({
      name: "finish",
      description: "Ends the run with a summary for the operator: what was found, from where, and what remains open.",
      effect: "read",
      args: FINISH,
      run: async () => said("Done."),
    }),
  ];
}
