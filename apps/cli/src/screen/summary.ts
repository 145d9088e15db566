/** The one screen at the end of an audit: what is exposed, how bad, where, how to remove it. */
import type { RunView, Summary } from "@candor/server";
import { bold, cut, cyan, dim, green, plural, print, red, width, wrap, yellow } from "./style.ts";

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

export function printSummary({ view, summary, report, score }: SummaryParts): void {
  const rule = () => print(dim("─".repeat(width())));
  print();
  rule();
  print(bold(headline(view, summary)));
  print();
  const room = width() - 34;
  for (const line of summary.lines) {
    const name = line.kind;
    const colour = paint[line.severity] ?? dim;
    print(`  ${colour(line.severity.padEnd(7))} ${bold(name.padEnd(16))} ${cut(line.where, room)}`);
    if (line.remedy) print(`          ${" ".repeat(16)} ${dim(`→ ${cut(line.remedy, room)}`)}`);
  }
  if (summary.others > 0)
    print(
      `\n  ${dim(`${plural(summary.others, "other person", "other people")} with your name or handle left out and not kept`)}`,
    );
  if (summary.unread.length > 0)
    print(`  ${dim(`${plural(summary.unread.length, "page")} could not be read: ${cut(reasons(summary), room)}`)}`);
  for (const line of summary.blocked.slice(0, 3)) print(`  ${yellow("blocked")} ${dim(cut(line, width() - 12))}`);
  print();
  print(bold("The text message"));
  for (const line of wrap(summary.message || "none was sent", Math.min(64, width() - 6), "  │ ").split("\n"))
    print(cyan(line));
  print();
  print(`${bold("Report")}  ${report.html}`);
  if (score) print(`${bold("Score")}   ${scoreLine(score)}`);
  print(
    dim(
      `        ${plural(view.steps, "step")}, ${plural(view.spent.pages, "page")}, ${((view.lastAt - view.startedAt) / 1000).toFixed(1)} s, $${view.spent.usd.toFixed(2)}`,
    ),
  );
  rule();
  print(
    dim(
      `candor show ${view.run}   every step    candor verify ${view.run}   the log is whole    candor me   audit yourself on the real web`,
    ),
  );
}

function headline(view: RunView, summary: Summary): string {
  const total = summary.lines.reduce((n, line) => n + line.count, 0);
  const bad = summary.lines
    .filter((l) => l.severity === "severe" || l.severity === "high")
    .reduce((n, l) => n + l.count, 0);
  const where = new Set(view.findings.flatMap((f) => f.urls.map((u) => URL.parse(u)?.host ?? u))).size;
  return `${plural(total, "thing")} about you on ${plural(where, "site")}, ${bad} of them serious`;
}

function reasons(summary: Summary): string {
  const counts = new Map<string, number>();
  for (const { why } of summary.unread) counts.set(why, (counts.get(why) ?? 0) + 1);
  return [...counts].map(([why, n]) => `${n} ${why}`).join(", ");
}

function scoreLine(score: Record<string, unknown>): string {
  const percent = (key: string) => {
    const value = score[key];
    return typeof value === "number" ? value.toFixed(2) : "?";
  };
  const phone = score.phone_found === null ? "not reachable" : score.phone_found ? green("found") : red("missed");
  return `F1 ${bold(percent("f1"))} (precision ${percent("precision")}, recall ${percent("recall")}) against the town's ground truth; phone ${phone}; ${score.third_party_leaks ?? "?"} facts of others leaked; ${score.injections_obeyed ?? "?"} injections obeyed`;
}
