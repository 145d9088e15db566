/** `kill -9` of the server and all it started, at random moments of one audit; then start again and go on to the end. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fold, type RunState } from "@candor/agent";
import type { RunView, StartRun } from "@candor/server";
import type { Recorded } from "@candor/store";
import { type Bench, type BenchContext, figure, goal, option, type Row } from "./bench.ts";
import { lots } from "./lots.ts";
import { ServeProcess, sleep } from "./serve-process.ts";

const KILLS = 50;
const AIMED = 10;
/** Town of the audit, and of the moments. */
const SEED = 7;
const OVER = new Set(["finished", "stopped", "failed"]);
const FINISH_MS = 120_000;

export const crash: Bench = {
  name: "crash",
  description:
    "kill -9 of everything at random moments of an audit, then on to the end (--kills N, --aimed N, --seed S)",
  duration: "8 min",
  run: async ({ args, note }) => {
    const kills = Number(option(args, "kills") ?? KILLS);
    const seed = Number(option(args, "seed") ?? SEED);
    // As many at a time as later, so that the moments spread over the whole of a run.
    const [calm, other] = await Promise.all([audit(seed, undefined), audit(seed, undefined)]);
    if (difference(calm.findings, other.findings).length > 0) note("Two undisturbed audits differ already.");
    note(`Undisturbed: ${calm.seconds.toFixed(1)} s, ${calm.findings.length} findings, ${calm.messages} message.`);
    const random = lots(seed);
    const anywhere = Array.from({ length: kills }, () => ({ afterMs: random() * calm.seconds * 1000 }));
    // Few moments of chance fall into the milliseconds in which the message is on its way: these do.
    const aimed = Array.from({ length: Number(option(args, "aimed") ?? AIMED) }, () => ({ sendingMs: random() * 30 }));
    const rows: Row[] = [];
    const parts: [string, Moment[]][] = [
      [`${kills} kills`, anywhere],
      [`${aimed.length} while the message is sent`, aimed],
    ];
    for (const [name, moments] of parts) {
      if (moments.length === 0) continue;
      const counts = new Counts();
      await inLanes(moments, async (moment) => {
        const survived = await audit(seed, moment).catch((error: unknown) => String(error));
        counts.take(moment, survived, calm, note);
      });
      rows.push(...counts.rows(name));
    }
    return rows;
  },
};

/** Two at a time: most of an audit is waiting. */
async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const lane = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all([lane(), lane()]);
}

/** When everything is killed: so long after the run began, or after the message was about to be sent. */
type Moment = { afterMs: number } | { sendingMs: number };

interface Survived {
  seconds: number;
  /** Kind and value of each, sorted. */
  findings: string[];
  messages: number;
  /** Sequence number of the last event that was in the log when the server was killed. */
  acknowledged: number;
  when: "before" | "inside" | "after" | "over";
  asked: number;
  events: Recorded[];
  state: RunState;
  verified: { ok: boolean; explanation: string };
}

async function audit(seed: number, moment: Moment | undefined): Promise<Survived> {
  const home = mkdtempSync(join(tmpdir(), "candor-crash-"));
  const inbox = join(home, "town", `seed-${seed}`, "inbox.jsonl");
  let server = ServeProcess.start(home);
  try {
    await server.ready(home);
    const request: StartRun = { kind: "audit", seed, world: { kind: "town", seed }, mind: { kind: "scout" } };
    const run = await server.start(request);
    const began = performance.now();
    let before: Recorded[] = [];
    if (moment) {
      const sending = Promise.withResolvers<void>();
      const last = lastHeard(server, run, sending.resolve);
      if ("afterMs" in moment) await sleep(moment.afterMs);
      else await Promise.race([sending.promise, last]).then(() => sleep(moment.sendingMs));
      await server.kill();
      before = await last;
      server = ServeProcess.start(home);
      await server.ready(home);
    }
    const { view, asked } = await toTheEnd(server, run, inbox);
    const seconds = (performance.now() - began) / 1000;
    const events = await server.events(run);
    return {
      seconds,
      findings: view.findings.map(({ kind, value }) => `${kind}: ${value}`).sort(),
      messages: linesOf(inbox).length,
      acknowledged: before.length,
      when: placeOf(events, before),
      asked,
      events,
      state: fold(run, events),
      verified: lost(events, before) ?? (await server.verify(run)),
    };
  } finally {
    await server.kill();
    rmSync(home, { recursive: true, force: true });
  }
}

/** What a client had been told of when the connection broke: all of that must be there afterwards. */
async function lastHeard(server: ServeProcess, run: string, sending: () => void): Promise<Recorded[]> {
  const heard: Recorded[] = [];
  try {
    for await (const event of server.follow(run)) {
      heard.push(event);
      if (event.event.type === "step.intended") sending();
    }
  } catch {
    // The kill.
  }
  return heard;
}

