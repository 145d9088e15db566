/** What people were shown and what they answered, kept apart from the log, and held against what happened. */
import type { Given } from "../answer.ts";
import type { Deed } from "../fixture.ts";

/** A question as somebody saw it. */
export interface Shown {
  run: string;
  step: number;
  argsHash: string;
  what: string;
  /** Nobody knows whether it happened. */
  unknown: boolean;
}

interface Kept {
  asks: Shown;
  answer: Given | "expired";
}

const verdictOf = (what: string): string => what.split(" ")[1] ?? "deny";

export class Books {
  readonly shown: Shown[] = [];
  readonly #kept: Kept[] = [];
  readonly #wrongChains: Shown[] = [];

  get accepted(): number {
    return this.#kept.length;
  }

  find = (asks: Shown): Shown | undefined => this.shown.find((each) => same(each, asks));

  show(asks: Shown, chainIsRight: boolean): void {
    this.shown.push(asks);
    if (!chainIsRight) this.#wrongChains.push(asks);
  }

  answered(asks: Shown, answer: Given): void {
    if (answer.answer !== "escalate") this.#kept.push({ asks, answer });
  }

  expired(asks: Shown): void {
    this.#kept.push({ asks, answer: "expired" });
  }

  /** @param ended runs that came to their own end */
  judge(deeds: readonly Deed[], ended: ReadonlySet<string>) {
    const declinedExecuted: Deed[] = [];
    const approvedTwice: Deed[] = [];
    const misattributed: Deed[] = [];
    const sent = new Set<string>();
    for (const deed of deeds) {
      if (!this.#allows(deed)) (this.#declines(deed) ? declinedExecuted : misattributed).push(deed);
      // What only reads may be done again after a crash.
      if (deed.tool !== "send") continue;
      const key = `${deed.run} ${deed.step}`;
      if (sent.has(key)) approvedTwice.push(deed);
      sent.add(key);
    }
    const done = (run: string, step: number, what: string) =>
      deeds.some((deed) => deed.run === run && deed.step === step && deed.what === what);
    const lost = this.#kept.flatMap(({ asks, answer }) => {
      if (answer === "expired" || asks.unknown || !ended.has(asks.run)) return [];
      const what = answer.answer === "approve" ? asks.what : String(answer.args?.what ?? "");
      const wanted = answer.answer === "approve" || (answer.answer === "modify" && verdictOf(what) !== "deny");
      return wanted && !done(asks.run, asks.step, what) ? [asks] : [];
    });
    return { declinedExecuted, approvedTwice, misattributed, lost, wrongChains: this.#wrongChains };
  }

  #allows({ run, step, what }: Deed): boolean {
    const here = this.#kept.filter(({ asks }) => asks.run === run && asks.step === step);
    const edit = here.find(({ answer }) => answer !== "expired" && answer.answer === "modify");
    // Once somebody wrote other arguments, those are the only ones.
    if (edit) return edit.answer !== "expired" && edit.answer.args?.what === what && verdictOf(what) !== "deny";
    if (verdictOf(what) === "allow") return true;
    if (verdictOf(what) === "deny") return false;
    if (here.some(({ asks, answer }) => isYes(answer) && !asks.unknown && asks.what === what)) return true;
    return this.#kept.some(
      ({ asks, answer }) =>
        isYes(answer) && answer.scope === "run" && answer.grant !== undefined && asks.run === run && asks.what === what,
    );
  }

  #declines({ run, step, what }: Deed): boolean {
    const here = this.#kept.filter(({ asks }) => asks.run === run && asks.step === step && asks.what === what);
    return verdictOf(what) === "deny" || here.length === 0 || here.some(({ answer }) => !isYes(answer));
  }
}

const isYes = (answer: Kept["answer"]): answer is Given => answer !== "expired" && answer.answer === "approve";

const same = (a: Shown, b: Shown): boolean => a.run === b.run && a.step === b.step && a.argsHash === b.argsHash;
