/** Questions and answers in the fold of a run: what an answer is bound to, what it changes, and what counts for nothing. */
import type { EventOf, Recorded } from "@candor/store";
import { hashOf } from "./args-hash.ts";
import type { RunState, Step } from "./state.ts";

/** A permission that a person gave this run together with a yes. Its rule is whatever the guard's permissions are made of. */
export interface Grant {
  step: number;
  scope: "run" | "always";
  rule: unknown;
}

/** Whether a person has to answer before the pending step can go on. */
export function awaitsPerson(step: Step): boolean {
  if (step.intended) return step.unsure !== undefined;
  return step.verdict?.outcome === "ask" && !step.answer && !step.edited;
}

/**
 * What an answer to the open question of a step names as the hash of its arguments. Where it is asked whether something
 * happened, it tells one such question from the next and from the one before: a yes that arrives twice is not done twice.
 */
export const questionHash = ({ argsHash = "", unsure }: Step): string =>
  unsure === undefined ? argsHash : hashOf([argsHash, unsure]);

/** Whether nobody answered in time. What is asked about an effect that may have happened stays open: no time settles it. */
export function expired(step: Step, now: number): boolean {
  return awaitsPerson(step) && !step.intended && step.expiresAt !== undefined && now >= step.expiresAt;
}

/** Whether the guard, or a person asked by it, lets this very step with these very arguments happen. In doubt it does not. */
export function cleared({ verdict, answer, edited, argsHash }: Step): boolean {
  if (verdict?.outcome === "allow") return true;
  if (verdict?.outcome !== "ask") return false;
  return edited !== undefined || (answer?.answer === "approve" && answer.argsHash === argsHash);
}

export function takeVerdict(state: RunState, step: Step, { at, event }: Recorded<EventOf<"step.judged">>): void {
  step.verdict = event.verdict;
  step.argsHash = event.argsHash;
  step.effect = event.effect;
  step.expiresAt = event.expiresAt;
  // A yes to other arguments is no yes to these.
  if (step.answer?.answer === "approve" && step.answer.argsHash !== event.argsHash) delete step.answer;
  if (awaitsPerson(step)) {
    step.askedAt = at;
    state.status = "waiting";
    state.reason = event.verdict.reason;
  }
  if (event.verdict.outcome === "deny") {
    const text = `${step.decision.tool} was denied: ${event.verdict.reason}`;
    state.notices.push({ from: "warden", step: step.step, code: "denied", text });
  }
}

/**
 * An answer counts when it names the step that asks and the hash of the arguments that were shown, and comes in time.
 * The first that counts is the last: a yes after a no, or a second yes, changes nothing.
 */
export function takeAnswer(state: RunState, step: Step, { at, event }: Recorded<EventOf<"approval.answered">>): void {
  if (step.argsHash !== event.argsHash || step.observation || !awaitsPerson(step)) return;
  const declines = event.answer === "reject" || event.answer === "terminate" || event.answer === "expire";
  if (!declines && expired(step, at)) return;
  if (event.answer === "escalate") {
    if (event.to) step.escalatedTo = event.to;
    return;
  }
  if (step.intended) {
    if (!settle(step, event)) return;
  } else if (event.answer === "modify") {
    if (!edit(state, step, event)) return;
  } else {
    step.answer = event;
    if (event.answer === "approve") grant(state, step, event);
    else noteRefusal(state, step, event);
  }
  if (event.answer === "terminate") {
    state.status = "stopped";
    state.reason = event.message || "terminated when asked for approval";
  } else if (state.status === "waiting") state.status = "running";
}

/** A person says whether an effect happened of which nobody knew. */
function settle(step: Step, event: EventOf<"approval.answered">): boolean {
  if (event.answer !== "approve" && event.answer !== "reject" && event.answer !== "terminate") return false;
  step.answer = event;
  delete step.intended;
  delete step.unsure;
  if (event.answer === "approve") return true;
  const [status, text] =
    event.answer === "reject"
      ? (["ok", "A person says that it was done."] as const)
      : (["unknown", "The run was ended before anybody said whether it happened."] as const);
  step.observation = { status, origin: "operator", text: event.message || text, leads: [], cost: {} };
  return true;
}

/** The arguments are the person's; the guard judges them anew. */
function edit(state: RunState, step: Step, event: EventOf<"approval.answered">): boolean {
  if (!event.args) return false;
  step.decision = { ...step.decision, args: event.args };
  step.edited = event;
  delete step.verdict;
  delete step.argsHash;
  delete step.expiresAt;
  const text = `A person changed the arguments of ${step.decision.tool}${event.message ? `: ${event.message}` : "."}`;
  state.notices.push({ from: "operator", step: step.step, code: "modified", text });
  return true;
}

function grant(state: RunState, step: Step, { scope, grant: rule }: EventOf<"approval.answered">): void {
  if ((scope === "run" || scope === "always") && rule !== undefined)
    state.grants.push({ step: step.step, scope, rule });
}

function noteRefusal(state: RunState, step: Step, event: EventOf<"approval.answered">): void {
  const { tool } = step.decision;
  if (event.answer === "reject") {
    const text = `${tool} was rejected by a person${event.message ? `: ${event.message}` : "."}`;
    state.notices.push({ from: "operator", step: step.step, code: "rejected", text });
  } else if (event.answer === "expire") {
    const text = `${tool} was not allowed: nobody answered in time.`;
    state.notices.push({ from: "warden", step: step.step, code: "expired", text });
  }
}
