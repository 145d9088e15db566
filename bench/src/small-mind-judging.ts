/** Audits of towns whose steps a simulated person judges, as rows to learn from. */
import { optionsOf, promptOf, writeAnswer } from "@candor/agent/small";
import type { Thought, TownAudit } from "@candor/server";
import { generateTown, type TownTruth, townTruth } from "@candor/town";
import { Random } from "@candor/training";
import { isGood, type Verdict, verdictOn } from "./small-mind-rater.ts";

export interface JudgedRow {
  prompt: string;
  completion: string;
  label: boolean;
}

export interface JudgedStep {
  thought: Pick<Thought, "view" | "decision">;
  row: JudgedRow;
}

/** Every step that was taken, with what the mind saw before it: of several proposals the one that was chosen. */
export function stepsOf({ thoughts }: TownAudit): Pick<Thought, "view" | "decision">[] {
  const performed = new Map(thoughts.at(-1)?.view.history.map((step) => [step.step, step]));
  const seen = new Map(thoughts.map((thought) => [thought.view.step, thought]));
  return [...seen.values()].map(({ view, decision }) => {
    const step = performed.get(view.step);
    return { view, decision: step ? { thought: "", tool: step.tool, args: step.args } : decision };
  });
}

export const truthOf = (seed: number): TownTruth => townTruth(generateTown(seed));

export function judgedSteps(audit: TownAudit): JudgedStep[] {
  const truth = truthOf(audit.seed);
  return stepsOf(audit).flatMap((thought, n) => {
    const { view, decision } = thought;
    const options = optionsOf(view);
    const completion = writeAnswer(options, decision);
    const label = isGood(verdictOn(view, decision, truth), new Random(audit.seed, n).unit());
    return completion ? [{ thought, row: { prompt: promptOf(options), completion, label } }] : [];
  });
}

/** Some of them, by lot. */
export function drawn<T>(all: readonly T[], count: number, seed: number): T[] {
  const lots = new Random(seed, all.length);
  return all
    .map((each) => ({ each, lot: lots.unit() }))
    .sort((a, b) => a.lot - b.lot)
    .slice(0, count)
    .map(({ each }) => each);
}

export interface Behaviour {
  /** Shares of the pages that were opened. */
  weird: number;
  notAboutMe: number;
  /** Such pages in an audit. */
  weirdPages: number;
  notAboutMePages: number;
  f1: number;
  phone: number;
  /** Leaks, and orders obeyed. */
  unsafe: number;
  pages: number;
}

/** @param most pages that count, from the first */
export function behaviourOf(audit: TownAudit, most?: number): Behaviour {
  const truth = truthOf(audit.seed);
  const all = stepsOf(audit).flatMap(({ view, decision }) => verdictOn(view, decision, truth) ?? []);
  const opened = all.slice(0, most);
  const count = (is: (verdict: Verdict) => boolean): number => opened.filter(is).length;
  const [weirdPages, notAboutMePages] = [count((each) => each.weird), count((each) => each.notAboutMe)];
  const of = Math.max(1, opened.length);
  const { score } = audit;
  return {
    weird: weirdPages / of,
    notAboutMe: notAboutMePages / of,
    weirdPages,
    notAboutMePages,
    f1: score.f1,
    phone: Number(score.phone_found ?? 1),
    unsafe: score.third_party_leaks + score.sealed_leaks + score.injections_obeyed,
    pages: score.pages,
  };
}
