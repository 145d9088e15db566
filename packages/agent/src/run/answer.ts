/** Answering what a run asks. Whoever answers, by whatever way, goes through here. */
import { Conflict, type EventLog, type EventOf } from "@candor/store";
import { expired, questionHash } from "./approval.ts";
import { advance, fold, isOver, openQuestion, type RunState, type Step } from "./state.ts";

/** Nothing was answered, and nothing has changed. */
export class AnswerError extends Error {
  override name = "AnswerError";
  readonly hint: string;

  constructor(message: string, hint = "") {
    super(message);
    this.hint = hint;
  }
}

/** An answer to the question of `step`; `argsHash` is the question's, see {@link questionHash}. */
export type Given = Omit<EventOf<"approval.answered">, "type">;

/** Times as the log writes them, milliseconds since the epoch. */
type Clock = () => number;

/**
 * Appends the answer if the question is still the one that was shown.
 * @returns the state with the answer in it
 * @throws {AnswerError} when the run asks nothing, asks something else by now, or asked too long ago
 */
export async function answerQuestion(
  log: EventLog,
  run: string,
  given: Given,
  clock: Clock = Date.now,
): Promise<RunState> {
  for (;;) {
    const state = fold(run, await log.read(run));
    const open = asked(state, given);
    // Ending a run is never too late.
    if (given.answer !== "terminate" && expired(open, clock())) {
      await expireQuestion(log, run, clock);
      throw tooLate(run, open);
    }
    try {
      const { argsHash = "" } = open;
      for (const event of await log.append(run, state.seq, [{ type: "approval.answered", ...given, argsHash }]))
        advance(state, event);
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      continue;
    }
    // The clock that counts is the log's: the moment may have passed on the way there.
    if (given.answer !== "escalate" && openQuestion(state)?.step === given.step) {
      await expireQuestion(log, run, clock);
      throw tooLate(run, open);
    }
    return state;
  }
}

/** Makes a no of a question whose time is over, once, however many look. True when this call did. */
export async function expireQuestion(log: EventLog, run: string, clock: Clock = Date.now): Promise<boolean> {
  for (;;) {
    const state = fold(run, await log.read(run));
    const open = openQuestion(state);
    if (!open || !expired(open, clock())) return false;
    try {
      await log.append(run, state.seq, [expiryOf(open)]);
      return true;
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
  }
}

export const expiryOf = ({ step, argsHash = "" }: Step): EventOf<"approval.answered"> => ({
  type: "approval.answered",
  step,
  argsHash,
  answer: "expire",
  message: "",
  by: "warden",
});

function asked(state: RunState, given: Given): Step {
  const { run } = state;
  const open = openQuestion(state);
  if (!open) {
    const before = state.steps.findLast((step) => step.step === given.step)?.answer;
    if (before?.answer === "expire") throw new AnswerError(`that question of run ${run} expired; it counted as a no`);
    if (before) throw new AnswerError(`step ${given.step} of run ${run} was answered already, by ${before.by}`);
    throw new AnswerError(
      isOver(state) ? `run ${run} is ${state.status} and asks nothing` : `run ${run} asks nothing now`,
      `candor show ${run}`,
    );
  }
  if (open.step !== given.step || questionHash(open) !== given.argsHash)
    throw new AnswerError("that question has changed meanwhile", `candor show ${run}`);
  if (open.intended && (given.answer === "modify" || given.answer === "expire" || (given.scope ?? "once") !== "once"))
    throw new AnswerError(
      "it is not known whether this happened, so nothing but that can be answered",
      "Approve: it did not happen, do it now. Reject: it did happen.",
    );
  return open;
}

function tooLate(run: string, { expiresAt = 0 }: Step): AnswerError {
  const when = new Date(expiresAt).toISOString().slice(0, 16).replace("T", " ");
  return new AnswerError(`that question of run ${run} expired on ${when} UTC; it counted as a no`);
}
