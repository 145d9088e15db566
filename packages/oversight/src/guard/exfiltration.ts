/** An address that the mind made up must not carry out what the run knows. */
import { facet } from "../taint/facets.ts";
import { dataOf } from "../taint/trace.ts";
import { argumentsOf } from "./arguments.ts";
import { decoded, holdsLabel, holdsOthersLabel, holdsSealedName, isOwnSite, isPage } from "./labels.ts";
import type { GuardRequest, Invariant } from "./request.ts";
import { deny, named } from "./verdicts.ts";

/** Fewer characters of the operator's own words than this can be a username in a profile's address. */
const FEW = 12;

export const noMaskedLabelsOut: Invariant = (request) => {
  const leaves = request.tool.effect !== "read" && request.tool.effect !== "spawn";
  for (const [path, text] of argumentsOf(request.args)) {
    const plain = decoded(text);
    if (leaves && holdsOthersLabel(plain))
      return deny("others stay out", "It would pass on something about somebody else, which Candor never does.");
    const outward = path === "url" || (request.tool.name === "search" && path === "query") || /^\s*https?:/i.test(text);
    if (outward && request.tool.name !== "note_finding" && holdsLabel(plain))
      return deny(
        "masked stays masked",
        "The address or query holds a masked identifier, which must not leave the run.",
      );
  }
  return null;
};

export const noDataInAddresses: Invariant = (request) => {
  if (request.tool.effect === "spawn" || request.tool.name === "note_finding") return null;
  for (const [path, text] of argumentsOf(request.args)) {
    const url = /^\s*https?:/i.test(text) ? URL.parse(text.trim()) : null;
    if (!url || wasOffered(request, path) || isOwnSite(request, text)) continue;
    const data = `${dataOf(url)} ${decoded(url.hash)} ${hiddenIn(url)}`;
    if (holdsSealedName(data))
      return deny("no data in addresses", `The address on ${url.host} would carry out what was found about you.`);
    const carried = (request.origins[facet(path, "carries")] ?? []).filter((origin) => origin !== `host:${url.host}`);
    if (carried.length > 0)
      return deny(
        "no data in addresses",
        `No page offered this address on ${url.host}, and it holds text from ${named(carried)}: opening it would carry that out.`,
      );
    if (seedCharacters(request, `${url.hostname} ${data}`) >= FEW)
      return deny(
        "no data in addresses",
        `No page offered this address on ${url.host}, and it would tell that site about you; use search instead.`,
      );
  }
  return null;
};

/** A link of a page, a search result, or an address the operator named. */
function wasOffered(request: GuardRequest, path: string): boolean {
  return (request.origins[facet(path, "link")] ?? []).some((origin) => isPage(origin) || origin === "operator");
}

/** Values that are text in base64 or hex. */
function hiddenIn(url: URL): string {
  const candidates = `${url.pathname}/${url.search}${url.hash}`.match(/[\w+=-]{12,}/g) ?? [];
  const readable = candidates.flatMap((each) => {
    const forms = [Buffer.from(each, "base64").toString("utf8")];
    if (/^(?:[0-9a-f]{2})+$/i.test(each)) forms.push(Buffer.from(each, "hex").toString("utf8"));
    return forms.filter((form) => /^[\p{L}\p{N}\p{P}\s=+]+$/u.test(form));
  });
  return readable.join(" ").slice(0, 20_000);
}

const squash = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** How many characters of what the operator let the agent know stand in a text. */
function seedCharacters({ seeds }: GuardRequest, text: string): number {
  const own = [...seeds.names, ...seeds.usernames, seeds.city ?? "", seeds.employer ?? ""].map(squash);
  let rest = squash(text);
  let characters = 0;
  for (const seed of [...new Set(own)].sort((a, b) => b.length - a.length)) {
    if (seed.length < 3 || !rest.includes(seed)) continue;
    characters += seed.length;
    rest = rest.replaceAll(seed, " ");
  }
  return characters;
}
