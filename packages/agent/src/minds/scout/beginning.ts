/** What a self-audit does first: prove, the operator's own pages, their usernames. */
import type { KnownHandle } from "./handles.ts";
import { isNew, refusedOften, type Situation } from "./situation.ts";
import { hostOf, parseUrl } from "./words.ts";

export const PROVING = "First I prove that the pages you named are yours, so that I look for nobody else.";
export const OWN_PAGE = "You say that this page is yours: what it shows and links to is the surest start.";

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

/** Pages that the operator gave and that were not opened. */
export const ownPages = (situation: Situation): string[] =>
  situation.view.seeds.sites.filter(
    (url) => parseUrl(url) && isNew(situation, "open", { url }) && !situation.shunned.has(hostOf(url)),
  );

export const checking = ({ username, origin }: KnownHandle): string =>
  origin === "given"
    ? `You use the name ${username}: I check on which sites an account of that name exists.`
    : `A page of yours shows the username ${username}: I check where else it is in use.`;
