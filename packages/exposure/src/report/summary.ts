/** The short forms: a screen of lines for the terminal, and the text message. */
import type { Severity } from "@candor/store";
import { FINDING_KINDS, type FindingKind } from "../extract/record.ts";
import { hostOf } from "../extract/words.ts";
import type { Finding } from "../findings/finding.ts";
import { rankOf, worst } from "../findings/severity.ts";
import type { RemediedFinding } from "../remedies/remedies.ts";
import { headline, kindName, listOf, valueName } from "./words.ts";

export interface SummaryLine {
  kind: FindingKind;
  /** `2 phone numbers` */
  label: string;
  count: number;
  severity: Severity;
  /** `findfolk.example, mugbook.example and 3 more` */
  where: string;
  /** What they are, where they can be named; sealed kinds by label. */
  what: string;
  /** What to do about the worst of them. */
  remedy: string;
}

/** One line per kind, the worst first: what is exposed, how bad, where, and how to remove it. */
export function summaryLines(findings: readonly RemediedFinding[]): SummaryLine[] {
  const lines = FINDING_KINDS.flatMap((kind): SummaryLine[] => {
    const some = findings
      .filter((finding) => finding.kind === kind)
      .sort((a, b) => rankOf(b.severity) - rankOf(a.severity));
    const [first] = some;
    if (!first) return [];
    const places = [...some]
      .sort((a, b) => rankOf(b.severity) - rankOf(a.severity))
      .flatMap((finding) => finding.evidence.map(({ url }) => hostOf(url)));
    const remedy = first.remedies.find((each) => each.place !== "own site") ?? first.remedies[0];
    return [
      {
        kind,
        label: `${some.length} ${kindName(kind, some.length)}`,
        count: some.length,
        severity: worst(some.map((finding) => finding.severity)),
        where: few([...new Set(places)], 2),
        what: few(some.map(valueName), 3),
        remedy: remedy ? `${remedy.title} (${remedy.difficulty})` : "",
      },
    ];
  });
  return lines.sort((a, b) => rankOf(b.severity) - rankOf(a.severity));
}

function few(items: readonly string[], most: number): string {
  if (items.length <= most) return listOf(items);
  return `${items.slice(0, most).join(", ")} and ${items.length - most} more`;
}

const MOST = 480;

/** The text message: labels only, at most 480 characters. */
export function messageText(findings: readonly Finding[]): string {
  const { sentence, detail } = headline(findings);
  const bad = [...findings]
    .filter((finding) => rankOf(finding.severity) >= 2)
    .sort((a, b) => rankOf(b.severity) - rankOf(a.severity));
  const counts = FINDING_KINDS.map(
    (kind) => [kind, findings.filter((finding) => finding.kind === kind).length] as const,
  ).filter(([, count]) => count > 0);
  const parts = [
    `Candor: ${sentence} ${detail}`,
    ...bad
      .slice(0, 4)
      .map(
        (finding) =>
          `- ${finding.value.length > 40 ? finding.kind : finding.kind === "username" || finding.kind === "location" ? finding.kind : finding.value}: ${hostOf(finding.evidence[0]?.url ?? "")}`,
      ),
    counts.length > 0
      ? `In all: ${counts.map(([kind, count]) => `${count} ${kindName(kind, count)}`).join(", ")}.`
      : "",
    "How to remove each is in your report.",
  ].filter((part) => part !== "");
  let text = "";
  for (const part of parts) if (`${text}\n${part}`.length <= MOST) text = text === "" ? part : `${text}\n${part}`;
  return text;
}
