/** The one screen at the end of an audit: what is exposed, how bad, where, how to remove it. */
import type { RunView, Summary } from "@candor/server";
import { candor } from "./command.ts";
import { bold, cut, cyan, dim, plural, print, red, width, wrap, yellow } from "./style.ts";

const paint: Record<string, (text: string) => string> = {
  severe: red,
  high: red,
  medium: yellow,
  low: yellow,
  info: dim,
};

export interface SummaryParts {
  view: RunView;
  summary: Summary;
  report: { html: string };
  score?: Record<string, unknown> | undefined;
}

/** Columns of the label at the left edge of the last block. */
const LABEL = 8;
/** Columns of severity and kind in the table. */
const LEFT = 27;

export function printSummary({ view, summary, report, score }: SummaryParts): void {
  print();
  print(dim("─".repeat(width())));
  for (const row of wrap(summary.headline.sentence, width()).split("\n")) print(bold(row));
  print(wrap(summary.headline.detail, width()));
  if (summary.since) {
    const { appeared, gone, stayed, unconfirmed } = summary.since;
    const unsure = unconfirmed > 0 ? `, ${unconfirmed} could not be looked at` : "";
    print(yellow(`Since then: ${appeared} new, ${gone} gone, ${stayed} as before${unsure}.`));
  }
  print();
  for (const line of summary.lines) printLine(line);
  print();
  for (const line of aside(summary)) for (const row of wrap(line, width(), "  ").split("\n")) print(dim(row));
  print();
  entry("Text", summary.message || "none was sent", cyan);
  entry("Report", report.html);
  if (score) entry("Score", scoreText(score));
  const { steps, spent, startedAt, lastAt } = view;
  const seconds = ((lastAt - startedAt) / 1000).toFixed(1);
  entry("Cost", `${plural(steps, "step")}, ${plural(spent.pages, "page")}, ${seconds} s, $${spent.usd.toFixed(2)}`);
  print();
  for (const [command, says] of [
    [`open ${view.run}`, "every step, in your browser"],
    ["me set", "begin with yourself"],
  ] as const)
    print(`${candor(command).padEnd(34)} ${dim(says)}`);
}

/** Severity, kind and places; what is worth acting on also says how to remove it. */
function printLine({ kind, severity, where, remedy }: Summary["lines"][number]): void {
  const colour = paint[severity] ?? dim;
  print(`  ${colour(severity.padEnd(7))} ${bold(kind.padEnd(LEFT - 9))} ${cut(where, width() - LEFT - 2)}`);
  if (!remedy || (severity !== "severe" && severity !== "high")) return;
  // A narrow terminal has no room for it beside the kind.
  const indent = width() < 80 ? 10 : LEFT + 1;
  print(`${" ".repeat(indent)} ${dim(`→ ${cut(remedy, width() - indent - 3)}`)}`);
}

/** A label and what belongs to it, under its own edge. */
function entry(label: string, text: string, colour: (text: string) => string = (t) => t): void {
  const rows = wrap(text, width() - LABEL).split("\n");
  for (const [i, row] of rows.entries()) print(`${bold((i === 0 ? label : "").padEnd(LABEL))}${colour(row)}`);
}

/** What was left out, left unread and not obeyed. */
function aside({ others, masked, unread, orders }: Summary): string[] {
  const lines: string[] = [];
  if (others > 0 || masked > 0)
    lines.push(
      `Not kept: ${plural(others, "passage")} about others of your name, ${plural(masked, "identifier")} of others`,
    );
  if (unread.length > 0) lines.push(`Not read: ${tally(unread.map(({ why }) => why))}`);
  if (orders > 0) lines.push(`Not obeyed: ${plural(orders, "order")} that pages gave to the agent`);
  return lines;
}

/** `it wants a login (2), its redirects lead in a circle`, the most frequent first. */
function tally(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([text, n]) => (n > 1 ? `${text} (${n})` : text))
    .join(", ");
}

function scoreText(score: Record<string, unknown>): string {
  const rate = (key: string) => {
    const value = score[key];
    return typeof value === "number" ? value.toFixed(2) : "?";
  };
  const phone = score.phone_found === null ? "not reachable" : score.phone_found ? "found" : "missed";
  return `F1 ${rate("f1")}, precision ${rate("precision")}, recall ${rate("recall")}; phone ${phone}; ${score.third_party_leaks ?? "?"} leaks; ${score.injections_obeyed ?? "?"} orders obeyed`;
}
