/** A question of a run as lines: what it wants to do, why it asks, for whom, and until when. */
import type { Question } from "@candor/server";
import { cut, dim, red, width, yellow } from "./style.ts";

/** `open  url: https://example.org/` and what belongs to it. */
export function questionLines(question: Question): string[] {
  const { decision, reason, chain, expiresAt, escalatedTo, unknownOutcome } = question;
  const room = width() - 4;
  const lines = [
    `${yellow(decision.tool)}  ${cut(argumentLines(question).join("  "), Math.max(20, room - decision.tool.length - 2))}`,
    ...(unknownOutcome ? [red("It may have happened already.")] : []),
    cut(reason, room),
  ];
  if (chain.length > 1) lines.push(dim(cut(chainText(question), room)));
  if (escalatedTo) lines.push(`passed on to ${escalatedTo}`);
  if (expiresAt !== undefined) lines.push(dim(`becomes a no on ${moment(expiresAt)}`));
  return lines;
}

export const argumentLines = ({ decision }: Question): string[] =>
  Object.entries(decision.args).map(
    ([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );

/** `for r-1 (find clubs) > r-2 (look at boats)`, the first asker first. */
export const chainText = ({ chain }: Question): string =>
  `for ${chain.map(({ run, goal }) => `${run}${goal ? ` (${cut(goal, 40)})` : ""}`).join(" > ")}`;

export const moment = (at: number): string =>
  new Date(at).toLocaleString(undefined, { dateStyle: "short", timeStyle: "short" });
