/** One run with 200 children, in the real server: memory of everything it is made of, and time. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Decision } from "@candor/store";
import { type Bench, figure, goal, option } from "./bench.ts";
import { descendants, ServeProcess, sleep } from "./serve-process.ts";

const SAMPLE_MS = 100;
const OVER = new Set(["finished", "stopped", "failed", "paused", "waiting"]);

export const children: Bench = {
  name: "children",
  description: "one run with 200 child agents in the real server: memory and time (--children N)",
  duration: "1 min",
  run: async ({ args, note }) => {
    const count = Number(option(args, "children") ?? 200);
    const home = mkdtempSync(join(tmpdir(), "candor-bench-"));
    const server = ServeProcess.start(home);
    try {
      await server.ready(home);
      const peak = new Peak(server.pid);
      const began = performance.now();
      const run = await server.start({
        kind: "run",
        goal: "Have the town read by many.",
        world: { kind: "town", seed: 7, peaceful: true },
        mind: { kind: "scripted", script: scriptOf(count) },
        budget: { steps: count * 8, seconds: 36_000, pages: count * 8, pagesPerHost: count * 2, usd: 0, tokens: 0 },
      });
      let view = await server.show(run);
      while (!OVER.has(view.status)) {
        await sleep(500);
        view = await server.show(run);
      }
      const seconds = (performance.now() - began) / 1000;
      const { pss, hwm } = peak.stop();
      const finished = view.children.filter(({ status }) => status === "finished").length;
      if (view.status !== "finished" || finished < count)
        note(`The run is ${view.status} (${view.reason}); ${finished} of ${count} children finished.`);
      note(
        "peak_mb: largest sum of PSS over server, sandboxes and minds during the run, sampled every 100 ms; " +
          "peak_hwm_mb: sum of each one's own peak RSS since it started (VmHWM), so an upper bound.",
      );
      const name = `${count} children`;
      return [
        goal("peak_mb", name, pss, "<= 500", "MB"),
        figure("peak_hwm_mb", name, hwm, "MB"),
        goal("children_finished", name, finished, `= ${count}`),
        figure("seconds", name, seconds, "s"),
      ];
    } finally {
      await server.kill();
      rmSync(home, { recursive: true, force: true });
    }
  },
};

/** A child has its parent's script and steps for the first three of it only: it ends before it could spawn. */
const CHILD_STEPS = 3;

function scriptOf(count: number): Decision[] {
  const thought = "As the script says.";
  return [
    { thought, tool: "plan", args: { subgoals: [{ text: "Look for gardens" }, { text: "Say what was found" }] } },
    { thought, tool: "search", args: { query: "allotment garden" } },
    { thought, tool: "remember", args: { text: "The town has gardens." } },
    ...Array.from({ length: count }, (_, n) => ({
      thought,
      tool: "spawn",
      args: { goal: `Part ${n + 1} of the work`, steps: CHILD_STEPS },
    })),
    // A wait ends whenever a child has something to say. With a note now and then it is no loop.
    ...Array.from({ length: count + Math.ceil(count / 4) }, (_, n) =>
      n % 5 === 4
        ? { thought, tool: "remember", args: { text: `Note ${n} while waiting.` } }
        : { thought, tool: "wait", args: {} },
    ),
    { thought, tool: "finish", args: { summary: "All parts are done." } },
  ];
}

/** Highest memory of a process and its descendants together, sampled. */
class Peak {
  #pss = 0;
  #hwm = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number) {
    this.#timer = setInterval(() => {
      const all = [pid, ...descendants(pid)];
      this.#pss = Math.max(this.#pss, sum(all.map((each) => kilobytes(`/proc/${each}/smaps_rollup`, "Pss"))));
      this.#hwm = Math.max(this.#hwm, sum(all.map((each) => kilobytes(`/proc/${each}/status`, "VmHWM"))));
    }, SAMPLE_MS);
  }

  /** MB. */
  stop(): { pss: number; hwm: number } {
    clearInterval(this.#timer);
    return { pss: this.#pss / 1024, hwm: this.#hwm / 1024 };
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** 0 for a process that has just ended. */
function kilobytes(file: string, field: string): number {
  try {
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(readFileSync(file, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
