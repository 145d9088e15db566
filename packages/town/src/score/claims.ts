/** Which findings are true, and which facts they found. */
import type { Fact, FactKind, Persona } from "../town.ts";
import { canonicalUrl } from "./urls.ts";
import { sameValue, words } from "./value.ts";

export interface Finding {
  id: string;
  kind: string;
  /** Sealed kinds: `phone 1`, or as the mind sees it `[phone 1: yours]`. username: `handle@host`. photo: address. */
  value: string;
  /** Addresses of the evidence. */
  urls: string[];
}

/** All findings that say the same thing. */
export interface Claim {
  findings: string[];
  kind: string;
  /** In the clear: labels of sealed values resolved. Null where a label points at nothing of the operator's. */
  value: string | null;
  urls: Set<string>;
}

const LABEL = /^\[?\s*(phone|e-mail|address|birth date) (\d+)\s*(?::\s*(yours|not yours))?\s*\]?$/i;

/** Findings of the same kind and value count once, with the evidence of all of them. */
export function claimsOf(findings: readonly Finding[], sealed: Persona["sealed"]): Claim[] {
  const claims = new Map<string, Claim>();
  for (const finding of findings) {
    const value = resolve(finding, sealed);
    const key = `${finding.kind}\n${value === null ? finding.value : /^(photo|location)$/.test(finding.kind) ? value : words(value)}`;
    const claim = claims.get(key) ?? { findings: [], kind: finding.kind, value, urls: new Set<string>() };
    claim.findings.push(finding.id);
    for (const url of finding.urls) claim.urls.add(canonicalUrl(url));
    claims.set(key, claim);
  }
  return [...claims.values()];
}

function resolve({ kind, value }: Finding, sealed: Persona["sealed"]): string | null {
  const label = LABEL.exec(value.trim());
  if (label === null) return value;
  const [, labelled = "", number, whose] = label;
  if (labelled.toLowerCase() !== kind || whose?.toLowerCase() === "not yours") return null;
  const lists: Record<string, string[]> = {
    phone: sealed.phones,
    "e-mail": sealed.emails,
    address: sealed.addresses,
    "birth date": sealed.birthDates,
  };
  return lists[kind]?.[Number(number) - 1] ?? null;
}

export const says = (claim: Claim, fact: Fact): boolean =>
  claim.value !== null && claim.kind === fact.kind && sameValue(claim.kind as FactKind, claim.value, fact.value);

/** Whether one of the claim's addresses shows the fact. An image is evidence of itself. */
export function proves(claim: Claim, fact: Fact): boolean {
  if (fact.urls.length === 0 || fact.kind === "photo") return true;
  return fact.urls.some((url) => claim.urls.has(canonicalUrl(url)));
}
