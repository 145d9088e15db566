/** A finished run of many steps, as an audit of a large web would leave it, written straight into the log. */
import type { RunEvent, Store } from "@candor/store";

/** Events appended together. */
const BATCH = 600;

const words =
  "the notice board of the allotment society lists members plots and dates for the spring meeting in the old hall by the river where tea is served and minutes are read".split(
    " ",
  );

/** Text of about `length` characters, different for each step. */
function prose(step: number, length: number): string {
  let text = `Page ${step}.`;
  for (let at = step * 7; text.length < length; at = (at * 5 + 3) % 9_973)
    text += `${at % 11 === 0 ? "\n" : " "}${words[at % words.length]}`;
  return text;
}

export async function writeLongRun(store: Store, steps: number): Promise<string> {
  const run = store.runs.newRunId();
  let seq = 0;
  let batch: RunEvent[] = [started(steps)];
  const flush = async () => {
    await store.log.append(run, seq, batch);
    seq += batch.length;
    batch = [];
  };
  for (let step = 1; step <= steps; step++) {
    batch.push(...eventsOf(step));
    if (batch.length >= BATCH) await flush();
  }
  batch.push({ type: "run.finished", reason: "the mind is done", summary: `Read ${steps} pages.` });
  await flush();
  return run;
}

function started(steps: number): RunEvent {
  return {
    type: "run.started",
    kind: "run",
    goal: "Read every page of the county's societies",
    wanted: [],
    seed: 1,
    world: { kind: "town", seed: 7 },
    mind: { kind: "scout" },
    budget: { steps, tokens: 0, usd: 0, seconds: 1_000_000, pages: steps, pagesPerHost: steps },
    permissions: { name: "normal", default: "ask", rules: [] },
    mode: "continuous",
    isolation: "none",
    version: "0.1.0",
  };
}

/** What a step of an audit leaves: its text is as long as the town's pages are, and now and then a monitor speaks. */
function eventsOf(step: number): RunEvent[] {
  const host = `society-${step % 211}.example`;
  const url = `http://${host}/page/${step}`;
  return [
    {
      type: "step.proposed",
      step,
      decision: { thought: `I open a page on ${host}: ${prose(step, 90)}`, tool: "open", args: { url } },
      cost: { ms: 6 + (step % 9) },
      viewHash: "0".repeat(64),
    },
    {
      type: "step.judged",
      step,
      verdict: { outcome: "allow", rule: "normal: rule 3", reason: "It only reads." },
      argsHash: "0".repeat(64),
      effect: "read",
    },
    {
      type: "step.done",
      step,
      tool: "open",
      effect: "read",
      observation: {
        status: step % 37 === 0 ? "blocked" : "ok",
        origin: `host:${host}`,
        text: prose(step, 300 + ((step * 131) % 1_500)),
        leads: Array.from({ length: step % 8 }, (_, n) => ({
          kind: "page" as const,
          value: `http://society-${(step * 13 + n) % 211}.example/page/${step * 3 + n}`,
          label: prose(step + n, 30),
        })),
        url,
        hash: "0".repeat(64),
        masked: { yours: 0, others: step % 3 },
        cost: { pages: 1, ms: 20 + (step % 60) },
      },
    },
    ...(step % 50 === 0
      ? [
          {
            type: "signal.raised" as const,
            monitor: "no-progress",
            severity: "info" as const,
            reason: "20 pages on 12 hosts gave nothing new.",
            evidence: [url],
            step,
          },
        ]
      : []),
  ];
}
