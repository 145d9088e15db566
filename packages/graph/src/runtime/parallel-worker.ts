/** One thread of a parallel program: its part of each stage, and a meeting with the others after it. */
import { parentPort, workerData } from "node:worker_threads";
import type * as ort from "onnxruntime-node";
import { nextOf, type Program, type Spec } from "../compile.ts";
import type { Data } from "../dtype.ts";
import { Meeting } from "./meeting.ts";
import { openModel, tensorOf } from "./native.ts";
import { firstLine } from "./program-runner.ts";

/** What a thread is given when it begins. All memory is shared. */
export interface Part {
  /** Its program of each stage. */
  programs: readonly Program[];
  threads: number;
  meeting: Int32Array<SharedArrayBuffer>;
  /** Of all the threads. */
  count: number;
  memory: Readonly<Record<string, Data>>;
  state: Readonly<Record<string, readonly [Data, Data]>>;
}

/** Which copy of the state holds the present values. */
export type Turn = 0 | 1;

/** Once when the models are loaded, and once for each turn. */
export interface PartReply {
  error?: string;
}

const { programs, threads, meeting: shared, count, memory, state } = workerData as Part;
const meeting = new Meeting(count, shared);

/** Tensors by names, for each turn. */
type Bound = [Record<string, ort.Tensor>, Record<string, ort.Tensor>];

/** @param ahead how far the copy of a state that is meant is from the present one */
function bound(specs: Readonly<Record<string, Spec>>, plain: (name: string) => string, ahead: 0 | 1): Bound {
  const both: Bound = [{}, {}];
  for (const [name, spec] of Object.entries(specs)) {
    const copies = state[plain(name)];
    for (const turn of [0, 1] as const) {
      const data = copies ? copies[turn ^ ahead ? 1 : 0] : memory[name];
      // compileParallel gave every name a place.
      both[turn][name] = tensorOf(spec, data as Data);
    }
  }
  return both;
}

const presentNames = new Map(Object.keys(state).map((name) => [nextOf(name), name]));

async function stageOf(program: Program): Promise<(turn: Turn) => Promise<unknown>> {
  const session = await openModel(program, { threads });
  const given = bound(program.inputs, (name) => name, 0);
  const fetched = bound(program.outputs, (name) => presentNames.get(name) ?? "", 1);
  return (turn) => session.run(given[turn], fetched[turn]);
}

const post = (reply: PartReply): void => parentPort?.postMessage(reply);

try {
  const stages: ((turn: Turn) => Promise<unknown>)[] = [];
  for (const program of programs) stages.push(await stageOf(program));
  const run = async (turn: Turn): Promise<void> => {
    const reply: PartReply = {};
    for (const stage of stages) {
      if (!meeting.abandoned)
        await stage(turn).catch((error: unknown) => {
          reply.error = firstLine(error);
          meeting.abandon();
        });
      meeting.arrive();
    }
    post(reply);
  };
  // A thread that left in the middle of a run would be waited for at the next meeting.
  let last: Promise<void> = Promise.resolve();
  parentPort?.on("message", (turn: Turn | "exit") => {
    last = last.then(() => (turn === "exit" ? process.exit() : run(turn)));
  });
  post({});
} catch (error) {
  post({ error: firstLine(error) });
}
