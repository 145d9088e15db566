/** The order of a self-audit: prove, own pages, usernames, searches, best leads, breaches, message, finish. */
import type { Decision } from "@candor/store";
import type { View } from "../../mind.ts";
import { checking, OWN_PAGE, ownPages, PROVING, proofArgs } from "./beginning.ts";
import { NOTHING_LEFT, owed, shouldEnd } from "./ending.ts";
import { summary } from "./explain.ts";
import { knownHandles } from "./handles.ts";
import { rankLeads, type ScoredLead } from "./leads.ts";
import { rankQueries, type ScoredQuery } from "./queries.ts";
import { type Reason, sentence } from "./reasons.ts";
import { assess, isNew, refusedOften, type Situation } from "./situation.ts";
import { marksOf } from "./traits.ts";

/** Under this chance of a gain a page is not worth opening. */
const WORTH = 0.12;
/** How much more a page must promise for each one before it that gave nothing: the planner's patience. */
const IMPATIENCE = 0.011;
/** Under this value a query is not worth asking. */
const WORTH_ASKING = 0.2;
/** Searches of this value are basics: they come before any lead. */
const BASIC = 0.8;
/** Usernames checked besides the operator's own. */
const MOST_FOUND_NAMES = 4;
export function audit(view: View): Decision {
  const situation = assess(view);
  const end = shouldEnd(situation);
  if (end) return closing(situation, end);
  const next = proof(situation) ?? ownSites(situation) ?? usernames(situation) ?? explore(situation);
  return next ?? closing(situation, NOTHING_LEFT);
}

function proof(situation: Situation): Decision | undefined {
  const args = proofArgs(situation);
  return args && { thought: PROVING, tool: "prove", args };
}

function ownSites(situation: Situation): Decision | undefined {
  const [url] = situation.view.left.pages < 1 ? [] : ownPages(situation);
  return url ? { thought: OWN_PAGE, tool: "open", args: { url } } : undefined;
}

/** The operator's usernames, then those that a sure finding or a page of theirs has shown. */
function usernames(situation: Situation): Decision | undefined {
  const { left } = situation.view;
  if (!situation.tools.has("check_username") || refusedOften(situation, "check_username", 2) || left.pages < 1)
    return undefined;
  const handles = knownHandles(situation).filter(({ promising }) => promising);
  const given = handles.filter(({ origin }) => origin === "given");
  const shown = handles.filter(({ origin }) => origin !== "given").slice(0, MOST_FOUND_NAMES);
  const next = [...given, ...shown].find(({ username }) => isNew(situation, "check_username", { username }));
  return next && { thought: checking(next), tool: "check_username", args: { username: next.username } };
}

function explore(situation: Situation): Decision | undefined {
  const { view } = situation;
  const marks = marksOf(view.seeds, situation);
  const mayOpen = situation.tools.has("open") && view.left.pages >= 1;
  const maySearch = situation.tools.has("search") && !refusedOften(situation, "search", 3) && !searchIsDown(situation);
  const query = maySearch ? rankQueries(situation)[0] : undefined;
  if (query && query.value >= BASIC) return asked(query);
  const lead = mayOpen ? rankLeads(situation, marks)[0] : undefined;
  const opening = lead && lead.value >= neededOf(situation) ? lead.value : 0;
  const asking = query && mayOpen && query.value >= WORTH_ASKING ? query.value : 0;
  if (lead && opening > 0 && opening >= asking) return opened(lead);
  return query && asking > 0 ? asked(query) : undefined;
}

/** The chance of a gain under which the planner would rather end. */
export function neededOf({ view, gains, warnings }: Situation): number {
  return WORTH + IMPATIENCE * gains.since * (1 + warnings) * eagerness(view);
}

/** How much sooner the planner loses patience: less while what the goal wants most was not found. */
function eagerness(view: View): number {
  const found = new Set(view.findings.map((finding) => finding.kind));
  const missing = view.wanted.findIndex((kind) => !found.has(kind));
  return missing === 0 ? 0.55 : missing === 1 || missing === 2 ? 0.7 : 1;
}

/** The last three searches all failed. */
function searchIsDown(situation: Situation): boolean {
  const last = (situation.steps.get("search") ?? []).slice(-3);
  return last.length === 3 && last.every((step) => step.status !== "ok" && step.status !== "missing");
}

function asked(query: ScoredQuery): Decision {
  return { thought: query.reason, tool: "search", args: query.args };
}

function opened({ lead, host, reasons }: ScoredLead): Decision {
  return { thought: sentence(host, reasons), tool: "open", args: { url: lead.value } };
}

/** What is still owed, then the summary. */
function closing(situation: Situation, { clause }: Reason): Decision {
  const [next] = owed(situation);
  return next ?? { thought: clause, tool: "finish", args: { summary: summary(situation.view, clause) } };
}
