/** Child runs: their own goal, a share of the parent's budget, never more permissions; results come back as events. */
import { type Budget, Conflict, type EventOf } from "@candor/store";
import { z } from "zod";
import type { Tool } from "../ports.ts";
import { ancestorsOf } from "./ancestors.ts";
import { left, share } from "./budget.ts";
import { type Journal, LogError, RunOver } from "./journal.ts";
import { isOver, openChildren } from "./state.ts";
import { defineTool, refused, said } from "./tool.ts";
import type { WardenOptions } from "./warden.ts";

/** Runs above a run; deeper trees are refused so that spawning cannot run away. */
const MOST_DEPTH = 3;

const SPAWN = z.object({
  goal: z.string().min(3).max(2_000),
  steps: z.number().int().positive().optional(),
  usd: z.number().nonnegative().optional(),
});
const WAIT = z.object({});

export function childTools({ journal, options }: { journal: Journal; options: WardenOptions }): Tool[] {
  const { state } = journal;
  const begin = async (run: string, goal: string, budget: Budget, step: number) => {
    if ((await options.log.read(run)).length === 0) {
      // A child goes no further by itself than its parent, and climbs nowhere.
      const { since: _, forkOf: __, climbs: ___, ...inherited } = state.started;
      const first: EventOf<"run.started"> = {
        ...inherited,
        kind: "run",
        goal,
        wanted: [],
        budget,
        mode: state.autonomy,
        permissions: options.narrow(inherited.permissions, inherited.permissions),
        parent: { run: state.run, step },
        version: options.version,
      };
      await options.log.append(run, 0, [first]).catch((error: unknown) => {
        // Another worker on this run has begun it.
        if (error instanceof Conflict) return;
        throw new LogError(String(error), { cause: error });
      });
    }
    // A stop of the parent that was recorded before the child had a log has not stopped the child.
    await journal.refresh();
    if (isOver(state)) {
      await options.stop(run, state.reason);
      throw new RunOver(state.reason);
    }
    await options.enqueue(run);
    return said(`Child ${run} is at work on: ${goal}`);
  };
  const spawn: Tool = defineTool({
    name: "spawn",
    description:
      "Starts a child run with its own goal and a share of what is left of the budget. Returns at once; its result comes later.",
    effect: "spawn",
    repeatable: true,
    args: SPAWN,
    run: async ({ goal, steps, usd }, context) => {
      // The step may have been cut off after the child was begun: then it is that child.
      const begun = [...state.children.values()].find((c) => c.step === context.step);
      if (begun) return begin(begun.run, begun.goal, begun.budget, context.step);
      const above = await ancestorsOf(options.log, state.started);
      if (above.length >= MOST_DEPTH) return refused(`Children may be ${MOST_DEPTH} deep; do this yourself.`);
      const rest = left(
        state.started.budget,
        state.spent,
        openChildren(state).map((c) => c.budget),
      );
      const budget = share(rest, { ...(steps && { steps }), ...(usd !== undefined && { usd }) });
      // A limit of no tokens would be no limit at all.
      const tokenless = state.started.budget.tokens > 0 && budget.tokens < 1;
      if (budget.steps < 1 || tokenless) return refused("There is no budget left for a child.");
      const run = options.newRunId();
      try {
        // The parent's word comes first: a child without it would spend what nobody set aside.
        await journal.append([{ type: "child.started", step: context.step, run, goal, budget }], { fresh: true });
      } catch (error) {
        // What is left, and whether the child is there already, is to be seen anew.
        if (error instanceof Conflict) return spawn.run({ goal, steps, usd }, context);
        throw error;
      }
      return begin(run, goal, budget, context.step);
    },
  });
  const wait = defineTool({
    name: "wait",
    description: "Waits until a child run has something to report.",
    effect: "read",
    args: WAIT,
    run: async () => {
      const open = openChildren(state);
      return said(open.length === 0 ? "All children are done." : `${open.length} children are still at work.`);
    },
  });
  return [spawn, wait];
}