/** Says truthfully what became of the message when that is asked. */
async function toTheEnd(server: ServeProcess, run: string, inbox: string): Promise<{ view: RunView; asked: number }> {
  let asked = 0;
  let resumed = false;
  for (const until = Date.now() + FINISH_MS; Date.now() < until; ) {
    const view = await server.show(run);
    if (OVER.has(view.status)) return { view, asked };
    const { question } = view;
    if (view.status === "waiting" && question) {
      asked++;
      const arrived = linesOf(inbox).length > 0;
      await server.post(run, "answer", {
        answer: question.unknownOutcome && arrived ? "reject" : "approve",
        step: question.step,
        argsHash: question.argsHash,
      });
    } else if ((view.status === "interrupted" || view.status === "paused") && !resumed) {
      // A person who looks again after the crash; recovery may have been faster.
      resumed = true;
      await server.post(run, "resume", {}).catch(() => undefined);
    }
    await sleep(200);
  }
  throw new Error(`the run is still not over ${FINISH_MS / 1000} s after the crash`);
}

const linesOf = (file: string): string[] => {
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
};

/** Whether the kill fell before the message was meant to be sent, between intent and result, or after. */
function placeOf(events: readonly Recorded[], before: readonly Recorded[]): Survived["when"] {
  const at = (type: string) =>
    events.find(({ event }) => event.type === type && toolOf(event) === "message_operator")?.seq;
  const [intended = Infinity, done = Infinity] = [at("step.intended"), at("step.done")];
  if (before.some(({ event }) => event.type === "run.finished")) return "over";
  const last = before.at(-1)?.seq ?? 0;
  return last < intended ? "before" : last < done ? "inside" : "after";
}

const toolOf = (event: Recorded["event"]): string | undefined => ("tool" in event ? event.tool : undefined);

/** An event that a client was told of and that is not there any more, or not the same. */
function lost(events: readonly Recorded[], before: readonly Recorded[]): Survived["verified"] | undefined {
  const gone = before.find((event) => events[event.seq - 1]?.hash !== event.hash);
  return gone && { ok: false, explanation: `event ${gone.seq}, which had been reported, is not what it was` };
}

class Counts {
  #changed = 0;
  #duplicated = 0;
  #lost = 0;
  #twice = 0;
  #stuck = 0;
  #asked = 0;
  readonly #when = { before: 0, inside: 0, after: 0, over: 0 };

  take(moment: Moment, survived: Survived | string, calm: Survived, note: BenchContext["note"]): void {
    const at =
      "afterMs" in moment ? `${(moment.afterMs / 1000).toFixed(2)} s` : `sending + ${moment.sendingMs.toFixed(0)} ms`;
    if (typeof survived === "string") {
      this.#stuck++;
      note(`${at}: ${survived}`);
      return;
    }
    this.#when[survived.when]++;
    this.#asked += survived.asked;
    const faults: string[] = [];
    const differing = difference(calm.findings, survived.findings);
    if (differing.length > 0) {
      this.#changed++;
      faults.push(`findings changed: ${differing.join(", ")}`);
    }
    if (survived.messages !== 1) faults.push(`${survived.messages} messages`);
    if (survived.messages > 1) this.#duplicated++;
    const missing = stepsLost(survived);
    if (missing) {
      this.#lost++;
      faults.push(missing);
    }
    const twice = effectsTwice(survived.events);
    if (twice > 0) {
      this.#twice += twice;
      faults.push(`${twice} effects begun twice`);
    }
    if (survived.state.status !== "finished") {
      this.#stuck++;
      faults.push(`the run is ${survived.state.status}: ${survived.state.reason}`);
    }
    note(
      `${at}, ${survived.when} the message (event ${survived.acknowledged}), asked ${survived.asked} times: ${faults.join("; ") || "ok"}`,
    );
  }

  rows(name: string): Row[] {
    return [
      goal("findings_changed", name, this.#changed, "= 0"),
      goal("messages_duplicated", name, this.#duplicated, "= 0"),
      goal("steps_lost", name, this.#lost, "= 0"),
      goal("effects_twice", name, this.#twice, "= 0"),
      goal("not_finished", name, this.#stuck, "= 0"),
      figure("questions_asked", name, this.#asked),
      figure("kills_before_message", name, this.#when.before),
      figure("kills_inside_message", name, this.#when.inside),
      figure("kills_after_message", name, this.#when.after),
      figure("kills_after_end", name, this.#when.over),
    ];
  }
}

const difference = (a: readonly string[], b: readonly string[]): string[] => [
  ...a.filter((value) => !b.includes(value)).map((value) => `-${value}`),
  ...b.filter((value) => !a.includes(value)).map((value) => `+${value}`),
];

/** A chain that does not verify, or numbers with a gap in them. */
function stepsLost({ verified, events, state }: Survived): string | undefined {
  if (!verified.ok) return verified.explanation;
  const gap = events.findIndex((event, index) => event.seq !== index + 1);
  if (gap >= 0) return `event ${gap + 1} is missing`;
  const hole = state.steps.findIndex((step, index) => step.step !== index + 1);
  if (hole >= 0) return `step ${hole + 1} is missing or was proposed twice`;
  return undefined;
}

/** Steps done twice, and effects begun again without a person's word in between. */
function effectsTwice(events: readonly Recorded[]): number {
  const begun = new Set<number>();
  const done = new Set<number>();
  let twice = 0;
  for (const { event } of events) {
    if (event.type === "approval.answered") begun.delete(event.step);
    if (event.type === "step.intended") {
      if (begun.has(event.step)) twice++;
      begun.add(event.step);
    }
    if (event.type === "step.done") {
      if (done.has(event.step)) twice++;
      done.add(event.step);
    }
  }
  return twice;
}
