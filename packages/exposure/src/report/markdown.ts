/** The report as Markdown. */

import type { Report } from "./report.ts";
import { capital, kindName, valueName } from "./words.ts";

/** Text of pages may hold anything: nothing of it may become markup. */
const plain = (text: string): string => text.replace(/[\\`*_{}[\]<>#|~!]/g, "\\$&").replace(/\s+/g, " ");

const address = (url: string): string => `<${url.replace(/[<>\s]/g, encodeURIComponent)}>`;

export function markdown(report: Report): string {
  const lines: string[] = [
    `# ${plain(report.headline.sentence)}`,
    "",
    `${plain(report.headline.detail)} Self-audit of ${plain(report.name)}, ${day(report.ended)}, run \`${report.run}\`.`,
    "",
    "| what | how many | how bad | where |",
    "| --- | --- | --- | --- |",
    ...report.summary.map(
      ({ kind, count, severity, hosts }) =>
        `| ${capital(kindName(kind, count))} | ${count} | ${severity} | ${hosts.slice(0, 3).join(", ")}${hosts.length > 3 ? ` and ${hosts.length - 3} more` : ""} |`,
    ),
    "",
  ];
  if (report.since) {
    const { appeared, gone, stayed, unconfirmed } = report.since;
    lines.push(
      "## Since the last time",
      "",
      `${appeared.length} appeared, ${gone.length} went away, ${stayed.length} stayed, ${unconfirmed.length} could not be checked.`,
      "",
    );
    for (const each of appeared) lines.push(`- new: ${plain(valueName(each))}`);
    for (const each of gone) lines.push(`- gone: ${plain(valueName(each))}`);
    lines.push("");
  }
  lines.push("## Findings", "");
  for (const finding of report.findings) {
    lines.push(
      `### ${plain(valueName(finding))}`,
      "",
      `${capital(kindName(finding.kind))} · ${finding.severity} · ${Math.round(finding.confidence * 100)} % sure`,
      "",
    );
    for (const { url, quote } of finding.evidence.slice(0, 5))
      lines.push(`> ${plain(quote)}`, ">", `> ${address(url)}`, "");
    if (finding.why.for.length > 0)
      lines.push(
        `Yours because ${finding.why.for.map(plain).join("; ")}.${finding.why.against.length > 0 ? ` Against it: ${finding.why.against.map(plain).join("; ")}.` : ""}`,
        "",
      );
    for (const remedy of finding.remedies) {
      lines.push(
        `**${plain(remedy.title)}** (${remedy.difficulty})${remedy.start ? `: ${address(remedy.start)}` : ""}`,
        "",
        ...remedy.steps.map((step, i) => `${i + 1}. ${plain(step)}`),
        "",
      );
    }
  }
  if (report.unread.length > 0)
    lines.push(
      "## What could not be read",
      "",
      ...report.unread.map(({ url, reason }) => `- ${address(url)}: ${reason}`),
      "",
    );
  if (report.blocked.length > 0)
    lines.push(
      "## What was blocked",
      "",
      ...report.blocked.map(({ step, reason }) => `- step ${step}: ${plain(reason)}`),
      "",
    );
  const { method } = report;
  lines.push(
    "## How it was done",
    "",
    `${report.others} passages about other people of the same name or handle were dropped. ${report.masked.others} identifiers of others were masked and not kept.`,
    "",
    `Mind: ${plain(method.mind)}. World: ${plain(method.world)}. ${method.steps} steps, ${method.pages} pages, ${method.searches} searches, ${method.tokens} tokens, $${method.usd.toFixed(2)}. Isolation: ${plain(method.isolation)}. ${plain(capital(method.outcome))}.`,
    "",
  );
  return lines.join("\n");
}

export const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
