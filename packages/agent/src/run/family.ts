/** What a parent run hears of its children: that one is over, or that one cannot go on without a person. */
import { Conflict, type EventLog, type EventOf } from "@candor/store";
import { Journal, RunOver } from "./journal.ts";
import { HELD_UP, isOver, openQuestion, type RunState } from "./state.ts";

/** Why a run that is not over needs a person before it can go on; undefined while it can. */
export function heldUp(state: RunState): string | undefined {
  if (isOver(state)) return undefined;
  if (state.status === "paused") return `it is paused (${state.reason})`;
  const open = openQuestion(state);
  return open ? `it asks whether it may ${open.decision.tool}` : undefined;
}

/** What a parent records of a child that is over. */
export function childFinished(child: RunState, step: number): EventOf<"child.finished"> {
  const { steps, ms, tokens, usd, pages } = child.spent;
  const result = child.summary || child.reason;
  return {
    type: "child.finished",
    step,
    run: child.run,
    status: child.status,
    result,
    cost: { ms, tokens, usd, pages },
    steps,
  };
}

/**
 * Tells the parent what became of `child`, once.
 * @returns the parent, when it is to be woken: also when it was told before, since the wake-up may have been cut off
 */
export async function tellParent(log: EventLog, child: RunState): Promise<string | undefined> {
  const parent = child.started.parent?.run;
  const over = isOver(child);
  const held = heldUp(child);
  if (!parent || (!over && held === undefined)) return undefined;
  const journal = await Journal.open(log, parent);
  for (;;) {
    const known = journal.state.children.get(child.run);
    if (!known || isOver(journal.state)) return undefined;
    if (known.finished) return parent;
    const at = String(child.seq);
    const told = ({ event }: RunState["events"][number]) =>
      event.type === "signal.raised" &&
      event.monitor === HELD_UP &&
      event.evidence[0] === child.run &&
      event.evidence[1] === at;
    if (!over && journal.state.events.some(told)) return parent;
    const news = over
      ? childFinished(child, known.step)
      : ({
          type: "signal.raised",
          monitor: HELD_UP,
          severity: "high",
          reason: `Child ${child.run} needs a person to go on: ${held}. Wait for it, go on without it, or finish: that ends it.`,
          evidence: [child.run, at],
          step: known.step,
        } satisfies EventOf<"signal.raised">);
    try {
      await journal.append([news], { fresh: true });
      return parent;
    } catch (error) {
      if (error instanceof RunOver) return undefined;
      if (!(error instanceof Conflict)) throw error;
    }
  }
}
