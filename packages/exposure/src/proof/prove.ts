/** Proof that a page is the operator's: a token on it or in its host's DNS, or links in both directions with a page that is proven. */
import { parseHTML } from "linkedom";
import type { AccountProof } from "../identity/store.ts";

/** A page as fetched. `html` is empty for what is no HTML. */
export interface FetchedPage {
  /** After redirects. */
  url: string;
  status: number;
  html: string;
}

export interface ProofPorts {
  /** @returns null where the page cannot be fetched */
  fetchPage(url: string): Promise<FetchedPage | null>;
  /** TXT records of a name; none where there are none or DNS does not answer. */
  resolveTxt(name: string): Promise<string[]>;
}

export interface ProofRequest {
  site: string;
  /** The identity's public token. */
  token: string;
  /** Pages that are proven already, for links in both directions. */
  provenPages: readonly string[];
  /** In the town a token counts without `candor-proof=` before it. Never on the web. */
  bareToken?: boolean;
  /** Milliseconds since the epoch. */
  now: number;
}

export type Proved = { proven: true; proof: AccountProof } | { proven: false; reason: string };

const VALID_FOR = 30 * 86_400_000;

/** Containers that hold what visitors wrote; a token there proves nothing about the page's owner. */
const VISITORS =
  /(?:^|[^a-z])(?:comments?|repl(?:y|ies)|guestbook|reviews?|responses?|discussion|thread|wall-?posts?|shoutbox|mentions?|webmentions?|feedback|testimonials?|disqus|chat)(?:$|[^a-z])/i;

/** Tries the ways of proof in turn: token, DNS, links. */
export async function prove(request: ProofRequest, ports: ProofPorts): Promise<Proved> {
  const { site, token, now } = request;
  const address = pageAddress(site);
  if (address === null) return { proven: false, reason: `${site} is not the address of a web page` };
  if (token.length < 6) return { proven: false, reason: "the proof token is too short" };
  // A page that repeats its own address would prove any page on its host.
  if (site.includes(token) || safeDecode(site).includes(token))
    return { proven: false, reason: "the address must not hold the token itself" };
  const grant = (method: AccountProof["method"], via?: string): Proved => ({
    proven: true,
    proof: { site, method, provenAt: now, expiresAt: now + VALID_FOR, ...(via === undefined ? {} : { via }) },
  });

  const page = await ports.fetchPage(site);
  const readable = page !== null && page.status >= 200 && page.status < 300;
  if (readable) {
    const landed = new URL(page.url);
    if (landed.hostname !== new URL(site).hostname)
      return { proven: false, reason: `${site} leads to another host: give that address instead` };
    if (holdsToken(page.html, token, request.bareToken ?? false)) return grant("token");
  }
  const { hostname } = new URL(site);
  for (const name of [`_candor.${hostname}`, hostname]) {
    const records = await ports.resolveTxt(name).catch((): string[] => []);
    if (
      records.some(
        (record) => record.trim() === `candor-proof=${token}` || (request.bareToken === true && record.includes(token)),
      )
    )
      return grant("dns");
  }
  if (page === null) return { proven: false, reason: `${site} could not be fetched` };
  if (!readable) return { proven: false, reason: `${site} answered ${page.status}` };
  const ahead = relMe(page.html, page.url);
  for (const proven of request.provenPages) {
    const there = pageAddress(proven);
    if (there === null || there === address || !ahead.has(there)) continue;
    const other = await ports.fetchPage(proven);
    if (other !== null && other.status < 300 && relMe(other.html, other.url).has(address))
      return grant("rel-me", proven);
  }
  return {
    proven: false,
    reason: `${site} shows no candor-proof=… token and no rel="me" link to and from a proven page`,
  };
}

