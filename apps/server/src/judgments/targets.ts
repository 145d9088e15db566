/** Which item is meant: by its subject, which only the operator may name, or by the name that the queue gave it. */
import {
  inOrder,
  isTurned,
  itemId,
  type Judgments,
  OPERATOR,
  type Single,
  type Subject,
  swap,
  type Verdict,
} from "@candor/oversight";
import type { Runs } from "@candor/store";
import { badInput } from "../failure.ts";
import type { Sides } from "./sides.ts";

/** Until the operator puts something up, the steps and answers of so many runs are there to be judged. */
const LATEST_RUNS = 10;

export interface Given {
  subject?: Subject | undefined;
  item?: string | undefined;
}

export interface Target {
  item: string;
  /** A pair in the order in which it is kept. */
  subject: Subject;
  /** A verdict in the order in which the pair was given, as it is kept. */
  kept(verdict: Verdict): Verdict;
}

export class Targets {
  readonly #runs: Runs;
  readonly #sides: Sides;

  constructor(runs: Runs, sides: Sides) {
    this.#runs = runs;
    this.#sides = sides;
  }

  /** @throws {Failure} of exit code 2 when there is no such thing */
  async find({ subject, item }: Given, rater: string, judgments: Judgments): Promise<Target> {
    if (subject) {
      if (rater !== OPERATOR) throw badInput("raters judge what the queue shows them, by item");
      return this.named(subject, judgments);
    }
    return { ...(await this.#byItem(item ?? "", judgments)), kept: (verdict) => turned(rater, item ?? "", verdict) };
  }

  /** As the operator's lists show it: a pair in the order in which it is kept. */
  async listed({ subject, item }: Given, judgments: Judgments): Promise<Target> {
    if (subject) return this.named(subject, judgments);
    return { ...(await this.#byItem(item ?? "", judgments)), kept: (verdict) => verdict };
  }

  async named(given: Subject, judgments: Judgments): Promise<Target> {
    const { subject, swapped } = inOrder(await this.#whole(given));
    const item = itemId(subject);
    if (!judgments.items.has(item)) await this.#refuseMissing(subject);
    return { item, subject, kept: (verdict) => (swapped ? swap(verdict) : verdict) };
  }

  /** What may be judged though nobody put it up. */
  async unasked(judgments: Judgments, run?: string): Promise<Single[]> {
    if (run !== undefined) return this.#sides.subjectsOf(run, ["steps", "answer", "findings"]);
    if ([...judgments.items.values()].some(({ asked }) => asked)) return [];
    const over = (await this.#runs.list({ limit: 50 }))
      .filter(({ status, started }) => started && status !== "running" && status !== "paused")
      .slice(0, LATEST_RUNS);
    const subjects = over.map((each) => this.#sides.subjectsOf(each.run, ["steps", "answer"]).catch(() => []));
    return (await Promise.all(subjects)).flat();
  }

  async #byItem(item: string, judgments: Judgments): Promise<Pick<Target, "item" | "subject">> {
    const subject =
      judgments.items.get(item)?.subject ?? (await this.unasked(judgments)).find((each) => itemId(each) === item);
    if (subject) return { item, subject };
    throw badInput(`there is no item ${item} to judge`, "Its run may have been erased. Ask for the queue again.");
  }

  async #whole(subject: Subject): Promise<Subject> {
    const one = async (each: Single): Promise<Single> =>
      each.kind === "text" ? each : { ...each, run: await this.#runs.resolve(each.run) };
    if (subject.kind !== "pair") return one(subject);
    return { kind: "pair", a: await one(subject.a), b: await one(subject.b) };
  }

  async #refuseMissing(subject: Subject): Promise<void> {
    for (const each of subject.kind === "pair" ? [subject.a, subject.b] : [subject]) await this.#sides.find(each);
  }
}

/** To and from the order in which `rater` sees a pair. */
export const turned = (rater: string, item: string, verdict: Verdict): Verdict =>
  isTurned(rater, item) ? swap(verdict) : verdict;
