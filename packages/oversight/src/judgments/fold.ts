/** All judgments as they stand, folded from the ledger. */
import type { FactOf, Noted } from "./facts.ts";
import { inOrder, itemId, type Subject, swap, type Text, type Verdict } from "./subject.ts";

export interface Judgment {
  rater: string;
  /** Of a pair: in the order in which the pair is kept. */
  verdict: Verdict;
  reason: string;
  discipline: string;
  /** Milliseconds since the epoch. */
  at: number;
}

export interface Item {
  item: string;
  subject: Subject;
  /** The last word of each rater who has not withdrawn it. */
  judgments: Map<string, Judgment>;
  /** Everything that was said, withdrawals without a verdict, oldest first. */
  history: { rater: string; at: number; verdict: Verdict | null }[];
  asked: boolean;
  gold?: Verdict;
  adjudicated?: { verdict: Verdict; reason: string; by: string; at: number };
}

export interface Judgments {
  items: Map<string, Item>;
  /** Prompts without an answer, in the order of their import. */
  prompts: Text[];
  /** Who sent what under which key: `RATER KEY` -> item and verdict. */
  submitted: Map<string, { item: string; verdict: Verdict | null }>;
}

/** @param noted in the order of their ids; a key that comes twice counts once, so that two writers of one submission are one */
export function foldJudgments(noted: readonly Noted[]): Judgments {
  const state: Judgments = { items: new Map(), prompts: [], submitted: new Map() };
  for (const each of noted) apply(state, each);
  return state;
}

export const submission = (rater: string, key: string): string => JSON.stringify([rater, key]);

function apply(state: Judgments, { at, fact }: Noted): void {
  if (fact.type === "prompt") {
    if (first(state, "", fact.key, "", null)) state.prompts.push(fact.prompt);
    return;
  }
  const item = itemOf(state, fact.subject);
  // Kept in one order whichever way round it was written.
  const { swapped } = inOrder(fact.subject);
  const turned = <V extends Verdict | null>(verdict: V) => (swapped && verdict ? swap(verdict) : verdict) as V;
  switch (fact.type) {
    case "judged": {
      const { rater, reason = "", discipline = "" } = fact;
      const verdict = turned(fact.verdict);
      if (!first(state, rater, fact.key, item.item, verdict)) return;
      item.history.push({ rater, at, verdict });
      item.judgments.set(rater, { rater, verdict, reason, discipline, at });
      return;
    }
    case "withdrawn":
      if (!first(state, fact.rater, fact.key, item.item, null)) return;
      item.history.push({ rater: fact.rater, at, verdict: null });
      item.judgments.delete(fact.rater);
      return;
    case "asked":
      item.asked = true;
      return;
    case "gold":
      if (fact.verdict) item.gold = turned(fact.verdict);
      else delete item.gold;
      return;
    case "adjudicated":
      adjudicate(item, fact, turned(fact.verdict), at);
      return;
  }
}

function adjudicate(item: Item, fact: FactOf<"adjudicated">, verdict: Verdict | null, at: number): void {
  if (verdict) item.adjudicated = { verdict, reason: fact.reason ?? "", by: fact.by, at };
  else delete item.adjudicated;
}

/** Whether a submission is heard for the first time. */
function first(state: Judgments, rater: string, key: string, item: string, verdict: Verdict | null): boolean {
  const name = submission(rater, key);
  if (state.submitted.has(name)) return false;
  state.submitted.set(name, { item, verdict });
  return true;
}

/** Digests are most of what a fold costs. */
const named = new WeakMap<Subject, string>();

function nameOf(subject: Subject): string {
  const known = named.get(subject) ?? itemId(subject);
  named.set(subject, known);
  return known;
}

function itemOf(state: Judgments, subject: Subject): Item {
  const item = nameOf(subject);
  const known = state.items.get(item);
  if (known) return known;
  const fresh: Item = {
    item,
    subject: inOrder(subject).subject,
    judgments: new Map(),
    history: [],
    asked: false,
  };
  state.items.set(item, fresh);
  return fresh;
}