/** Proves every site again; what fails is dropped, and with it whatever was proven only through it. */
export async function recheck(
  proofs: readonly AccountProof[],
  request: Omit<ProofRequest, "site" | "provenPages">,
  ports: ProofPorts,
): Promise<{ kept: AccountProof[]; dropped: { site: string; reason: string }[] }> {
  const kept: AccountProof[] = [];
  const dropped: { site: string; reason: string }[] = [];
  // Those that stand on their own come first; the others lean on them.
  const order = [...proofs].sort((a, b) => Number(a.method === "rel-me") - Number(b.method === "rel-me"));
  let waiting = order;
  for (let round = 0; waiting.length > 0; round++) {
    const failed: AccountProof[] = [];
    const reasons = new Map<string, string>();
    for (const proof of waiting) {
      const answer = await prove({ ...request, site: proof.site, provenPages: kept.map(({ site }) => site) }, ports);
      if (answer.proven) kept.push(answer.proof);
      else {
        failed.push(proof);
        reasons.set(proof.site, answer.reason);
      }
    }
    // A chain of links needs another round for each link.
    const leaning = failed.filter(({ method }) => method === "rel-me");
    if (failed.length === waiting.length || leaning.length === 0 || round > proofs.length) {
      dropped.push(...failed.map(({ site }) => ({ site, reason: reasons.get(site) ?? "" })));
      break;
    }
    dropped.push(
      ...failed
        .filter(({ method }) => method !== "rel-me")
        .map(({ site }) => ({ site, reason: reasons.get(site) ?? "" })),
    );
    waiting = leaning;
  }
  return { kept, dropped };
}

export function isCurrent(proof: AccountProof, now: number): boolean {
  return proof.provenAt <= now && now < proof.expiresAt;
}

/** Normalised: no fragment, no `www.`, no slash at the end, no tracking parameters; the scheme does not count. Null for no web page. */
export function pageAddress(text: string, base?: string): string | null {
  try {
    const url = new URL(text, base);
    if (url.protocol !== "http:" && url.protocol !== "https:") return null;
    url.hash = "";
    url.username = "";
    url.password = "";
    for (const key of [...url.searchParams.keys()])
      if (/^utm_|^fbclid$|^gclid$/.test(key)) url.searchParams.delete(key);
    url.searchParams.sort();
    const port = url.port === "" ? "" : `:${url.port}`;
    const path = url.pathname.replace(/\/index\.html?$/i, "/").replace(/\/+$/, "");
    return `https://${url.hostname.replace(/^www\./, "")}${port}${path}${url.search}`;
  } catch {
    return null;
  }
}

function holdsToken(html: string, token: string, bare: boolean): boolean {
  if (!html.includes(token)) return false;
  if (bare) return true;
  const { document } = parseHTML(/<html[\s>]/i.test(html) ? html : `<html><body>${html}</body></html>`);
  for (const meta of document.querySelectorAll("meta")) {
    const name = meta.getAttribute("name") ?? meta.getAttribute("property") ?? "";
    const content = meta.getAttribute("content") ?? "";
    if (name.toLowerCase() === "candor-proof" && content.trim() === token) return true;
    if (marked(content, token)) return true;
  }
  for (const element of document.querySelectorAll("script, style, template, noscript, textarea, input"))
    element.remove();
  for (const element of document.querySelectorAll("[class], [id], [itemprop], [itemtype], [role]"))
    if (isVisitors(element)) element.remove();
  // Text alone: an attribute or a comment in the source is no statement of the page.
  return marked(document.documentElement.textContent ?? "", token);
}

function marked(text: string, token: string): boolean {
  const at = text.search(
    new RegExp(`candor-proof\\s*[=:]\\s*${token.replace(/[^A-Za-z0-9]/g, "\\$&")}(?![A-Za-z0-9])`),
  );
  return at >= 0;
}

function isVisitors(element: { tagName: string; getAttribute(name: string): string | null }): boolean {
  // `<body class="comments-open">` speaks of the page, not of what is in it.
  if (/^(?:html|body|main)$/i.test(element.tagName)) return false;
  const names = ["class", "id", "itemprop", "itemtype", "role"]
    .map((name) => element.getAttribute(name) ?? "")
    .join(" ");
  return VISITORS.test(names.replace(/([a-z])([A-Z])/g, "$1-$2"));
}

/** Addresses that a page claims as its owner's with rel="me". Links of visitors do not count. */
export function relMe(html: string, base: string): Set<string> {
  const found = new Set<string>();
  if (html === "") return found;
  const { document } = parseHTML(/<html[\s>]/i.test(html) ? html : `<html><body>${html}</body></html>`);
  for (const link of document.querySelectorAll("a[rel], link[rel], area[rel]")) {
    const rel = (link.getAttribute("rel") ?? "").toLowerCase().split(/\s+/);
    if (!rel.includes("me") || rel.includes("ugc")) continue;
    let inside: typeof link | null = link;
    let visitors = false;
    while (inside !== null && !visitors) {
      visitors = isVisitors(inside);
      inside = inside.parentElement;
    }
    const address = visitors ? null : pageAddress(link.getAttribute("href") ?? "", base);
    if (address !== null) found.add(address);
  }
  return found;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
