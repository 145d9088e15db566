/**
 * The process that is stopped: Candor's own warden, supervisor, off switch, latches on disk and mind processes in their sandbox.
 * Only the log lies in memory, and the one tool asks an address of the benchmark, which counts.
 * `node stop-warden.ts HOME OBSERVER MIND [lease]`, spoken to over the IPC channel.
 */
import { dirname, join } from "node:path";
import { createMindPool, createWarden, defineTool, type Parts, said } from "@candor/agent";
import { Lease, latchFolder } from "@candor/oversight";
import type { Budget, EventOf } from "@candor/store";
import { z } from "zod";
// Not the whole server: a trial with the lease starts a process of its own.
import { OffSwitch } from "../../apps/server/src/off-switch/off-switch.ts";
import { Supervisor } from "../../apps/server/src/supervisor.ts";
import { descendants } from "./serve-process.ts";
import { CuttableLog } from "./stop-log.ts";
import { type FromWarden, monotonic, ToWarden } from "./stop-protocol.ts";

const [, , home = "", observer = "", mind = "", lease] = process.argv;
/** What no trial uses up; a parent sets the budgets of its children aside. */
const share: Budget = { steps: 1e6, tokens: 0, usd: 0, seconds: 1e6, pages: 1e6, pagesPerHost: 1e6 };
const endless: Budget = { steps: 1e12, tokens: 0, usd: 0, seconds: 1e12, pages: 1e12, pagesPerHost: 1e12 };
/** What a mind is told that asked the language model: larger than any pipe. */
const LONG = "x".repeat(1_000_000);

const hit = defineTool({
  name: "hit",
  description: "Asks the observer.",
  effect: "read",
  args: z.object({}),
  run: async (_, { run, signal }) => {
    const response = await fetch(`${observer}/hit/${run}`, { signal });
    await response.arrayBuffer();
    return said("hit");
  },
});

const parts: Parts = {
  world: {
    kind: "web",
    network: { userAgent: "bench", politenessMs: 0, timeoutMs: 1_000, maxBytes: 1_000 },
    search: null,
    sites: [],
    breachRangeUrl: null,
  },
  tools: [hit],
  guard: { judge: () => ({ outcome: "allow", rule: "bench", reason: "" }) },
  tracer: { add: () => {}, originsOf: () => ({}) },
  monitors: { observe: () => [] },
  masker: {
    document: (document) => ({ document, counts: { yours: 0, others: 0 } }),
    text: (text) => ({ text, counts: { yours: 0, others: 0 } }),
  },
  analyst: null,
  courier: null,
  seeds: () => ({ names: [], usernames: [], sites: [] }),
  infer: async () => ({ text: LONG, calls: [], tokens: 0, usd: 0 }),
};

const log = new CuttableLog();
const minds = createMindPool({ size: 4, entry: mind, readable: [dirname(dirname(mind))] });
const warden = createWarden({
  log,
  minds,
  assemble: async () => parts,
  newRunId: () => "never",
  enqueue: async () => {},
  stop: async () => {},
  isStopped: (run) => offSwitch.isStopped(run),
  narrow: (parent) => parent,
  workspaceOf: (run) => join(home, run),
  version: "bench",
});
const supervisor = new Supervisor(warden, async () => {});
const offSwitch = new OffSwitch({
  home,
  supervisor,
  store: {
    kind: "embedded",
    log,
    runs: { list: async () => [], resolve: async (text) => text },
    engine: { enqueue: async () => {} },
  },
});

const started = (goal: string, parent?: string): EventOf<"run.started"> => ({
  type: "run.started",
  kind: "run",
  goal,
  wanted: [],
  seed: 1,
  world: { kind: "web" },
  mind: { kind: "scripted" },
  budget: parent ? share : endless,
  permissions: {},
  mode: "continuous",
  tools: ["hit"],
  isolation: minds.isolation,
  version: "bench",
  ...(parent && { parent: { run: parent, step: 1 } }),
});

const say = (message: FromWarden): void => void process.send?.(message);
const childOf = (tree: string, n: number): string => `${tree}-${n}`;

/** All at work at once; what each wants of its mind is its goal. */
async function begin(tree: string, goals: readonly string[]): Promise<void> {
  const family = goals.map((goal, n) => ({
    type: "child.started" as const,
    step: 1,
    run: childOf(tree, n),
    goal,
    budget: share,
  }));
  await log.append(tree, 0, [started("use hit"), ...family]);
  await Promise.all(goals.map((goal, n) => log.append(childOf(tree, n), 0, [started(goal, tree)])));
  for (const run of [tree, ...goals.map((_, n) => childOf(tree, n))])
    void offSwitch.admit(run, (chain) => supervisor.work(chain));
}

async function stop(tree: string, children: number): Promise<void> {
  const received = monotonic();
  const { cut, recorded } = offSwitch.stop(tree, "bench", "bench");
  say({ type: "stopped", received, returned: monotonic(), cut: cut.length });
  log.mend();
  await recorded;
  while (
    supervisor.isWorking(tree) ||
    Array.from({ length: children }, (_, n) => n).some((n) => supervisor.isWorking(childOf(tree, n)))
  )
    await new Promise((resolve) => setTimeout(resolve, 1));
  offSwitch.forget(tree);
  for (let n = 0; n < children; n++) {
    log.forget(childOf(tree, n));
    offSwitch.forget(childOf(tree, n));
  }
  log.forget(tree);
  say({ type: "settled" });
}

process.on("message", (given) => {
  const message = ToWarden.parse(given);
  switch (message.type) {
    case "begin":
      void begin(message.tree, message.goals);
      return;
    case "freeze minds":
      for (const pid of descendants(process.pid)) process.kill(pid, "SIGSTOP");
      say({ type: "done" });
      return;
    case "cut log":
      log.cut();
      say({ type: "done" });
      return;
    case "spin":
      say({ type: "done" });
      // In this turn: once the word is out nothing else of this process happens.
      for (;;);
    case "block":
      say({ type: "done" });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      return;
    case "stop":
      void stop(message.tree, message.children);
  }
});
process.on("disconnect", () => process.exit(0));
if (lease) new Lease({ path: join(home, "serve.lease"), folder: latchFolder(home) });
await offSwitch.watch();
say({ type: "ready" });
