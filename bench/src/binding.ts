/** What a run costs beside its work, by the size of the memory that it writes: onnxruntime-node's own binding beside Candor's. */
import { compile, input, neg, Runner } from "@candor/graph";
import { InferenceSession, Tensor as PeerTensor } from "onnxruntime-node";
import { type Bench, option, type Row } from "./bench.ts";
import { quantile } from "./quantile.ts";

const MEGABYTES = [1, 16, 128];
const ELEMENTS_A_MEGABYTE = 2 ** 18;
const THREADS = 2;

export const binding: Bench = {
  name: "binding",
  description: "one run that moves a state, through onnxruntime-node's binding and through Candor's (--runs N)",
  duration: "1 min",
  run: async ({ args, note }) => {
    const runs = Number(option(args, "runs") ?? 15);
    note("The state is negated, in memory that was given for it; both bindings call the same library.");
    const rows: Row[] = [];
    for (const megabytes of MEGABYTES) rows.push(await beside(megabytes, runs));
    return rows;
  },
};

async function beside(megabytes: number, runs: number): Promise<Row> {
  const length = megabytes * ELEMENTS_A_MEGABYTE;
  const moved = compile({ outputs: {}, state: { x: neg(input("x", [length])) } });
  const runner = await Runner.load(moved, { threads: THREADS });
  const peer = await InferenceSession.create(moved.model, { intraOpNumThreads: THREADS, enableMemPattern: false });
  const [given, taken] = [0, 1].map(() => new PeerTensor("float32", new Float32Array(length), [length]));
  const [x = "", next = ""] = [peer.inputNames[0], peer.outputNames[0]];
  const times: [number, number][] = [];
  for (let run = 0; run <= runs; run++)
    times.push([
      await timed(() => runner.run()),
      await timed(() => peer.run({ [x]: given as PeerTensor }, { [next]: taken as PeerTensor })),
    ]);
  await Promise.all([runner.release(), peer.release()]);
  // The first pair warms both up.
  const counted = times.slice(1);
  const median = (values: number[]): number => quantile(values, 0.5) ?? Number.NaN;
  return {
    metric: "run",
    case: `${megabytes} MB of state`,
    value: median(counted.map(([own]) => own)),
    unit: "ms",
    peer: "onnxruntime-node's binding",
    peer_value: median(counted.map(([, other]) => other)),
    ratio: median(counted.map(([own, other]) => other / own)),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
