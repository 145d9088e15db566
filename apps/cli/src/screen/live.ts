/** A run as it happens, in the terminal: what the agent is about to do and why, what it found, what was blocked. */
import type { EventOf, Recorded, RunEvent } from "@candor/store";
import type { FindingSeen } from "../client/api.ts";
import { bold, cut, cyan, dim, green, plural, print, red, width, yellow } from "./style.ts";

/** Prints events one by one. */
export class LiveScreen {
  #said = new Set<string>();

  event({ event }: Recorded): void {
    for (const line of lines(event)) print(line);
  }

  finding(finding: FindingSeen): void {
    if (this.#said.has(finding.id)) return;
    this.#said.add(finding.id);
    print(`      ${green("found")} ${bold(finding.kind)}: ${cut(finding.value, width() - 20)}`);
  }
}

function lines(event: RunEvent): string[] {
  switch (event.type) {
    case "step.proposed":
      return proposed(event);
    case "step.judged":
      if (event.verdict.outcome === "deny")
        return [`      ${red("denied")} ${cut(event.verdict.reason, width() - 14)}`];
      if (event.verdict.outcome === "ask")
        return [`      ${yellow("asks")} ${cut(event.verdict.reason, width() - 12)}`];
      return [];
    case "step.done":
      return done(event);
    case "signal.raised":
      return [`      ${yellow(event.monitor)} ${cut(event.reason, width() - 8 - event.monitor.length)}`];
    case "mind.failed":
      return [`      ${red("mind")} ${cut(event.reason, width() - 12)}`];
    case "approval.answered":
      return [
        `      ${event.answer === "approve" ? green("approved") : red(`${event.answer}ed`)} by ${event.by} ${dim(event.message)}`,
      ];
    case "operator.said":
      return [`      ${cyan(event.by)} ${event.text}`];
    case "child.started":
      return [`      ${cyan("child")} ${event.run}: ${cut(event.goal, width() - 30)}`];
    case "child.finished":
      return [`      ${cyan("child")} ${event.run} ${event.status}: ${cut(event.result, width() - 40)}`];
    case "run.paused":
      return [`${yellow("paused")} ${event.reason}`];
    case "run.stopped":
      return [`${red("stopped")} by ${event.by}: ${event.reason}`];
    case "run.failed":
      return [`${red("failed")} ${event.reason}`];
    case "run.resumed":
      return [dim(`resumed by ${event.by}`)];
    default:
      return [];
  }
}

function proposed({ step, decision }: EventOf<"step.proposed">): string[] {
  const what = `${decision.tool} ${argument(decision.args)}`.trim();
  return [
    `${dim(String(step).padStart(4))}  ${dim(cut(decision.thought, width() - 7))}`,
    `      ${cyan(decision.tool)} ${cut(what.slice(decision.tool.length), width() - 8 - decision.tool.length)}`,
  ];
}

/** The one argument that says what a call is about. */
function argument(args: Record<string, unknown>): string {
  const first =
    args.url ??
    args.query ??
    args.username ??
    args.goal ??
    args.path ??
    args.subject ??
    args.text ??
    Object.values(args)[0];
  return typeof first === "string" ? first : first === undefined ? "" : JSON.stringify(first);
}

function done({ observation }: EventOf<"step.done">): string[] {
  const { status, text, masked } = observation;
  const result: string[] = [];
  if (status === "blocked" || status === "refused" || status === "error" || status === "unknown") {
    result.push(
      `      ${status === "error" || status === "unknown" ? red(status) : yellow(status)} ${cut(text, width() - 16)}`,
    );
  } else if (status === "missing") result.push(`      ${dim("nothing there")}`);
  if (masked && masked.others > 0)
    result.push(`      ${dim(`${plural(masked.others, "identifier")} of other people masked and not kept`)}`);
  return result;
}
