/** A trace as the events of a run, so that the monitors of live runs read it. */
import type { Decision, Observation, Recorded, RunEvent } from "@candor/store";
import { effectOf } from "../monitors/tool-effect.ts";
import { ANSWER, readAction } from "./action.ts";
import { type Trace, type Turn, turnsOf } from "./trace.ts";

export interface Told {
  events: Recorded[];
  /** For each event, the turn of the trace that it is from. */
  turns: number[];
}

/** Limits are the live run's business; a trace tells nothing of them. */
const NO_LIMITS = { steps: 1e6, tokens: 1e9, usd: 1e6, seconds: 1e9, pages: 1e6, pagesPerHost: 1e6 };
const FAILED =
  /^\W*(?:error|exception|traceback|failed|failure|could not|cannot|unable|invalid|denied|forbidden|unauthori[sz]ed|not found)\b|"?(?:error|exception)"?\s*[:=]\s*(?!\s*(?:null|none|false|""|''))/i;

/** @param run the id that the events carry */
export function toEvents(trace: Trace, run = `trace ${trace.id}`): Told {
  const told: Told = { events: [], turns: [] };
  const put = (event: RunEvent, turn: number): void => {
    const seq = told.events.length + 1;
    told.events.push({ run, seq, at: seq * 1_000, hash: "", event });
    told.turns.push(turn);
  };
  const turns = turnsOf(trace);
  const first = turns.findIndex((turn) => turn.role === "user");
  put(started(trace, turns[first]), Math.max(0, first));
  let step = 0;
  let last: Decision | undefined;
  for (const [at, turn] of turns.entries()) {
    if (turn.role === "user") {
      if (at !== first) put({ type: "operator.said", text: turn.content, by: "user" }, at);
    } else if (turn.role === "agent") {
      step++;
      last = decisionOf(turn);
      const outcome = turn.outcome ?? "allow";
      put({ type: "step.proposed", step, decision: last, cost: turn.cost ?? {}, viewHash: "" }, at);
      put({ type: "step.judged", step, argsHash: "", verdict: { outcome, rule: "trace", reason: "" } }, at);
    } else {
      const tool = last?.tool ?? "observe";
      const effect = turn.effect ?? effectOf(tool);
      put({ type: "step.done", step: Math.max(1, step), tool, effect, observation: observationOf(turn, tool) }, at);
    }
  }
  return told;
}

function started(trace: Trace, user: Turn | undefined): RunEvent {
  return {
    type: "run.started",
    kind: "run",
    goal: user?.role === "user" ? user.content : "",
    wanted: [],
    seed: 0,
    world: { kind: "web" },
    mind: { kind: "scripted" },
    budget: NO_LIMITS,
    permissions: trace.profile ?? "",
    mode: "continuous",
    isolation: "trace",
    version: "trace",
  };
}

function decisionOf(turn: Extract<Turn, { role: "agent" }>): Decision {
  const { tool, args } = readAction(turn.action || turn.content || "");
  return {
    thought: turn.thought.trim(),
    tool: tool === ANSWER ? "finish" : tool,
    args: tool === ANSWER ? { summary: args.text } : args,
  };
}

function observationOf(turn: Extract<Turn, { role: "environment" }>, tool: string): Observation {
  const host = URL.parse(turn.url ?? "")?.host;
  return {
    status: turn.status ?? (FAILED.test(turn.content.slice(0, 400)) ? "error" : "ok"),
    origin: host ? `host:${host}` : `tool:${tool}`,
    text: turn.content,
    leads: turn.leads ?? [],
    cost: turn.cost ?? {},
    ...(turn.url && { url: turn.url }),
    ...(turn.hash && { hash: turn.hash }),
    ...(turn.yield && { record: { found: true } }),
  };
}
