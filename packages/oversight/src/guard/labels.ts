/** Masked identifiers in text, and the data labels that rules can name. */

import { addressesOf } from "../taint/addresses.ts";
import { facet } from "../taint/facets.ts";
import { readingsOfText } from "../taint/readings.ts";
import { SENT, THOUGHT, textsOf } from "./arguments.ts";
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

/** What others wrote, first hand or passed on: pages, tools from outside, children, and memory, which may hold their words. */
export const isForeign = (origin: string): boolean =>
  isPage(origin) || origin.startsWith("child:") || origin === "memory";

/**
 * Origins of all arguments, and what they are: `sealed` (also `yours`), `third-party` (also `not yours`), `page`, `page-text`,
 * `page-token`, `this-host` and `other-host` (text of the host that is addressed, or of another), `new-address`.
 */
export function labelsOf(request: GuardRequest): string[] {
  const labels = new Set<string>();
  const addressed = new Set(addressesOf(request.args).map(({ url }) => `host:${url.host}`));
  for (const [key, origins] of Object.entries(request.origins)) {
    if (key.startsWith(SENT) || key.startsWith(THOUGHT)) continue;
    for (const origin of origins) labels.add(origin);
    if (!key.includes("#")) {
      if (origins.some(isForeign)) labels.add("page");
      if (origins.some((origin) => addressed.has(origin))) labels.add("this-host");
      if (origins.some((origin) => origin.startsWith("host:") && !addressed.has(origin))) labels.add("other-host");
    }
    if (!origins.some(isPage)) continue;
    if (key.endsWith("#long")) labels.add("page-text");
    if (key.endsWith("#token")) labels.add("page-token");
  }
  for (const [path, text] of textsOf(request.args)) {
    const { plain, hidden } = readingsOfText(text);
    const readings = [...plain, ...hidden];
    if (readings.some(holdsOthersLabel)) for (const label of ["third-party", "not yours"]) labels.add(label);
    if (readings.some((reading) => OWN.test(reading))) for (const label of ["sealed", "yours"]) labels.add(label);
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
