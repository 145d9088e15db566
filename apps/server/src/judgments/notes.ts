/** The ledger's streams about judgments, read and written by their schemas. */
import {
  foldJudgments,
  foldRaters,
  JUDGMENTS,
  JudgmentFact,
  type Judgments,
  type Noted,
  RATERS,
  RaterFact,
  runsOf,
} from "@candor/oversight";
import type { Ledger } from "@candor/store";

/** Facts that are fetched one by one; more are read with their whole stream. */
const MOST_FETCHED = 1_000;

export class Notes {
  readonly #ledger: Ledger;
  #known = new Map<number, Noted>();
  #folded: Judgments | undefined;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** As they stand, those of other servers too. Not to be changed by whoever asks. */
  judgments(): Promise<Judgments> {
    // One after the other: what was appended before the question is in the answer.
    const answer = this.#reading.then(() => this.#read());
    this.#reading = answer.catch(() => undefined);
    return answer;
  }

  async #read(): Promise<Judgments> {
    const ids = await this.#ledger.ids(JUDGMENTS);
    const missing = ids.filter((id) => !this.#known.has(id));
    if (this.#folded && missing.length === 0 && ids.length === this.#known.size) return this.#folded;
    const read = await this.#ledger.read(JUDGMENTS, missing.length > MOST_FETCHED ? {} : { ids: missing });
    const fresh = new Map(read.map(({ id, at, value }) => [id, { id, at, fact: JudgmentFact.parse(value) }]));
    const noted = ids.flatMap((id) => this.#known.get(id) ?? fresh.get(id) ?? []);
    this.#known = new Map(noted.map((each) => [each.id, each]));
    this.#folded = foldJudgments(noted);
    return this.#folded;
  }

  async raters(): Promise<ReturnType<typeof foldRaters>> {
    const facts = await this.#ledger.read(RATERS);
    return foldRaters(facts.map(({ at, value }) => ({ at, fact: RaterFact.parse(value) })));
  }

  /** Durable when it resolves; goes when one of its runs is erased. */
  async judgment(fact: JudgmentFact): Promise<void> {
    const run = fact.type === "prompt" ? [] : runsOf(fact.subject);
    await this.#ledger.append(JUDGMENTS, fact, { run });
  }

  async rater(fact: RaterFact): Promise<void> {
    await this.#ledger.append(RATERS, fact);
  }
}
