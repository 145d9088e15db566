/** A person who knows the town and says good or bad of the small mind's steps, as the issue's examples have it. */
import { foldWords, type View } from "@candor/agent";
import type { Decision } from "@candor/store";
import type { TownTruth } from "@candor/town";

/** Hosts of these kinds are "weird places": people-search sites, pastes, what is broken and what is hostile. */
const WEIRD = new Set(["people search", "paste site", "broken host", "hostile"]);
/** Of the rater's words, this part says the opposite. */
const SLIPS = 0.05;

export interface Verdict {
  /** It opened a page of a weird place. */
  weird: boolean;
  /** It opened a page whose link says nothing of the operator, away from their own site. */
  notAboutMe: boolean;
}

/** @returns undefined for a step that opens no page */
export function verdictOn(view: View, { tool, args }: Decision, truth: TownTruth): Verdict | undefined {
  if (tool !== "open") return undefined;
  const url = URL.parse(String(args.url));
  if (!url) return undefined;
  const kind = truth.hosts.find(({ name }) => name === url.hostname)?.kind ?? "";
  const label = view.leads.find(({ value }) => value === args.url)?.label ?? "";
  const text = ` ${foldWords(`${label} ${decodeURIComponent(url.href)}`)} `;
  const own = [...view.seeds.names, ...view.seeds.usernames, ...usernamesOf(truth)].map(foldWords);
  const isOwnSite = view.seeds.sites.some((site) => URL.parse(site)?.host === url.host);
  return { weird: WEIRD.has(kind), notAboutMe: !isOwnSite && !own.some((mark) => text.includes(mark)) };
}

/** Theirs, found or not: whoever judges knows them. */
const usernamesOf = ({ facts }: TownTruth): string[] =>
  facts.flatMap(({ owner, kind, value }) =>
    owner === "operator" && kind === "username" ? [value.split("@")[0] ?? ""] : [],
  );

/** @param lot from 0 to 1, drawn for this step */
export function isGood(verdict: Verdict | undefined, lot: number): boolean {
  const meant = !(verdict?.weird || verdict?.notAboutMe);
  return lot < SLIPS ? !meant : meant;
}
