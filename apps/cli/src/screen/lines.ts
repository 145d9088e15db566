/** One event as lines of a terminal: a label in its own column, and what it says beside it. */
import type { EventOf, RunEvent } from "@candor/store";
import type { FindingSeen } from "../client/api.ts";
import { bold, cut, cyan, dim, green, plural, red, width, wrap, yellow } from "./style.ts";

type Paint = (text: string) => string;

const INDENT = "      ";
const LABEL = 11;

/** `      found    phone 1, address 1`, wrapped under its own column to at most `most` lines. */
export function line(paint: Paint, label: string, text: string, most = 1, number?: number): string[] {
  const hang = " ".repeat(INDENT.length + Math.max(LABEL, label.length) + 1);
  const room = width() - hang.length;
  const rows = most === 1 ? [cut(text, room)] : wrap(text.replace(/\s+/g, " ").trim(), room).split("\n");
  const kept = rows.slice(0, most);
  if (rows.length > most) kept.push(cut(`${kept.pop()} ${rows[most]}`, room));
  const head = number === undefined ? INDENT : `${dim(String(number).padStart(4))}  `;
  return kept.map((row, i) =>
    (i === 0 ? `${head}${paint(row ? label.padEnd(LABEL) : label)} ${row}` : hang + row).trimEnd(),
  );
}

/** Findings of one step, by kind: `phone 1 · address 1 · interests chess, knitting`. */
export function foundLines(findings: readonly FindingSeen[]): string[] {
  const kinds = Map.groupBy(findings, ({ kind }) => kind);
  const groups = [...kinds].map(([kind, some]) => {
    const values = some.map(({ value }) => cut(bare(value), 60)).join(", ");
    return values.startsWith(kind) ? values : `${some.length > 1 ? `${kind}s` : kind} ${values}`;
  });
  return line((text) => bold(green(text)), "found", groups.join(" · "), 4);
}

/** Signals of one step; the same one several times is said once. */
export function signalLines(signals: readonly EventOf<"signal.raised">[]): string[] {
  const same = Map.groupBy(signals, ({ monitor, reason }) => `${monitor}\n${reason}`);
  return [...same.values()].flatMap((some) => {
    const [first] = some;
    if (!first) return [];
    const times = some.length > 1 ? ` ×${some.length}` : "";
    return line(first.severity === "severe" ? red : yellow, first.monitor, first.reason + times, 3);
  });
}

/** Tools whose names are wider than the column. */
const shortNames: Record<string, string> = {
  check_username: "username",
  breach_lookup: "breaches",
  message_operator: "message",
};

export function thoughtLines({ step, decision }: EventOf<"step.proposed">): string[] {
  const room = width() - INDENT.length;
  const rows = wrap(decision.thought.replace(/\s+/g, " ").trim(), room).split("\n").slice(0, 3);
  return rows.map((row, i) => (i === 0 ? `${dim(String(step).padStart(4))}  ${row}` : INDENT + row));
}

/** What the agent does; `number` where no thought stands above it. */
export function actionLines({ step, decision }: EventOf<"step.proposed">, numbered: boolean): string[] {
  return line(
    cyan,
    shortNames[decision.tool] ?? decision.tool,
    argument(decision.args),
    1,
    numbered ? step : undefined,
  );
}

/** Everything but steps, findings and signals, which the live screen puts together. */
export function otherLines(event: RunEvent): string[] {
  switch (event.type) {
    case "step.judged":
      if (event.verdict.outcome === "deny") return line(red, "denied", event.verdict.reason, 3);
      if (event.verdict.outcome === "ask") return line(yellow, "asks", event.verdict.reason, 3);
      return [];
    case "step.done":
      return outcome(event);
    case "mind.failed":
      return line(red, "mind", event.reason, 3);
    case "approval.answered": {
      const label = {
        approve: "allowed",
        modify: "changed",
        reject: "refused",
        escalate: "passed on",
        terminate: "ended",
        expire: "too late",
      }[event.answer];
      const paint = event.answer === "approve" || event.answer === "modify" ? green : red;
      return line(paint, label, `by ${event.by}${event.message && `: ${event.message}`}`, 3);
    }
    case "operator.said":
      return line(cyan, event.by, event.text, 3);
    case "child.started":
      return line(cyan, "child", `${event.run}: ${event.goal}`, 2);
    case "child.finished":
      return line(cyan, "child", `${event.run} ${event.status}: ${event.result}`, 3);
    case "run.paused":
      return ["", `${yellow("paused")} ${event.reason}`];
    case "run.stopped":
      return ["", `${red("stopped")} by ${event.by}: ${event.reason}`];
    case "run.failed":
      return ["", `${red("failed")} ${event.reason}`];
    case "run.resumed":
      return [dim(`resumed by ${event.by}`)];
    default:
      return [];
  }
}

/** Addresses without their scheme. */
const bare = (text: string): string => text.replace(/^https?:\/\//, "").replace(/\/$/, "");

/** The one argument that says what a call is about. */
function argument(args: Record<string, unknown>): string {
  const named = ["url", "query", "username", "goal", "path", "subject", "text"].find((name) => name in args);
  const said = named ? args[named] : Object.values(args)[0];
  return typeof said === "string" ? bare(said) : said === undefined ? "" : JSON.stringify(said);
}

const results: Record<string, string> = { search: "result", check_username: "account" };

function outcome({ tool, observation }: EventOf<"step.done">): string[] {
  const { status, text, leads, url } = observation;
  if (status === "error" || status === "unknown") return line(red, status, text, 2);
  if (status === "blocked" || status === "refused") return line(yellow, status, text, 2);
  if (status === "missing") return line(dim, "nothing", "");
  // A page speaks through its findings; so do ten results of a search, once they are opened.
  if (url !== undefined || tool === "finish" || tool === "search") return [];
  const said = leads.length > 0 ? plural(leads.length, results[tool] ?? "link") : bare(text.split("\n")[0] ?? "");
  return said ? line(dim, "got", said, 2) : [];
}
