/** What was asked and what was made of it, found again in the run's log: nothing of it is stored with the judgment. */
import { buildPrompt, fold, isOver, type RunState, type View } from "@candor/agent";
import { optionsOf, promptOf, writeAnswer } from "@candor/agent/small";
import type { Message, Side, Single } from "@candor/oversight";
import type { Decision, EventLog, Observation } from "@candor/store";
import { badInput } from "../failure.ts";

/** A side with what only the queue shows. */
export interface Seen extends Side {
  goal: string;
  decision?: Decision;
  result?: Observation;
}

export interface SidesOptions {
  log: EventLog;
  pastView(run: string, step: number): Promise<View | undefined>;
  findings(run: string): Promise<readonly { id: string; kind: string; value: string; urls: string[] }[]>;
}

/** As the `llm` mind is asked by default. */
const LIMITS = { promptTokens: 7_000, answerTokens: 1_000 };
/** Prompts that are kept in memory: a queue shows the same few again and again. */
const MOST_KEPT = 200;

export class Sides {
  readonly #options: SidesOptions;
  readonly #steps = new Map<string, Pick<Side, "prompt" | "tools">>();

  constructor(options: SidesOptions) {
    this.#options = options;
  }

  /** @throws {Failure} of exit code 2 when there is no such thing, or no longer */
  async find(subject: Single): Promise<Seen> {
    if (subject.kind === "text") return { goal: "", prompt: subject.prompt, completion: subject.completion };
    const state = await this.#state(subject.run);
    const { goal } = state.started;
    if (subject.kind === "step") {
      const step = state.steps.find((each) => each.step === subject.step);
      if (!step) throw badInput(`run ${subject.run} has no step ${subject.step}`, `candor show ${subject.run}`);
      const { decision, observation } = step;
      return {
        goal,
        ...(await this.#asked(subject.run, subject.step)),
        completion: said(decision),
        decision,
        ...(observation && { result: observation }),
      };
    }
    const prompt: Message[] = [{ role: "user", content: goal }];
    if (subject.kind === "answer") {
      if (!hasAnswer(state)) throw badInput(`run ${subject.run} has given no answer`, `candor show ${subject.run}`);
      return { goal, prompt, completion: state.summary };
    }
    const finding = (await this.#options.findings(subject.run)).find(({ id }) => id === subject.finding);
    if (!finding)
      throw badInput(
        `run ${subject.run} has no finding ${subject.finding}`,
        `candor report ${subject.run} --format json`,
      );
    return { goal, prompt, completion: [`${finding.kind}: ${finding.value}`, ...finding.urls].join("\n") };
  }

  /** A step as the small mind would have read and written it, whichever mind took it. @throws {Failure} for anything else */
  async inSmallWords(subject: Single): Promise<Side> {
    if (subject.kind !== "step") throw badInput("the small mind writes steps only");
    const { run, step: number } = subject;
    const step = (await this.#state(run)).steps.find((each) => each.step === number);
    const view = step && (await this.#options.pastView(run, number));
    const options = view && optionsOf(view);
    const completion = options && writeAnswer(options, step.decision);
    if (!completion) throw badInput(`the small mind has no words for step ${number} of run ${run}`);
    return { prompt: promptOf(options), completion };
  }

  /** All that can be judged of a run. */
  async subjectsOf(run: string, what: readonly ("steps" | "answer" | "findings")[]): Promise<Single[]> {
    const state = await this.#state(run);
    return [
      ...(what.includes("steps") ? state.steps.map(({ step }) => ({ kind: "step" as const, run, step })) : []),
      ...(what.includes("answer") && hasAnswer(state) ? [{ kind: "answer" as const, run }] : []),
      ...(what.includes("findings")
        ? (await this.#options.findings(run)).map(({ id }) => ({ kind: "finding" as const, run, finding: id }))
        : []),
    ];
  }

  async #state(run: string): Promise<RunState> {
    return fold(run, await this.#options.log.read(run));
  }

  async #asked(run: string, step: number): Promise<Pick<Side, "prompt" | "tools">> {
    const key = `${run} ${step}`;
    const known = this.#steps.get(key);
    if (known) return known;
    const view = await this.#options.pastView(run, step);
    if (!view) throw badInput(`run ${run} has no step ${step}`, `candor show ${run}`);
    const { system, messages, tools } = buildPrompt(view, LIMITS);
    const asked = {
      prompt: [{ role: "system" as const, content: system }, ...messages],
      tools: tools.map(({ name, description, parameters }) => ({
        type: "function" as const,
        function: { name, description, parameters },
      })),
    };
    this.#steps.set(key, asked);
    const oldest = this.#steps.keys().next().value;
    if (this.#steps.size > MOST_KEPT && oldest) this.#steps.delete(oldest);
    return asked;
  }
}

const hasAnswer = (state: RunState): boolean => isOver(state) && state.summary !== "";

/** A decision as a model writes it and the `llm` mind reads it: a sentence, then the call. */
export const said = ({ thought, tool, args }: Decision): string => `${thought}\n${JSON.stringify({ tool, args })}`;
