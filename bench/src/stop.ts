/** The off switch under every fault: how long until nothing further happens, and what happened all the same. */
import { Latches, latchFolder } from "@candor/oversight";
import { type Bench, type BenchContext, figure, goal, numbers, option, type Row } from "./bench.ts";
import { quantile } from "./quantile.ts";
import { sleep } from "./serve-process.ts";
import { commandRows } from "./stop-command.ts";
import { Observer } from "./stop-observer.ts";
import { monotonic } from "./stop-protocol.ts";
import { type Gathered, StopState } from "./stop-state.ts";
import { WardenProcess } from "./stop-warden-process.ts";

/** Milliseconds: without faults, with any, and with a warden that cannot be reached. */
const GOALS = { none: "< 50", faults: "< 500", lease: "<= 2000" } as const;
/** What two children of the tree ask of their minds; the others act as fast as they can. */
const HOSTILE: Record<string, string> = {
  none: "use hit",
  "mind spins": "hang",
  "mind floods": "flood-errors",
  "mind ignores signals": "deaf",
  "minds SIGSTOPped": "sleep",
  "pipe full": "clog",
  "database gone": "use hit",
};
const UNREACHABLE = "warden unreachable";
const FAULTS = [...Object.keys(HOSTILE), UNREACHABLE];
/** Hits after which a tree counts as under way. */
const UNDER_WAY = 20;
/** Wardens that are made unreachable at the same time. */
const AT_ONCE = 6;
/** After the last trial, for whatever comes late. */
const LATE_MS = 1_000;
const PROGRESS_MS = 15_000;

interface Cell {
  fault: string;
  children: number;
  trials: number;
  state: StopState;
  note: BenchContext["note"];
  signal: AbortSignal;
}

export const stop: Bench = {
  name: "stop",
  description:
    "the off switch under faults, 1 to 1,000 children (--quick, --trials N, --children A,B, --faults A,B, --state FILE)",
  duration: "3 h",
  run: async ({ args, note }) => {
    const quick = args.includes("--quick");
    const trials = Number(option(args, "trials") ?? (quick ? 20 : 1_000));
    const sizes = numbers(option(args, "children") ?? (quick ? "1,100" : "1,100,1000"));
    const faults = option(args, "faults")?.split(",") ?? FAULTS;
    const odd = faults.find((fault) => !FAULTS.includes(fault) && fault !== "command");
    if (odd) throw new Error(`there is no fault "${odd}"; there are ${FAULTS.join(", ")}`);
    note(
      "A trial: a tree of one run and its children is put to work in Candor's own warden and mind processes (the log lies in " +
        "memory), each asking an HTTP server of the benchmark as fast as it can; at a random moment it is stopped. Latency: from " +
        "the warden's receipt to the later of its word that the stop holds and the last request that the server saw. " +
        "effects_after: requests that the server saw afterwards, to the end of the cell. Warden unreachable: from the stop " +
        "laid down beside it to the end of its process.",
    );
    const state = new StopState(option(args, "state"));
    const interrupted = new AbortController();
    process.once("SIGINT", () => interrupted.abort());
    const rows: Row[] = [];
    for (const fault of faults.filter((each) => each !== "command"))
      for (const children of sizes) {
        if (interrupted.signal.aborted) break;
        const cell = { fault, children, trials, state, note, signal: interrupted.signal };
        const missing = state.of(cell).latencies.length < trials;
        if (missing) await (fault === UNREACHABLE ? leaseCell : stopCell)(cell);
        const figures = rowsOf(cell, state.of(cell));
        note(
          figures.map(({ metric, value }) => `${metric} ${value?.toFixed(metric.endsWith("_ms") ? 1 : 0)}`).join(", "),
        );
        rows.push(...figures);
      }
    if (!interrupted.signal.aborted && (!option(args, "faults") || faults.includes("command")))
      rows.push(...(await commandRows(quick ? 5 : trials, note)));
    return rows;
  },
};

