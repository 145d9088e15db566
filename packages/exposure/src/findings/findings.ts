/** Folds attributed pages into findings: values made canonical, equal ones merged, with evidence, reasons and path. */
import { createHash } from "node:crypto";
import type { Attribution, Weighed } from "../attribute/attribute.ts";
import { firmKey, placeKey } from "../attribute/known.ts";
import { handleOfAddress } from "../extract/handles.ts";
import { type Claim, type FindingKind, SEALED_KINDS } from "../extract/record.ts";
import { fold, hostOf, tidy, urlKey } from "../extract/words.ts";
import type { Finding, Hop } from "./finding.ts";
import { severityOf } from "./severity.ts";

/** Where a record stands in the log. */
export interface Source {
  at: number;
  step: number;
}

/** A claim is a finding from here on. */
const ENOUGH = 0.55;

interface Gathered {
  kind: FindingKind;
  /** Spellings, with how often each was seen. */
  spellings: Map<string, number>;
  shown: { weighed: Weighed; claim: Claim }[];
}

export function gather(
  attribution: Attribution,
  sources: ReadonlyMap<string, Source>,
  indexed: ReadonlySet<string>,
  judgments: ReadonlyMap<string, "mine" | "not mine">,
): Finding[] {
  const all = new Map<string, Gathered>();
  const mine = attribution.weighed.filter((weighed) => weighed.mine);
  const shows = new Map<string, Set<string>>();
  for (const weighed of mine) {
    for (const claim of [...weighed.subject.claims, ...impliedClaims(weighed, attribution)]) {
      if (claim.confidence < 0.5) continue;
      const canonical = canonicalValue(claim.kind, claim.value);
      if (canonical === "") continue;
      const key = `${claim.kind} ${keyOf(claim.kind, canonical)}`;
      const known: Gathered = all.get(key) ?? { kind: claim.kind, spellings: new Map(), shown: [] };
      known.spellings.set(canonical, (known.spellings.get(canonical) ?? 0) + 1);
      known.shown.push({ weighed, claim });
      all.set(key, known);
      const page = shows.get(weighed.record.url) ?? new Set();
      shows.set(weighed.record.url, page.add(claim.kind));
    }
  }
  const chains = chainsOf(attribution);
  const findings: Finding[] = [];
  for (const [key, { kind, spellings, shown }] of all) {
    const doubts = new Map<string, number>();
    for (const { weighed, claim } of shown) {
      const sure = weighed.verdict.confidence * claim.confidence;
      doubts.set(weighed.record.url, Math.min(doubts.get(weighed.record.url) ?? 1, 1 - sure));
    }
    const confidence = Math.min(0.99, 1 - [...doubts.values()].reduce((product, doubt) => product * doubt, 1));
    const value = bestSpelling(kind, spellings);
    const id = createHash("sha256").update(key).digest("hex").slice(0, 12);
    const judgment = judgments.get(id);
    if (confidence < ENOUGH && judgment !== "mine") continue;
    const surest = [...shown].sort(
      (a, b) =>
        b.weighed.verdict.confidence * b.claim.confidence - a.weighed.verdict.confidence * a.claim.confidence ||
        (a.weighed.record.url < b.weighed.record.url ? -1 : 1),
    );
    const [first] = surest;
    if (!first) continue;
    const urls = [...new Set(surest.map((each) => each.weighed.record.url))];
    const found = urls.some((url) => indexed.has(urlKey(url)));
    findings.push({
      id,
      kind,
      value,
      evidence: urls.slice(0, 20).map((url) => {
        const each = surest.find((one) => one.weighed.record.url === url) ?? first;
        const source = sources.get(`${url} ${each.weighed.record.hash}`) ?? { at: 0, step: 0 };
        return { url, quote: each.claim.quote, hash: each.weighed.record.hash, ...source };
      }),
      chain: chains(first.weighed.record.url),
      why: { for: first.weighed.verdict.for.slice(0, 5), against: first.weighed.verdict.against.slice(0, 4) },
      confidence: judgment === "mine" ? 0.99 : confidence,
      severity: severityOf({
        kind,
        value,
        indexed: found,
        pages: urls.map((url) => ({
          kind: surest.find((each) => each.weighed.record.url === url)?.weighed.record.kind ?? "article",
          shows: shows.get(url) ?? new Set(),
        })),
      }),
      indexed: found,
      ...(judgment ? { judgment } : {}),
    });
  }
  return order(mergeSchools(mergePlaces(findings)));
}

/** What a page shows without saying it in a field: its account, its pictures, where a picture was taken. */
function impliedClaims(weighed: Weighed, attribution: Attribution): Claim[] {
  const { record, subject, verdict } = weighed;
  const claims: Claim[] = [];
  const add = (kind: FindingKind, value: string, quote: string, confidence: number): void => {
    claims.push({ kind, value, quote, confidence });
  };
  for (const handle of subject.handles) {
    const host = handle.host || record.host;
    if (host === "" || attribution.known.ownedHosts.has(host) || (handle.how === "mention" && !subject.main)) continue;
    if (handle.how === "stated" && !verdict.strong) continue;
    add(
      "username",
      `${handle.handle}@${host}`,
      handle.how === "stated" ? `${handle.handle} on ${host}` : record.title || handle.handle,
      handle.how === "mention" ? 0.75 : handle.how === "stated" ? 0.85 : 0.95,
    );
  }
  if (subject.main && verdict.strong) {
    for (const link of subject.links) {
      const account = link.how === "me" ? handleOfAddress(link.url) : undefined;
      if (account && !attribution.known.ownedHosts.has(hostOf(link.url)))
        add("username", `${account.handle}@${hostOf(link.url)}`, `rel=me ${link.url}`, 0.85);
    }
  }
  for (const photo of subject.photos) add("photo", photo.src, photo.alt || "a picture without a caption", 0.9);
  if (record.image) {
    add("photo", record.url, record.title || "the picture itself", 0.95);
    if (record.image.position) add("location", record.image.position, `EXIF position ${record.image.position}`, 0.95);
  }
  return claims;
}

