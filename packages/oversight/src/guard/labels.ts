/** Masked identifiers in text, and the data labels that rules can name. */
import { facet } from "../taint/facets.ts";
import { argumentsOf } from "./arguments.ts";
import type { GuardRequest } from "./request.ts";

const KINDS = "phone|e-?mail|address|birth ?date|person";
/** As the masker writes it, with or without brackets, spaces encoded or not. */
const LABEL = new RegExp(`(?:${KINDS})[\\s_+-]*\\d+\\s*:\\s*(?:not[\\s_+-]*)?yours|\\[(?:${KINDS})[\\s_+-]*\\d+`, "i");
const OTHERS = new RegExp(`(?:${KINDS})[\\s_+-]*\\d+\\s*:\\s*not[\\s_+-]*yours|\\[person[\\s_+-]*\\d+\\]`, "i");
const OWN = new RegExp(`(?:${KINDS})[\\s_+-]*\\d+\\s*:\\s*yours`, "i");
/** What is left of a label that was put into an address: `phone=phone 1`. */
const SEALED = /(?:^|[^a-z])(?:phone|e-?mail|address|birth ?date)[\s_+-]\d+(?![\w])/i;

export const holdsLabel = (text: string): boolean => LABEL.test(text);
export const holdsOthersLabel = (text: string): boolean => OTHERS.test(text);
export const holdsSealedName = (text: string): boolean => LABEL.test(text) || SEALED.test(text);

export const isPage = (origin: string): boolean => origin.startsWith("host:") || origin.startsWith("tool:");

/** Origins of all arguments, and `yours`, `not yours`, `page-text`, `page-token`, `new-address`. */
export function labelsOf(request: GuardRequest): string[] {
  const labels = new Set<string>();
  for (const [key, origins] of Object.entries(request.origins)) {
    for (const origin of origins) labels.add(origin);
    if (!origins.some(isPage)) continue;
    if (key.endsWith("#long")) labels.add("page-text");
    if (key.endsWith("#token")) labels.add("page-token");
  }
  for (const [path, text] of argumentsOf(request.args)) {
    if (holdsOthersLabel(text)) labels.add("not yours");
    if (OWN.test(text)) labels.add("yours");
    if (path === "url" && isNewAddress(request, path, text)) labels.add("new-address");
  }
  return [...labels];
}

function isNewAddress(request: GuardRequest, path: string, text: string): boolean {
  const url = URL.parse(text.trim());
  const front = url !== null && url.pathname + url.search === "/" && !url.username;
  const facets = ["link", "mention", ...(front ? (["host"] as const) : [])] as const;
  const known = facets.some((name) => request.origins[facet(path, name)]?.length);
  return !known && !isOwnSite(request, text);
}

/** Whether an address is one that the operator named, or the front page of one. */
export function isOwnSite({ seeds }: GuardRequest, url: string): boolean {
  const parsed = URL.parse(url);
  if (!parsed) return false;
  return seeds.sites.some((site) => {
    const own = URL.parse(site);
    return (
      own !== null && own.host === parsed.host && (own.href === parsed.href || parsed.pathname + parsed.search === "/")
    );
  });
}

/** Whether the operator has a site on the host of an address. */
export const isOwnHost = ({ seeds }: GuardRequest, url: URL): boolean =>
  seeds.sites.some((site) => URL.parse(site)?.host === url.host);
