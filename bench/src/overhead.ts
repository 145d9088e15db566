/** What the warden costs: the time of a run that neither its mind nor its world took, per step and store. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inFreshHome } from "@candor/server";
import type { Decision, Recorded } from "@candor/store";
import { generateTown, type Page } from "@candor/town";
import { type Bench, type BenchContext, figure, goal, option, type Row } from "./bench.ts";
import { type Scratch, scratchDatabase } from "./scratch-database.ts";

const SEED = 7;
const STEPS = 300;

export const overhead: Bench = {
  name: "overhead",
  description: "the warden's own time per step on both stores, beside LangGraph JS (--steps N, CANDOR_PEERS=FOLDER)",
  duration: "1 min",
  run: async ({ args, note }) => {
    const steps = Number(option(args, "steps") ?? STEPS);
    const rows: Row[] = rowsOf("PGlite", await scriptedRun(steps), "< 8");
    rows.push(...rowsOf("PGlite, audit", await auditRun(), "< 8"));
    const scratch = await scratchDatabase();
    if (!scratch) {
      note("PostgreSQL does not answer on 127.0.0.1:5432: its rows are empty.");
      return [...rows, figure("ms_per_step", "PostgreSQL", null, "ms")];
    }
    try {
      const ours = await scriptedRun(steps, scratch.url);
      rows.push(...withPeer(rowsOf("PostgreSQL", ours, "< 4"), ours, await langGraph(scratch, steps, note)));
    } finally {
      await scratch.drop();
    }
    return rows;
  },
};

/** Milliseconds of overhead in each step after the first, whose time holds the start of everything. */
async function scriptedRun(steps: number, databaseUrl?: string): Promise<number[]> {
  return inFreshHome(
    async ({ service, finish }) => {
      const { run } = await service.start(
        {
          kind: "run",
          goal: "Read about the town and keep notes.",
          seed: SEED,
          world: { kind: "town", seed: SEED, peaceful: true },
          mind: { kind: "scripted", script: scriptOf(steps) },
          budget: { steps: steps + 1, pages: steps, pagesPerHost: steps, seconds: 3_600 },
        },
        "bench",
      );
      await finish(run);
      return overheads(await service.events(run, 0), steps);
    },
    { databaseUrl },
  );
}

async function auditRun(): Promise<number[]> {
  return inFreshHome(async ({ service, finish }) => {
    const { run } = await service.start(
      { kind: "audit", seed: SEED, world: { kind: "town", seed: SEED }, mind: { kind: "scout" } },
      "bench",
    );
    await finish(run);
    return overheads(await service.events(run, 0));
  });
}

/** Notes, plans and pages in turn, each different from the others, so that no monitor sees a loop. */
function scriptOf(steps: number): Decision[] {
  const pages = readablePages();
  return Array.from({ length: steps }, (_, n) => {
    const thought = `Step ${n + 1} of ${steps}.`;
    const page = pages[Math.floor(n / 3) % pages.length];
    if (n % 3 === 0 && page) return { thought, tool: "open", args: { url: `http://${page.host}${page.path}` } };
    if (n % 3 === 1) return { thought, tool: "remember", args: { text: `The ${n}th thing worth keeping.` } };
    return { thought, tool: "plan", args: { subgoals: [{ text: `Chapter ${n}` }, { text: "Finish" }] } };
  });
}

/** Plain pages of different hosts in turn, none that robots.txt of its host could forbid. */
function readablePages(): Page[] {
  const town = generateTown(SEED);
  const free = new Set(town.hosts.filter(({ robots, rate }) => !robots && !rate).map(({ name }) => name));
  const plain = town.pages.filter(
    (page) =>
      free.has(page.host) &&
      page.status === 200 &&
      !page.behaviour &&
      !page.hostile &&
      !page.path.includes("?") &&
      page.contentType.startsWith("text/html"),
  );
  return [...Map.groupBy(plain, ({ host }) => host).values()].flatMap((pages) => pages.slice(0, 12));
}