function canonicalValue(kind: FindingKind, value: string): string {
  if (kind === "photo") return value.split("#")[0] ?? value;
  if (kind === "username") {
    const at = value.lastIndexOf("@");
    return `${value.slice(0, at)}@${value.slice(at + 1).toLowerCase()}`;
  }
  return /^-?\d+\.\d+,-?\d+\.\d+$/.test(value) ? value : tidy(value);
}

/** Values with the same key are one finding. */
function keyOf(kind: FindingKind, value: string): string {
  if (kind === "photo") return urlKey(value);
  if (kind === "employer") return firmKey(value);
  if (kind === "school") return fold(value).replace(/^the /, "").replace(/[.']/g, "");
  if (kind === "interest") return fold(value).replace(/[-–]/g, " ");
  return fold(value);
}

/** The spelling seen most often; among equals a firm's longer one, which has its legal form, and else the shorter. */
function bestSpelling(kind: FindingKind, spellings: ReadonlyMap<string, number>): string {
  const longer = kind === "employer" ? 1 : -1;
  return (
    [...spellings].sort(
      (a, b) =>
        (kind === "employer" ? 0 : b[1] - a[1]) || longer * (b[0].length - a[0].length) || (a[0] < b[0] ? -1 : 1),
    )[0]?.[0] ?? ""
  );
}

/** `Otterford` and `Otterford, Wessex` are one place, under the shorter name. */
function mergePlaces(findings: readonly Finding[]): Finding[] {
  const short = new Map(
    findings
      .filter((finding) => finding.kind === "location" && !finding.value.includes(","))
      .map((finding) => [fold(finding.value), finding]),
  );
  return findings.filter((finding) => {
    if (finding.kind !== "location" || /^-?\d/.test(finding.value) || !finding.value.includes(",")) return true;
    const whole = short.get(placeKey(finding.value));
    if (!whole) return true;
    whole.evidence.push(...finding.evidence.filter((each) => !whole.evidence.some((one) => one.url === each.url)));
    whole.confidence = Math.max(whole.confidence, finding.confidence);
    return false;
  });
}

/** `École Vauban` and `École Vauban de Rennes` are one school, under the name that more pages give. */
function mergeSchools(findings: readonly Finding[]): Finding[] {
  const schools = findings.filter((finding) => finding.kind === "school");
  const gone = new Set<Finding>();
  for (const long of schools) {
    const short = schools.find(
      (each) =>
        each !== long &&
        !gone.has(each) &&
        each.value.includes(" ") &&
        /^,? (?:de|du|des|in|at|of|zu|di|en|d')\b|^, /.test(
          fold(long.value).startsWith(fold(each.value)) ? fold(long.value).slice(fold(each.value).length) : "",
        ),
    );
    if (!short || gone.has(long)) continue;
    const [kept, other] = short.evidence.length >= long.evidence.length ? [short, long] : [long, short];
    if (other.judgment !== undefined) continue;
    kept.evidence.push(...other.evidence.filter((each) => !kept.evidence.some((one) => one.url === each.url)));
    kept.confidence = Math.max(kept.confidence, other.confidence);
    gone.add(other);
  }
  return findings.filter((finding) => !gone.has(finding));
}

function order(findings: Finding[]): Finding[] {
  const kinds: readonly string[] = [...SEALED_KINDS, "location", "employer", "school", "photo", "username", "interest"];
  return findings.sort(
    (a, b) =>
      kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || b.confidence - a.confidence || (a.value < b.value ? -1 : 1),
  );
}

/** The shortest path over links from a page that is the operator's by proof to a page. */
function chainsOf({ known, weighed }: Attribution): (url: string) => Hop[] {
  const pages = new Map(weighed.map((each) => [urlKey(each.record.url), each.record.url]));
  return (url) => {
    const parents = new Map<string, { parent: string; how: string } | null>([[urlKey(url), null]]);
    const queue = [urlKey(url)];
    for (const key of queue) {
      if ((known.owned.get(key) ?? 0) >= 0.9) return walk(key, parents, pages);
      for (const reach of known.reached.get(key) ?? []) {
        const from = urlKey(reach.from);
        if (parents.has(from)) continue;
        parents.set(from, { parent: key, how: reach.how });
        queue.push(from);
      }
    }
    return [{ url, how: "found by search or by a check of your usernames" }];
  };
}

const HOW: Record<string, string> = {
  me: "linked as yours (rel=me)",
  home: "linked",
  own: "linked on the same site",
  account: "the account that it names",
};

function walk(
  start: string,
  parents: ReadonlyMap<string, { parent: string; how: string } | null>,
  pages: ReadonlyMap<string, string>,
): Hop[] {
  const hops: Hop[] = [];
  let how = "proven or named as yours";
  for (let key: string | undefined = start; key !== undefined; ) {
    hops.push({ url: pages.get(key) ?? `http://${key}`, how });
    const next: { parent: string; how: string } | null | undefined = parents.get(key);
    how = next ? (HOW[next.how] ?? next.how) : "";
    key = next?.parent;
  }
  return hops;
}
