/**
 * What the planner believes an action is worth, for whoever reads plans rather than makes them. With other seeds in the
 * view it says what the same planner would want if it looked for somebody else.
 */
import type { LeadView, View } from "../../mind.ts";
import { neededOf } from "./audit.ts";
import { scoreLead } from "./leads.ts";
import { rankQueries } from "./queries.ts";
import { readGoal, scoreTopical, TOPICAL } from "./research.ts";
import { assess, type Situation } from "./situation.ts";
import { type Marks, marksOf, traitsOf } from "./traits.ts";
import { fold, hostOf, mentions } from "./words.ts";

/** Chances of a gain, 0 to 1, for the next step. A page costs one page, so a gain costs `1 / chance` pages. */
export interface CostModel {
  lead(lead: LeadView): number;
  query(query: string, page: number): number;
  /** Of the best query that is left. */
  bestQuery: number;
  /** Below this the planner would rather end. */
  threshold: number;
}

/** The value of a query that the planner would never ask. */
const POINTLESS = 0.02;

/** The audit's: a page is worth its chance of showing something new about the people in `view.seeds`. */
export function auditCosts(view: View): CostModel {
  const situation = assess(view);
  const marks = marksOf(view.seeds, situation);
  let ranked: Map<string, number> | undefined;
  // Best first. Ranking costs more than all the rest, and not everybody asks.
  const queries = (): Map<string, number> => {
    ranked ??= new Map(
      rankQueries(situation).map(({ args, value }) => [`${fold(args.query)} ${args.page ?? 1}`, value]),
    );
    return ranked;
  };
  return {
    lead: (lead) => scoreLead(traitsOf(lead, hostOf(lead.value), 0, situation, marks)).value,
    query: (query, page) => queries().get(`${fold(query)} ${page}`) ?? elsewhere(query, situation, marks),
    get bestQuery() {
      return queries().values().next().value ?? 0;
    },
    threshold: neededOf(situation),
  };
}

/** A query that is not on the planner's list: asked again it is worth nothing, about the same people little. */
function elsewhere(query: string, situation: Situation, { names, handles }: Marks): number {
  const text = fold(query);
  const asked = (situation.steps.get("search") ?? []).some((step) => fold(String(step.args.query)) === text);
  return !asked && [...names, ...handles].some((mark) => mentions(text, mark)) ? 0.3 : POINTLESS;
}

/** Any other goal's: a page is worth the share of the goal's words that its lead shows. */
export function researchCosts(view: View): CostModel {
  const situation = assess(view);
  const goal = readGoal(view.goal);
  const chance = (value: number): number => Math.min(0.95, Math.max(POINTLESS, value / 1.6));
  const share = (query: string): number => {
    const text = fold(query);
    const own = goal.words.filter((word) => mentions(text, word)).length;
    const all = text.split(" ").filter(Boolean).length;
    const asked = (situation.steps.get("search") ?? []).some((step) => fold(String(step.args.query)) === text);
    return asked || all === 0 ? POINTLESS : chance((0.9 * own) / all);
  };
  return {
    lead: (lead) => {
      if (goal.urls.includes(lead.value)) return 0.95;
      const { pages = 0, blocked = 0 } = situation.hosts.get(hostOf(lead.value)) ?? {};
      return chance(scoreTopical(lead, goal, { pages, blocked }).value);
    },
    query: (query) => share(query),
    bestQuery: 0.5,
    threshold: TOPICAL / 1.6,
  };
}