/** From one result or denial to the next, less what the mind and the tool took. */
function overheads(events: readonly Recorded[], expected?: number): number[] {
  const found: number[] = [];
  let since: number | undefined;
  let elsewhere = 0;
  for (const { at, event } of events) {
    if (event.type === "step.proposed" || event.type === "mind.failed") elsewhere += event.cost.ms ?? 0;
    if (event.type === "step.done") elsewhere += event.observation.cost.ms ?? 0;
    else if (event.type !== "step.judged" || event.verdict.outcome !== "deny") continue;
    if (since !== undefined) found.push(at - since - elsewhere);
    since = at;
    elsewhere = 0;
  }
  if (expected !== undefined && found.length < expected - 1) {
    throw new Error(`the run took ${found.length + 1} steps of ${expected}: the figure would not be about all of them`);
  }
  return found;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

const rowsOf = (store: string, values: readonly number[], wanted: string): Row[] => [
  goal("ms_per_step", store, mean(values), wanted, "ms"),
  figure("p95_ms", store, percentile(values, 0.95), "ms"),
];

function withPeer(rows: Row[], ours: readonly number[], peer: Peer | undefined): Row[] {
  const named = { peer: "langgraph-js + postgres checkpointer", peer_value: peer?.sync ?? null };
  const ratio = peer ? peer.sync / mean(ours) : null;
  const compared = rows.map((row) => (row.metric === "ms_per_step" ? { ...row, ...named, ratio } : row));
  if (!peer) return compared;
  return [...compared, figure("langgraph_async_ms_per_step", "PostgreSQL", peer.async, "ms")];
}

interface Peer {
  /** Milliseconds per step, each checkpoint written before the next step: what the warden promises too. */
  sync: number;
  /** With checkpoints written beside the next step, LangGraph's default. */
  async: number;
}

interface Checkpointer {
  pool: { on(event: "error", listener: () => void): void };
  setup(): Promise<void>;
  end(): Promise<void>;
}
interface LangGraph {
  StateGraph: new (state: unknown) => Graph;
  Annotation: { <T>(): T; Root(fields: Record<string, unknown>): unknown };
  START: string;
  END: string;
}
interface Graph {
  addNode(name: string, act: (state: GraphState) => Partial<GraphState>): Graph;
  addEdge(from: string, to: string): Graph;
  addConditionalEdges(from: string, choose: (state: GraphState) => string): Graph;
  compile(options: { checkpointer: unknown }): { invoke(state: GraphState, options: unknown): Promise<unknown> };
}
interface GraphState {
  n: number;
  decision: unknown;
  observation: unknown;
}

/** The loop every agent on LangGraph is: a node that decides, a node that acts; both free here. */
async function langGraph(scratch: Scratch, steps: number, note: BenchContext["note"]): Promise<Peer | undefined> {
  const require = createRequire(pathToFileURL(join(process.env.CANDOR_PEERS ?? process.cwd(), "peers.cjs")));
  const load = (name: string) => import(pathToFileURL(require.resolve(name)).href);
  let graphs: LangGraph;
  let checkpointer: Checkpointer;
  try {
    graphs = (await load("@langchain/langgraph")) as LangGraph;
    const { PostgresSaver } = await load("@langchain/langgraph-checkpoint-postgres");
    checkpointer = PostgresSaver.fromConnString(scratch.url);
  } catch {
    note(
      "LangGraph is not here: npm i --prefix FOLDER @langchain/langgraph @langchain/langgraph-checkpoint-postgres " +
        "@langchain/core, then CANDOR_PEERS=FOLDER.",
    );
    return undefined;
  }
  const { StateGraph, Annotation, START, END } = graphs;
  const state = Annotation.Root({ n: Annotation(), decision: Annotation(), observation: Annotation() });
  // Its last connections are still closing when the database is dropped.
  checkpointer.pool.on("error", () => undefined);
  await checkpointer.setup();
  const graph = new StateGraph(state)
    .addNode("agent", ({ n }) => ({
      decision: { thought: `Step ${n + 1}.`, tool: "remember", args: { text: `The ${n}th thing worth keeping.` } },
    }))
    .addNode("tools", ({ n }) => ({
      n: n + 1,
      observation: { status: "ok", origin: "memory", text: `Remembered: the ${n}th thing worth keeping.`, leads: [] },
    }))
    .addEdge(START, "agent")
    .addEdge("agent", "tools")
    .addConditionalEdges("tools", ({ n }) => (n < steps ? "agent" : END))
    .compile({ checkpointer });
  const measure = async (durability: "sync" | "async"): Promise<number> => {
    const began = performance.now();
    await graph.invoke(
      { n: 0, decision: null, observation: null },
      { configurable: { thread_id: durability }, recursionLimit: steps * 2 + 10, durability },
    );
    return (performance.now() - began) / steps;
  };
  try {
    return { sync: await measure("sync"), async: await measure("async") };
  } finally {
    await checkpointer.end();
  }
}