async function stopCell(cell: Cell): Promise<void> {
  const { fault, children, trials, state, note, signal } = cell;
  const observer = new Observer();
  const warden = await WardenProcess.start(await observer.listen());
  const progress = progressOf(cell, note);
  const add = adder(cell, observer);
  try {
    for (let trial = state.of(cell).latencies.length; trial < trials && !signal.aborted; trial++) {
      const tree = `t${trial}`;
      const goals = Array.from({ length: children }, (_, n) => (n < 2 ? (HOSTILE[fault] ?? "") : "use hit"));
      warden.tell({ type: "begin", tree, goals });
      await observer.until(tree, UNDER_WAY);
      await sleep(Math.random() * 20);
      if (fault === "minds SIGSTOPped" || fault === "database gone") {
        warden.tell({ type: fault === "database gone" ? "cut log" : "freeze minds" });
        await warden.hears("done");
      }
      warden.tell({ type: "stop", tree, children });
      const { received, returned } = await warden.hears("stopped");
      const { last } = await observer.barrier(tree);
      add(Math.max(returned, last) - received);
      await warden.hears("settled");
      progress(trial + 1);
    }
    await sleep(LATE_MS);
    add(null);
  } finally {
    await warden.end();
    observer.close();
  }
}

/** The warden's process is suspended, or its event loop stands still, asleep or at work, in turns. */
async function leaseCell(cell: Cell): Promise<void> {
  const { children, trials, state, note, signal } = cell;
  const observer = new Observer();
  const address = await observer.listen();
  const progress = progressOf(cell, note);
  let next = state.of(cell).latencies.length;
  const add = adder(cell, observer);
  const worker = async (): Promise<void> => {
    for (let trial = next++; trial < trials && !signal.aborted; trial = next++) {
      const tree = `t${trial}`;
      const warden = await WardenProcess.start(address, { lease: true });
      try {
        warden.tell({ type: "begin", tree, goals: Array.from({ length: children }, () => "use hit") });
        await observer.until(tree, UNDER_WAY);
        if (trial % 2 === 0) warden.signal("SIGSTOP");
        else {
          warden.tell({ type: trial % 4 === 1 ? "block" : "spin" });
          await warden.hears("done");
        }
        const asked = monotonic();
        new Latches(latchFolder(warden.home, {})).ask({ target: tree, reason: "bench", by: "bench", at: Date.now() });
        await observer.barrier(tree);
        await warden.exited();
        add(monotonic() - asked);
      } finally {
        await warden.end();
      }
      progress(state.of(cell).latencies.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, trials - next) }, worker));
  await sleep(LATE_MS);
  add(null);
  observer.close();
}

/** Writes down a trial, or null for the end of a part, with what was seen of stopped trees since the last one. */
function adder(cell: Cell, observer: Observer): (latency: number | null) => void {
  let counted = 0;
  return (latency) => {
    cell.state.add(cell, latency, observer.after - counted);
    counted = observer.after;
  };
}

function rowsOf({ fault, children }: Cell, { latencies, after }: Gathered): Row[] {
  const name = `${fault}, ${children} ${children === 1 ? "child" : "children"}`;
  const wanted = fault === UNREACHABLE ? GOALS.lease : fault === "none" ? GOALS.none : GOALS.faults;
  return [
    figure("p50_ms", name, quantile(latencies, 0.5), "ms"),
    goal("p99_ms", name, quantile(latencies, 0.99), wanted, "ms"),
    goal("effects_after", name, after, "= 0"),
    figure("trials", name, latencies.length),
  ];
}

function progressOf({ fault, children, trials }: Cell, note: (line: string) => void): (done: number) => void {
  let said = Date.now();
  return (done) => {
    if (done < trials && Date.now() - said < PROGRESS_MS) return;
    said = Date.now();
    note(`${fault}, ${children} children: ${done} of ${trials} trials`);
  };
}
