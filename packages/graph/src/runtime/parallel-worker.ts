/** One thread of a parallel program: its part of each stage, and a meeting with the others after it. */
import { parentPort, workerData } from "node:worker_threads";
import { nextOf, type Program, type Spec } from "../compile.ts";
import type { Data } from "../dtype.ts";
import { Meeting } from "./meeting.ts";
import { openModel } from "./native.ts";
import { NativeTensor } from "./onnx-runtime.ts";
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
type Bound = [Record<string, NativeTensor>, Record<string, NativeTensor>];

/** @param ahead how far the copy of a state that is meant is from the present one */
function bound(specs: Readonly<Record<string, Spec>>, plain: (name: string) => string, ahead: 0 | 1): Bound {
  const both: Bound = [{}, {}];
  for (const [name, spec] of Object.entries(specs)) {
    const copies = state[plain(name)];
    for (const turn of [0, 1] as const) {
      const data = copies ? copies[turn ^ ahead ? 1 : 0] : memory[name];
      // compileParallel gave every name a place.
      both[turn][name] = new NativeTensor(spec, data as Data);
    }
  }
  return both;
}

const presentNames = new Map(Object.keys(state).map((name) => [nextOf(name), name]));

function stageOf(program: Program): (turn: Turn) => void {
  const session = openModel(program, { threads });
  const given = bound(program.inputs, (name) => name, 0);
  const fetched = bound(program.outputs, (name) => presentNames.get(name) ?? "", 1);
  return (turn) => session.run(given[turn], fetched[turn]);
}

const post = (reply: PartReply): void => parentPort?.postMessage(reply);

try {
  const stages = programs.map(stageOf);
  const run = (turn: Turn): void => {
    const reply: PartReply = {};
    for (const stage of stages) {
      try {
        if (!meeting.abandoned) stage(turn);
      } catch (error) {
        reply.error = firstLine(error);
        meeting.abandon();
      }
      meeting.arrive();
    }
    post(reply);
  };
  // A turn is one call from its first stage to its last: a thread cannot leave in the middle of a run.
  parentPort?.on("message", (turn: Turn | "exit") => (turn === "exit" ? process.exit() : run(turn)));
  post({});
} catch (error) {
  post({ error: firstLine(error) });
}
