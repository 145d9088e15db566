/** Performs one allowed step. Whatever happens, it ends in an observation; errors are never mistaken for success. */
import type { Observation } from "@candor/store";
import type { Masker, Tool, ToolContext } from "../ports.ts";
import { left } from "./budget.ts";
import { LogError, RunOver } from "./journal.ts";
import { hostOf, normalise, openChildren, type RunState, type Step } from "./state.ts";
import { said } from "./tool.ts";

/** A reason not to act although the guard allows it: wrong arguments, a page that was read already, a host's share used up. */
export function objection(state: RunState, step: Step, tool: Tool): string | undefined {
  const wrong = misfit(tool, step.decision.args);
  if (wrong) return `The arguments do not fit ${tool.name}: ${wrong}`;
  if (FETCHING.has(tool.name) && pagesLeft(state) < 1)
    return `The limit of ${state.started.budget.pages} pages is used up, or set aside for children.`;
  const url = step.decision.args.url;
  if (tool.name !== "open" || typeof url !== "string") return undefined;
  const earlier = state.opened.get(normalise(url));
  if (earlier !== undefined && earlier !== step.step)
    return `This page was already opened in step ${earlier}; choose another.`;
  const host = hostOf(url);
  const pages = host ? (state.hosts.get(host)?.pages ?? 0) : 0;
  if (pages >= state.started.budget.pagesPerHost)
    return `The limit of ${state.started.budget.pagesPerHost} pages for ${host} is used up.`;
  return undefined;
}

/** Tools that spend pages. */
const FETCHING = new Set(["open", "check_username"]);

function pagesLeft(state: RunState): number {
  const shares = openChildren(state).map((child) => child.budget);
  return left(state.started.budget, state.spent, shares).pages;
}

/** What of the arguments does not fit the tool's schema. */
export function misfit(tool: Tool, args: Record<string, unknown>): string | undefined {
  const { error } = tool.args.safeParse(args);
  return error?.issues.map((issue) => `${issue.path.join(".") || "arguments"}: ${issue.message}`).join("; ");
}

export async function act(tool: Tool, step: Step, context: ToolContext, masker: Masker): Promise<Observation> {
  const began = performance.now();
  let observation: Observation;
  try {
    observation = await tool.run(step.decision.args, context);
  } catch (error) {
    if (error instanceof LogError || error instanceof RunOver) throw error;
    const reason = masker.text(error instanceof Error ? error.message : String(error)).text;
    // Once an effect that cannot be taken back has begun, a failure does not say that nothing happened.
    observation = said(reason, { status: tool.repeatable ? "error" : "unknown" });
  }
  return { ...observation, cost: { ...observation.cost, ms: performance.now() - began } };
}
