/** A run small enough for a test: log in memory, mind that replays a script, tools that count what they did. */
import { createHash } from "node:crypto";
import {
  type Budget,
  Conflict,
  type Decision,
  type EventLog,
  type EventOf,
  type Recorded,
  RunEvent,
  type Verdict,
} from "@candor/store";
import { z } from "zod";
import type { Tool } from "../ports.ts";
import { tellParent } from "./family.ts";
import type { MindPool, Parts } from "./parts.ts";
import { fold, isOver } from "./state.ts";
import { defineTool, said } from "./tool.ts";
import { createWarden, type Warden, type WardenOptions } from "./warden.ts";

/** An event log in memory. After `cut` appends it fails once, before or after writing, as a crash would. */
export class MemoryLog implements EventLog {
  readonly runs = new Map<string, Recorded[]>();
  readonly #listeners = new Set<(event: Recorded) => void>();
  appends = 0;
  cut: { at: number; written: boolean } | undefined;
  /** Default: the number of the append. */
  clock: (() => number) | undefined;

  async append(run: string, after: number, events: readonly RunEvent[]): Promise<Recorded[]> {
    this.appends++;
    const fails = this.cut?.at === this.appends;
    if (fails && !this.cut?.written) throw new Error("cut off");
    const all = this.runs.get(run) ?? [];
    if (all.length !== after) throw new Conflict(`${run} is at ${all.length}, not ${after}`);
    const recorded = events.map((event, i) => ({
      run,
      seq: after + i + 1,
      at: this.clock?.() ?? this.appends,
      hash: createHash("sha256")
        .update(`${run}${after + i}`)
        .digest("hex"),
      event: RunEvent.parse(event),
    }));
    this.runs.set(run, [...all, ...recorded]);
    for (const event of recorded) for (const listener of this.#listeners) listener(event);
    if (fails) throw new Error("cut off");
    return recorded;
  }

  async read(run: string, after = 0, most = Number.POSITIVE_INFINITY): Promise<Recorded[]> {
    return (this.runs.get(run) ?? []).slice(after, after + most);
  }

  subscribe(_run: string, listener: (event: Recorded) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  events(run: string): RunEvent[] {
    return (this.runs.get(run) ?? []).map((r) => r.event);
  }
}

export const budget: Budget = { steps: 50, tokens: 0, usd: 0, seconds: 600, pages: 100, pagesPerHost: 20 };

export const started = (more: Partial<EventOf<"run.started">> = {}): EventOf<"run.started"> => ({
  type: "run.started",
  kind: "run",
  goal: "a goal for a test",
  wanted: [],
  seed: 1,
  world: { kind: "town", seed: 1 },
  mind: { kind: "scripted" },
  budget,
  permissions: {},
  mode: "continuous",
  isolation: "none",
  version: "test",
  ...more,
});

export interface Deed {
  run: string;
  step: number;
  tool: string;
  what: string;
}

export interface World {
  log: MemoryLog;
  warden: Warden;
  /** What the tools did, in order: `read a`, `send b`. */
  effects: string[];
  /** The same, with the step that did it. */
  deeds: Deed[];
  queue: string[];
  work(run: string, signal?: AbortSignal): Promise<string>;
  /** Works on everything that was asked for, children included. */
  drain(): Promise<void>;
}

export interface WorldOptions {
  /** The decision of each step, by run. */
  script(run: string, step: number): Decision | Error;
  judge?(tool: string, args: Record<string, unknown>): Verdict["outcome"];
  tools?: Tool[];
  /** What happens while the mind decides. */
  decideWith?(infer: Parameters<MindPool["decide"]>[2]): Promise<void>;
  /** Replaces parts of the run. */
  parts?: Partial<Parts>;
  /** Whether a message with this reference arrived. */
  arrived?(reference: string): boolean | null;
  /** Replaces parts of the warden. */
  warden?: Partial<WardenOptions>;
}

export const decide = (tool: string, args: Record<string, unknown> = {}): Decision => ({
  thought: "as the script says",
  tool,
  args,
});

export function createWorld(options: WorldOptions): World {
  const log = new MemoryLog();
  const effects: string[] = [];
  const deeds: Deed[] = [];
  const queue: string[] = [];
  const note = (name: string, repeatable: boolean) =>
    defineTool({
      name,
      description: name,
      effect: repeatable ? "read" : "contact",
      repeatable,
      args: z.object({ what: z.string() }),
      run: async ({ what }, { run, step }) => {
        effects.push(`${name} ${what}`);
        deeds.push({ run, step, tool: name, what });
        return said(`${name} ${what}`);
      },
    });
  const minds: MindPool = {
    isolation: "none",
    decide: async (_, view, infer) => {
      await options.decideWith?.(infer);
      const next = options.script(view.run, view.step);
      if (next instanceof Error) throw next;
      return next;
    },
    close: async () => {},
  };
  const parts: Parts = {
    world: {} as Parts["world"],
    tools: [note("look", true), note("send", false), ...(options.tools ?? [])],
    guard: {
      judge: ({ tool, args }) => {
        const outcome = options.judge?.(tool.name, args) ?? "allow";
        return { outcome, rule: "test", reason: outcome };
      },
    },
    tracer: { add: () => {}, originsOf: () => ({}) },
    monitors: { observe: () => [] },
    masker: {
      document: (document) => ({ document, counts: { yours: 0, others: 0 } }),
      text: (text) => ({ text, counts: { yours: 0, others: 0 } }),
    },
    analyst: null,
    courier: {
      deliver: async () => ({ status: "ok", via: "test", id: "1" }),
      arrived: async (reference) => options.arrived?.(reference) ?? null,
    },
    seeds: () => ({ names: [], usernames: [], sites: [] }),
    infer: null,
    ...options.parts,
  };
  let runs = 0;
  const wardenOptions: WardenOptions = {
    log,
    minds,
    assemble: async () => parts,
    newRunId: () => `child-${++runs}`,
    enqueue: async (run) => {
      if (!queue.includes(run)) queue.push(run);
    },
    stop: async (run, reason) => {
      const state = fold(run, await log.read(run));
      if (!isOver(state)) await log.append(run, state.seq, [{ type: "run.stopped", reason, by: "test" }]);
      const parent = await tellParent(log, fold(run, await log.read(run)));
      if (parent) await wardenOptions.enqueue(parent);
    },
    narrow: (parent) => parent,
    workspaceOf: () => "/nonexistent",
    version: "test",
    ...options.warden,
  };
  const warden = createWarden(wardenOptions);
  const world: World = {
    log,
    warden,
    effects,
    deeds,
    queue,
    work: (run, signal = new AbortController().signal) => warden.work(run, signal),
    drain: async () => {
      // What was cut off is taken up again, as the engine does after a crash.
      for (let run = queue.shift(); run; run = queue.shift()) {
        const again = run;
        await world.work(run).catch(() => queue.push(again));
      }
    },
  };
  return world;
}
