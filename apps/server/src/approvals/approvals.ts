/** Answering what runs ask: one question, or many together, each bound to its run, step and arguments. */
import {
  answerQuestion,
  fold,
  type Given,
  openQuestion,
  questionHash,
  type RunState,
  type Warden,
} from "@candor/agent";
import { effectivePermissions, standingIn } from "@candor/oversight";
import type { Store } from "@candor/store";
import { badInput, toFailure } from "../failure.ts";
import type { StopWord } from "../off-switch/stop-tree.ts";
import { Questions } from "./questions.ts";
import type { Answer, Answered, Question, RunAnswer, WaitingQuestion } from "./schemas.ts";
import { Standing } from "./standing.ts";

const TERMINATED = "terminated when asked for approval";

export interface ApprovalsParts {
  store: Store;
  warden: Pick<Warden, "misfit">;
  /** The whole id for a beginning of one. */
  resolve(run: string): Promise<string>;
  /** Rewrites what a person says to a run so that no identifier is in the clear. */
  maskFor(run: string): Promise<(text: string) => string>;
  /** @throws Failure while the off switch is on */
  refuse(): void;
  /** Stops `run` and everything below it by the off switch; `answer` writes into its log what ended it. */
  terminate(run: string, word: StopWord, answer: () => Promise<unknown>): Promise<void>;
}

export class Approvals {
  readonly standing: Standing;
  readonly questions: Questions;
  readonly #parts: ApprovalsParts;

  constructor(parts: ApprovalsParts) {
    this.#parts = parts;
    this.standing = new Standing(parts.store.ledger);
    this.questions = new Questions(parts.store, this.standing);
  }

  /** Everything that waits for a person, over all runs, the longest waiting first. */
  waiting(): Promise<WaitingQuestion[]> {
    return this.questions.all();
  }

  question(state: RunState): Promise<Question | undefined> {
    return this.questions.of(state);
  }

  /** What a run may do, with what it was granted and without what was taken back. */
  async effective(permissions: unknown, grants: readonly unknown[]): Promise<unknown> {
    const standing = standingIn(permissions).length > 0 ? await this.standing.ids() : new Set<number>();
    return effectivePermissions(permissions, grants, standing);
  }

  /**
   * @throws AnswerError, Failure: then nothing was answered and nothing is lost, but that a run which is to end ends all the same
   * where the question was answered at that very moment
   */
  async answer(run: string, answer: Answer, by: string): Promise<void> {
    const { store } = this.#parts;
    if (answer.answer !== "terminate") this.#parts.refuse();
    const events = await store.log.read(run);
    if (events.length === 0) throw badInput(`there is no run ${run}`, "candor runs lists them.");
    const state = fold(run, events);
    const open = openQuestion(state);
    const asked = open && open.step === answer.step && questionHash(open) === answer.argsHash ? open : undefined;
    const given = await this.#masked(run, answer, by);
    // Of a question that is gone, only that is worth saying.
    if (asked && given.args) {
      const wrong = await this.#parts.warden.misfit(run, asked.decision.tool, given.args);
      if (wrong) throw badInput(`these arguments do not fit ${asked.decision.tool}: ${wrong}`, `candor show ${run}`);
    }
    const wider = answer.scope === "run" || answer.scope === "always";
    const grant = asked && wider ? await this.questions.grant(state) : null;
    if (asked && wider && !grant)
      throw badInput("this can only be allowed once", "No permission covers it: leave out the scope.");
    const write = () => answerQuestion(store.log, run, { ...given, ...(grant && { grant: grant.rule }) });
    if (asked && answer.answer === "terminate") {
      await this.#parts.terminate(run, { reason: given.message || TERMINATED, by }, write);
      return;
    }
    await write();
    if (grant && answer.scope === "always") await this.standing.give({ ...grant, by, run, step: answer.step });
    if (answer.answer !== "escalate") await store.engine.enqueue(run);
  }

  /** One after the other; one that is gone, or does not fit, spoils none of the rest. */
  async answerMany(answers: readonly RunAnswer[], by: string): Promise<Answered[]> {
    const results: Answered[] = [];
    for (const { run: given, ...answer } of answers) {
      let run = given;
      try {
        run = await this.#parts.resolve(given);
        await this.answer(run, answer, by);
        results.push({ run, step: answer.step, ok: true });
      } catch (error) {
        const { message, hint } = toFailure(error);
        results.push({ run, step: answer.step, ok: false, error: message, ...(hint && { hint }) });
      }
    }
    return results;
  }

  async #masked(run: string, answer: Answer, by: string): Promise<Given> {
    const { scope, args, to } = answer;
    const mask = answer.message || args ? await this.#parts.maskFor(run) : (text: string) => text;
    return {
      step: answer.step,
      argsHash: answer.argsHash,
      answer: answer.answer,
      message: mask(answer.message),
      by,
      ...(scope && { scope }),
      ...(to && { to }),
      ...(args && { args: maskedValues(args, mask) }),
    };
  }
}

function maskedValues(args: Record<string, unknown>, mask: (text: string) => string): Record<string, unknown> {
  const masked = (value: unknown): unknown => {
    if (typeof value === "string") return mask(value);
    if (Array.isArray(value)) return value.map(masked);
    return typeof value === "object" && value !== null ? maskedValues({ ...value }, mask) : value;
  };
  return Object.fromEntries(Object.entries(args).map(([key, value]) => [key, masked(value)]));
}
