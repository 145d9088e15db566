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

/** Percent-encoding, and plus signs for spaces, undone as often as they were put on. */
export function decoded(text: string): string {
  let result = text;
  for (let round = 0; round < 3 && /%[0-9a-f]{2}|\+/i.test(result); round++) {
    const next = result.replaceAll("+", " ").replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
      try {
        return decodeURIComponent(run);
      } catch {
        return run.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
      }
    });
    if (next === result) break;
    result = next;
  }
  return result;
}

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
  const known = [...(request.origins[facet(path, "link")] ?? []), ...(request.origins[facet(path, "mention")] ?? [])];
  return known.length === 0 && !isOwnSite(request, text);
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
