/** How a self-audit ends: when it has to, and what is still owed then. */
import type { Decision } from "@candor/store";
import { message } from "./explain.ts";
import type { Reason } from "./reasons.ts";
import { isNew, type Situation } from "./situation.ts";

/** Steps kept back for the breach look-up, the message and the end. */
const RESERVE = 4;
const LAST_SECONDS = 5;
const ENOUGH_WARNINGS = 4;

export const NOTHING_LEFT: Reason = { word: "nothing", clause: "Nothing that is left promises anything new." };

/** What a mind cannot change: a person's word, or a budget that is over. */
export function mustEnd({ wishes, view: { left } }: Situation): Reason | undefined {
  if (wishes.stop) return { word: "told", clause: "You asked me to stop, so I end here with what I have." };
  if (left.steps <= RESERVE) return { word: "steps-over", clause: "The budget of steps is nearly used up." };
  if (left.seconds < LAST_SECONDS) return { word: "time-over", clause: "The time is nearly used up." };
  return undefined;
}

/** Or it was told often enough that it gets nowhere. */
export const shouldEnd = (situation: Situation): Reason | undefined =>
  mustEnd(situation) ??
  (situation.warnings >= ENOUGH_WARNINGS
    ? { word: "warned-often", clause: "I was told several times that I get nowhere, so I end here." }
    : undefined);

/** One look at breaches, one message, as far as there is room for them. */
export function owed(situation: Situation): Decision[] {
  const { view, tools, steps, wishes } = situation;
  const left: Decision[] = [];
  if (view.left.steps > 2 && isNew(situation, "breach_lookup", {}) && !wishes.stop)
    left.push({
      thought: "I check, without revealing them, whether your addresses are in known breaches.",
      tool: "breach_lookup",
      args: {},
    });
  if (view.left.steps > 1 && tools.has("message_operator") && !steps.has("message_operator"))
    left.push({
      thought: "I send you a short summary; the report has the evidence.",
      tool: "message_operator",
      args: message(view),
    });
  return left;
}
