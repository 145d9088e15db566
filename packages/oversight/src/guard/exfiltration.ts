/** An address that the mind made up must not carry out what the run knows. */
import { addressesOf, httpUrl } from "../taint/addresses.ts";
import { facet } from "../taint/facets.ts";
import { dataOf, decoded, MOST_CHARACTERS, readingsOf, readingsOfText } from "../taint/readings.ts";
import { argumentsOf, leavesOf, textsOf, WHOLE } from "./arguments.ts";
import { holdsLabel, holdsOthersLabel, holdsSealedName, isOwnSite } from "./labels.ts";
import { isOwnTool, staysInside } from "./own-tools.ts";
import type { GuardRequest, Invariant } from "./request.ts";
import { seedsIn } from "./seeds-in.ts";
import { ask, deny, named } from "./verdicts.ts";

/** Fewer characters of the operator's own words than this can be a username in the path of a profile's address. */
const FEW = 12;
/** A part of an address longer than this could hold anything in disguise. */
const LONG_PART = 64;

/** Arguments that the web is asked by. */
const ASKED = new Set(["url", "query", "username"]);

/** What cannot be looked through is not let through. */
export const nothingUnread: Invariant = ({ tool, args }) => {
  const most = [...argumentsOf(args).values()].reduce((sum, text) => sum + text.length, 0);
  if (leavesOf(args) === undefined || (most > MOST_CHARACTERS && !staysInside(tool.name)))
    return deny("nothing unread", `The arguments of ${tool.name} are more than can be looked through; give less.`);
  return null;
};

export const noMaskedLabelsOut: Invariant = (request) => {
  const { name, effect } = request.tool;
  const own = isOwnTool(name);
  const leaves = !own || (effect !== "read" && effect !== "spawn");
  for (const [path, text] of textsOf(request.args)) {
    const { plain, hidden } = readingsOfText(text);
    const readings = [...plain, ...hidden];
    if (leaves && readings.some(holdsOthersLabel))
      return deny("others stay out", "It would pass on something about somebody else, which Candor never does.");
    const asked = path !== WHOLE && !staysInside(name) && ASKED.has(path);
    const outward = asked || (httpUrl(text) !== null && name !== "note_finding");
    if ((outward || !own) && readings.some(holdsLabel))
      return deny(
        "masked stays masked",
        own
          ? "The address or query holds a masked identifier, which must not leave the run."
          : `${name} is no tool of Candor's own, and a masked identifier must not leave the run.`,
      );
  }
  return null;
};

export const onlyWebAddresses: Invariant = ({ tool, args }) => {
  for (const [path, text] of argumentsOf(args))
    if (/(?:^|\.)url$/.test(path) && tool.name !== "note_finding" && URL.canParse(text.trim()) && !httpUrl(text))
      return deny("web addresses only", `Only http and https addresses can be opened, not ${text.slice(0, 60)}.`);
  return null;
};

export const noDataInAddresses: Invariant = (request) => {
  const { name, effect } = request.tool;
  if (name === "note_finding") return null;
  // What is written inside the run opens nothing; a child takes the addresses in its goal for its operator's.
  const inText = effect === "spawn" || !isOwnTool(name);
  let unclear: ReturnType<typeof ask> | null = null;
  for (const { path, text, url, whole } of addressesOf(request.args)) {
    if ((!whole && !inText) || wasOffered(request, path) || isOwnSite(request, text)) continue;
    const { plain, hidden } = readingsOf(url);
    if ([...plain, ...hidden].some(holdsSealedName))
      return deny("no data in addresses", `The address on ${url.host} would carry out what was found about you.`);
    const carried = (request.origins[facet(path, "carries")] ?? []).filter((origin) => origin !== `host:${url.host}`);
    if (carried.length > 0)
      return deny(
        "no data in addresses",
        `No page offered this address on ${url.host}, and it holds text from ${named(carried)}: opening it would carry that out.`,
      );
    if (tellsOfOperator(request, path, url, hidden))
      return deny(
        "no data in addresses",
        `No page offered this address on ${url.host}, and it would tell that site about you; use search instead.`,
      );
    const long = [...url.pathname.split("/"), ...[...url.searchParams].flat(), url.hash, url.username, url.password];
    if (long.some((part) => part.length > LONG_PART))
      unclear ??= ask(
        "no data in addresses",
        `No page offered this address on ${url.host}, and it holds a long text that nobody else has written, so you decide.`,
      );
  }
  return unclear;
};

/**
 * A link of a page, a search result, an address that the operator named, or one that a page wrote out.
 * What a tool only mentions may be what it was asked.
 */
function wasOffered({ origins }: GuardRequest, path: string): boolean {
  const mentioned = origins[facet(path, "mention")] ?? [];
  return (origins[facet(path, "link")] ?? []).length > 0 || mentioned.some((origin) => origin.startsWith("host:"));
}

function tellsOfOperator({ seeds, origins }: GuardRequest, path: string, url: URL, hidden: readonly string[]): boolean {
  // A host that somebody else named says nothing new.
  const known = (origins[facet(path, "host")] ?? []).length > 0;
  const subdomain = known ? "" : url.hostname.split(".").slice(0, -2).join(" ");
  const told = [decoded(url.search), decoded(url.hash), `${decoded(url.username)} ${decoded(url.password)}`, subdomain];
  if ([...told, ...hidden].some((text) => seedsIn(seeds, text) > 0)) return true;
  return seedsIn(seeds, `${known ? "" : url.hostname} ${dataOf(url)}`) >= FEW;
}
