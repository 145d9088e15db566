/** Requests and events for the tests. */
import type { Decision, EffectClass, Observation, Recorded, RunEvent } from "@candor/store";
import type { GuardRequest } from "../guard/request.ts";
import { createTracer, type Tracer } from "../taint/trace.ts";

export const seeds = {
  names: ["Ada Quill"],
  usernames: ["adaquill", "quill_of_halden"],
  city: "Halden",
  employer: "Northwind Lamps",
  sites: ["http://quill.example/"],
};

const EFFECTS: Record<string, EffectClass> = {
  write_file: "write",
  message_operator: "contact",
  send_message: "contact",
  buy: "spend",
  spawn: "spawn",
};

export function request(tool: string, args: Decision["args"] = {}, change: Partial<GuardRequest> = {}): GuardRequest {
  return {
    run: "r-1",
    chain: ["r-1"],
    kind: "audit",
    world: "town",
    goal: "Find what the web shows about me",
    step: 1,
    tool: { name: tool, effect: EFFECTS[tool] ?? "read" },
    args,
    origins: {},
    permissions: "normal",
    seeds,
    ...change,
  };
}

/** A request after a run has read these texts; one line that ends with an address is a link. */
export function after(texts: [origin: string, text: string][], tracer: Tracer = createTracer()) {
  for (const [origin, text] of texts) {
    const link = /^(.*) (https?:\S+)$/.exec(text);
    tracer.add(origin, link?.[1] ?? text, link?.[2]);
  }
  return (tool: string, args: Decision["args"], change: Partial<GuardRequest> = {}) =>
    request(tool, args, { origins: tracer.originsOf(args), ...change });
}

export function recorder(): (event: RunEvent) => Recorded {
  let seq = 0;
  return (event) => ({ run: "r-1", seq: ++seq, at: seq * 1_000, hash: "", event });
}

export const proposed = (step: number, tool: string, args: Decision["args"] = {}, thought = "So."): RunEvent => ({
  type: "step.proposed",
  step,
  decision: { thought, tool, args },
  cost: {},
  viewHash: "",
});

export const done = (step: number, tool: string, change: Partial<Observation> = {}): RunEvent => ({
  type: "step.done",
  step,
  tool,
  effect: EFFECTS[tool] ?? "read",
  observation: { status: "ok", origin: "host:mugbook.example", text: "A page.", leads: [], cost: {}, ...change },
});
