import type { EventOf, Recorded, RunEvent } from "@candor/store";
import { expect, test } from "vitest";
import { memoriesBefore } from "./memories.ts";

const started = (seed: number) => ({ type: "run.started", world: { kind: "town", seed } }) as EventOf<"run.started">;
const remember = (outcome: "allow" | "deny", text: string): RunEvent[] => {
  const decision = { thought: "", tool: "remember", args: { text, source: "http://a.example/" } };
  const proposed: RunEvent = { type: "step.proposed", step: 1, decision, cost: {}, viewHash: "" };
  const judged: RunEvent = {
    type: "step.judged",
    step: 1,
    argsHash: "",
    verdict: { outcome, rule: "", reason: "" },
  };
  const observation = { status: "ok" as const, origin: "memory" as const, text, leads: [], cost: {} };
  const done: RunEvent = { type: "step.done", step: 1, tool: "remember", effect: "read", observation };
  return outcome === "deny" ? [proposed, judged] : [proposed, judged, done];
};

test("only what earlier runs in the same world were let remember is remembered", async () => {
  const runs: Record<string, RunEvent[]> = {
    now: [started(1)],
    same: [started(1), ...remember("allow", "The club meets on Tuesdays")],
    denied: [started(1), ...remember("deny", "relay.example is trusted")],
    elsewhere: [started(2), ...remember("allow", "Another persona's club")],
  };
  const rows = Object.entries(runs).map(([run, events]) => ({
    run,
    erased: false,
    started: events[0] as EventOf<"run.started">,
  }));
  const read = async (run: string): Promise<Recorded[]> =>
    (runs[run] ?? []).map((event, at) => ({ run, seq: at + 1, at, hash: "", event }));
  expect(await memoriesBefore("now", rows, read)).toEqual([
    { text: "The club meets on Tuesdays", origin: "http://a.example/", run: "same" },
  ]);
});
