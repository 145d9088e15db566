/** How findings are called in sentences, headings, the terminal and the text message. */
import type { Severity } from "@candor/store";
import type { FindingKind } from "../extract/record.ts";
import { hostOf } from "../extract/words.ts";
import type { Finding } from "../findings/finding.ts";
import { rankOf, worst } from "../findings/severity.ts";

const NAMES: Record<FindingKind, [one: string, many: string]> = {
  phone: ["phone number", "phone numbers"],
  "e-mail": ["e-mail address", "e-mail addresses"],
  address: ["home address", "home addresses"],
  "birth date": ["date of birth", "dates of birth"],
  employer: ["employer", "employers"],
  school: ["school", "schools"],
  interest: ["interest", "interests"],
  username: ["account", "accounts"],
  photo: ["photo", "photos"],
  location: ["place", "places"],
};

export const kindName = (kind: FindingKind, count = 1): string => NAMES[kind][count === 1 ? 0 : 1];

export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** A finding's own name: `Phone number 1`, `Harrow & Finch Ltd`, `marlwren on mugbook.example`. */
export function valueName({ kind, value }: Pick<Finding, "kind" | "value">): string {
  const label = /^(phone|e-mail|address|birth date) (\d+)$/.exec(value);
  if (label) return kind === "birth date" ? "Date of birth" : `${capital(kindName(kind))} ${label[2]}`;
  if (kind === "username") {
    const at = value.lastIndexOf("@");
    return `${value.slice(0, at)} on ${value.slice(at + 1)}`;
  }
  if (kind === "photo") return `${decode(value.split("/").at(-1) ?? value)} on ${hostOf(value)}`;
  if (kind === "location" && /^-?\d+\.\d+,-?\d+\.\d+$/.test(value)) return `Position ${value.replace(",", ", ")}`;
  return value;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `your phone number, your home address and 4 more` */
export function listOf(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? "";
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

const counted = (findings: readonly Finding[], kind: FindingKind): number =>
  findings.filter((finding) => finding.kind === kind).length;

export interface Headline {
  sentence: string;
  detail: string;
  severity: Severity;
}

/** What is exposed and how bad it is, in a sentence and a half. */
export function headline(findings: readonly Finding[]): Headline {
  const severity = worst(findings.map((finding) => finding.severity));
  if (findings.length === 0)
    return {
      sentence: "Nothing was found about you.",
      detail: "Read below what could not be looked at before you rely on it.",
      severity: "info",
    };
  const kinds = (["phone", "address", "birth date", "e-mail"] as const).filter((kind) => counted(findings, kind) > 0);
  const bad = findings.filter((finding) => rankOf(finding.severity) >= 2);
  const hosts = new Set(findings.flatMap((finding) => finding.evidence.map(({ url }) => hostOf(url))));
  const sentence =
    kinds.length > 0
      ? `Your ${listOf(kinds.map((kind) => kindName(kind, counted(findings, kind))))} can be found by anyone.`
      : `${findings.length} ${findings.length === 1 ? "thing" : "things"} about you can be found by anyone.`;
  const detail = `${findings.length} ${findings.length === 1 ? "finding" : "findings"} on ${hosts.size} ${hosts.size === 1 ? "site" : "sites"}${bad.length > 0 ? `; ${bad.length} of them ${bad.length === 1 ? "is" : "are"} worth acting on today` : "; none of them is urgent"}.`;
  return { sentence, detail, severity };
}
