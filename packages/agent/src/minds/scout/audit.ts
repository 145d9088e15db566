/** The order of a self-audit: prove, own pages, usernames, searches, best leads, breaches, message, finish. */
import type { Decision } from "@candor/store";
import type { View } from "../../mind.ts";
import { message, summary } from "./explain.ts";
import { knownHandles } from "./handles.ts";
import { rankLeads, type ScoredLead } from "./leads.ts";
import { rankQueries, type ScoredQuery } from "./queries.ts";
import { assess, isNew, refusedOften, type Situation } from "./situation.ts";
import { marksOf } from "./traits.ts";
import { hostOf, parseUrl } from "./words.ts";

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
/** Steps kept back for the breach look-up, the message and the end. */
const RESERVE = 4;

export function audit(view: View): Decision {
  const situation = assess(view);
  if (situation.wishes.stop) return closing(situation, "You asked me to stop, so I end here with what I have.");
  if (view.left.steps <= RESERVE) return closing(situation, "The budget of steps is nearly used up.");
  if (view.left.seconds < 5) return closing(situation, "The time is nearly used up.");
  if (situation.warnings >= 4) return closing(situation, "I was told several times that I get nowhere, so I end here.");
  const next = proof(situation) ?? ownSites(situation) ?? usernames(situation) ?? explore(situation);
  return next ?? closing(situation, "Nothing that is left promises anything new.");
}

function proof(situation: Situation): Decision | undefined {
  const args = proofArgs(situation);
  return (
    args && {
      thought: "First I prove that the pages you named are yours, so that I look for nobody else.",
      tool: "prove",
      args,
    }
  );
}

/** Of the next proof that was not tried. */
export function proofArgs(situation: Situation): Record<string, unknown> | undefined {
  const prove = situation.view.tools.find((tool) => tool.name === "prove");
  if (!prove || refusedOften(situation, "prove", 2)) return undefined;
  const { properties } = prove.parameters;
  const takes = typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
  const sites = situation.view.seeds.sites;
  const tries = takes.includes("url")
    ? sites.map((url) => ({ url }))
    : takes.includes("site")
      ? sites.map((site) => ({ site }))
      : [{}];
  return tries.find((each) => isNew(situation, "prove", each));
}

function ownSites(situation: Situation): Decision | undefined {
  if (situation.view.left.pages < 1) return undefined;
  const url = situation.view.seeds.sites.find(
    (site) => parseUrl(site) && isNew(situation, "open", { url: site }) && !situation.shunned.has(hostOf(site)),
  );
  return url
    ? {
        thought: "You say that this page is yours: what it shows and links to is the surest start.",
        tool: "open",
        args: { url },
      }
    : undefined;
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
  if (next === undefined) return undefined;
  const { username, origin } = next;
  const thought =
    origin === "given"
      ? `You use the name ${username}: I check on which sites an account of that name exists.`
      : `A page of yours shows the username ${username}: I check where else it is in use.`;
  return { thought, tool: "check_username", args: { username } };
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
  const best = reasons.length > 0 ? reasons : ["it is the best lead that is left"];
  return { thought: sentence(host, best), tool: "open", args: { url: lead.value } };
}

/** Of the first two reasons to open a page. */
export function sentence(host: string, [first = "", second]: readonly string[]): string {
  const shared = "it mentions ";
  const clause =
    second && first.startsWith(shared) && second.startsWith(shared)
      ? `${first} and ${second.slice(shared.length)}`
      : second
        ? `${first}, and ${second}`
        : first;
  return `I open a page on ${host}: ${clause}.`;
}

/** What is still owed before the end: one look at breaches, one message, the summary. */
function closing(situation: Situation, reason: string): Decision {
  const { view } = situation;
  const roomFor = (steps: number): boolean => view.left.steps > steps;
  if (roomFor(2) && isNew(situation, "breach_lookup", {}) && !situation.wishes.stop) {
    return {
      thought: "I check, without revealing them, whether your addresses are in known breaches.",
      tool: "breach_lookup",
      args: {},
    };
  }
  if (roomFor(1) && situation.tools.has("message_operator") && !situation.steps.has("message_operator")) {
    return {
      thought: "I send you a short summary; the report has the evidence.",
      tool: "message_operator",
      args: message(view),
    };
  }
  return { thought: reason, tool: "finish", args: { summary: summary(view, reason) } };
}
