/** How much a lead promises: the chance that its page shows something new about the operator. */
import type { LeadView } from "../../mind.ts";
import { leadReasons } from "./reasons.ts";
import type { Situation } from "./situation.ts";
import { type LeadTraits, type Marks, traitsOf } from "./traits.ts";
import { addressKey, draw, hostOf, parseUrl } from "./words.ts";

export interface ScoredLead {
  lead: LeadView;
  host: string;
  /** Chance of a gain, 0 to 1. */
  value: number;
  /** Clauses that speak for it, strongest first: the explanation. */
  reasons: string[];
}

const NOTHING = /\.(css|js|ico|svg|woff2?|mp[34]|zip|gz|exe|dmg|xml)$/i;

/** Page leads that may be opened, in the order of the view. */
export function openable(situation: Situation, marks: Marks): LeadTraits[] {
  const ranks = new Map<string, number>();
  const found: LeadTraits[] = [];
  for (const lead of situation.view.leads) {
    const rank = ranks.get(lead.from) ?? 0;
    ranks.set(lead.from, rank + 1);
    if (lead.kind !== "page" || !parseUrl(lead.value) || NOTHING.test(lead.value.split(/[?#]/)[0] ?? "")) continue;
    const host = hostOf(lead.value);
    if (situation.opened.has(addressKey(lead.value)) || situation.shunned.has(host)) continue;
    if (situation.wishes.skip.some((part) => host.includes(part))) continue;
    const pages = situation.hosts.get(host)?.pages ?? 0;
    if (pages >= situation.view.left.pagesPerHost) continue;
    found.push(traitsOf(lead, host, lead.from.startsWith("search") ? rank : 0, situation, marks));
  }
  return found;
}

/** {@link openable}, best first. */
export function rankLeads(situation: Situation, marks: Marks): ScoredLead[] {
  const scored = openable(situation, marks).map(scoreLead);
  const tie = (one: ScoredLead): number => draw(situation.view.seed, one.lead.value);
  return scored.sort((a, b) => b.value - a.value || tie(a) - tie(b));
}

export function scoreLead(traits: LeadTraits): ScoredLead {
  const { lead, host, about } = traits;
  let odds = -2.4;

  if (traits.checked) odds += 3.2;
  else if (traits.handled) odds += 2.1;
  if (traits.named) odds += 1.9;
  else if (traits.partly) odds += 0.9;
  if (traits.city) odds += about ? 0.6 : 0.2;
  if (traits.employer) odds += about ? 0.8 : 0.5;
  if (traits.known) odds += about ? 0.6 : 0.4;
  if (traits.called) odds += 1.2;
  if (lead.fromOwned > 0.3) {
    // A page that names the operator on somebody's site links to the rest of that site, which mostly is about others;
    // the operator's own profile links to what is theirs.
    odds += (traits.inside ? (traits.fromOperators ? 1.2 : 0.5) : 1.9) * lead.fromOwned;
  } else if (traits.fromNamePage) {
    // Such as the records behind a people search's page for the name.
    odds -= 0.2;
  } else if (!about && !traits.searched && !traits.checked) {
    odds -= 1.3;
  }
  if (traits.telling) odds += 0.5;
  if (traits.data) odds -= about ? 0.4 : 3;
  if (traits.file) odds += about || lead.fromOwned > 0.3 ? 0.6 : 0;
  if (traits.picture) {
    odds += traits.portrait ? -3.2 : lead.fromOwned > 0.5 ? 0.3 : about ? -0.2 : -2;
    if (traits.mayShowWhere) odds += 0.9;
  }
  if (traits.otherAccount) odds -= 1.4;
  if (traits.otherName) odds -= 1.8;
  if (traits.front) odds -= about && !traits.site ? 0 : 1.8;

  if (traits.furniture) odds -= traits.furniture === "label" ? 2.6 : 1.5;
  if (traits.endless) odds -= 1.4;
  const site = fromSite(traits) + fromAlike(traits);
  // One account that is somebody else's says little about the next.
  odds += traits.checked ? Math.max(-0.4, site) : site;
  odds -= 0.3 * Math.max(0, lead.hops - 2) + 0.06 * traits.rank;
  if (traits.crosses) odds += 0.2 * Math.log2(Math.max(1, lead.times));
  const reasons = leadReasons(traits).map(({ clause }) => clause);
  return { lead, host, value: 1 / (1 + Math.exp(-odds)), reasons };
}

/** What a host has given so far, with diminishing returns; an unknown host is worth a look. */
function fromSite({ site }: LeadTraits): number {
  if (!site) return 0.3;
  const { pages, blocked } = site;
  return Math.max(-2, Math.min(0.7, Math.log(yieldOf(site) / 0.33))) - 0.07 * Math.max(0, pages - 4) - 0.8 * blocked;
}

/** Findings a page of a host, counted so that one page says little. */
export const yieldOf = ({ findings, pages }: NonNullable<LeadTraits["site"]>): number =>
  (findings + 0.5) / (pages + 1.5);

function fromAlike({ alike }: LeadTraits): number {
  if (!alike || alike.pages < 2) return 0;
  return alike.gain === 0
    ? -0.7 * Math.min(4, alike.pages - 1)
    : Math.log((alike.gain + 0.5) / (alike.pages + 0.5)) * 0.5;
}
