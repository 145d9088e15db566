/** The ledger's streams about judgments, read and written by their schemas. */
import {
  foldJudgments,
  foldRaters,
  JUDGMENTS,
  JudgmentFact,
  type Judgments,
  RATERS,
  RaterFact,
  runsOf,
} from "@candor/oversight";
import type { Ledger } from "@candor/store";

export class Notes {
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /**
   * As they stand. Read whole each time: of facts that several servers write at once, a later id may be there before an
   * earlier one.
   */
  async judgments(): Promise<Judgments> {
    const facts = await this.#ledger.read(JUDGMENTS);
    return foldJudgments(facts.map(({ id, at, value }) => ({ id, at, fact: JudgmentFact.parse(value) })));
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
