/**
 * Edge pruning (Bhaskar et al. 2024, arXiv 2406.16778): all edges' masks are learnt at once, by gradients, to be few and to leave the model
 * what it says. Masks are hard concrete (Louizos et al. 2018, arXiv 1712.01312): in training each is drawn anew, most often 0 or 1.
 */
import {
  adamW,
  add,
  compile,
  gradients,
  input,
  log,
  maximum,
  minimum,
  mul,
  type Program,
  reshape,
  Session,
  sigmoid,
  slice,
  square,
  sub,
  sum,
  type Tensor,
} from "@candor/graph";
import { weightInputs } from "@candor/transformer";
import type { Lens } from "../lens.ts";
import { LensError } from "../lens-error.ts";
import type { CircuitFinder } from "./circuit-finder.ts";
import { maskedDecoder } from "./masked-decoder.ts";

export interface EdgePruningOptions {
  steps?: number;
  rate?: number;
  /** What an edge of all costs, in shares of what it costs to keep none. */
  price?: number;
  seed?: number;
  threads?: number;
  signal?: AbortSignal;
}

/** As in the paper: masks are stretched past both ends, and cut off there. */
const [BELOW, ABOVE, HEAT] = [-0.1, 1.1, 2 / 3];
/** A mask is 0 with the chance of the logistic function at this less alpha. */
const SHIFT = HEAT * Math.log(-BELOW / ABOVE);
/** At first nearly all edges are kept. */
const FIRST = 2;

/**
 * @param lens whose model the finder's task is of
 * @returns for each edge the chance that its mask, drawn, is not 0
 * @throws {LensError} when it does not learn
 */
export async function edgePruning(
  lens: Lens,
  finder: CircuitFinder,
  { steps = 150, rate = 0.1, price = 0.5, seed = 1, threads, signal }: EdgePruningOptions = {},
): Promise<Float32Array> {
  const count = finder.edges.length;
  const program = pruning(lens, finder, price);
  await using session = await Session.create(program, threads === undefined ? {} : { threads });
  await session.hold(Object.fromEntries([...lens.weights].filter(([name]) => name in program.inputs)));
  const { clean } = finder.task;
  await session.hold({ tokens: BigInt64Array.from(clean.flat(), BigInt), other: finder.other, whole: finder.whole });
  await session.setState("alpha", new Float32Array(count).fill(FIRST));
  let at = seed;
  const lot = (): number => {
    at = (Math.imul(at, 1664525) + 1013904223) >>> 0;
    return Math.min(1 - 1e-6, Math.max(1e-6, at / 2 ** 32));
  };
  for (let step = 0; step < steps; step++) {
    signal?.throwIfAborted();
    const { loss } = await session.run({
      uniform: Float32Array.from({ length: count }, lot),
      rate: [rate * Math.min(1, 2 * (1 - step / steps))],
    });
    if (!Number.isFinite(Number(loss?.[0])))
      throw new LensError(`Edge pruning diverged at step ${step}`, "Take a smaller rate.");
  }
  const alpha = (await session.state("alpha")) as Float32Array;
  return Float32Array.from({ length: count }, (_, n) => 1 / (1 + Math.exp(SHIFT - (alpha[n] as number))));
}

function pruning(lens: Lens, { wiring, whole, none, task }: CircuitFinder, price: number): Program {
  const { config } = lens;
  const batch = task.clean.length;
  const time = task.clean[0]?.length ?? 0;
  const count = wiring.edges.length;
  const alpha = input("alpha", [count]);
  const drawn = input("uniform", [count]);
  const soft = sigmoid(mul(add(sub(log(drawn), log(sub(1, drawn))), alpha), 1 / HEAT));
  const masks = minimum(maximum(add(mul(soft, ABOVE - BELOW), BELOW), 0), 1);
  const { weights } = weightInputs(config);
  const { logits } = maskedDecoder({
    ...{ config, weights, wiring, batch, time, differing: "now" },
    open: ({ readers, writers, start }) =>
      reshape(slice(masks, { axis: 0, start, end: start + readers.length * writers }), [readers.length, writers]),
  });
  const from = task.from ?? 0;
  const said = (x: Tensor): Tensor => slice(x, { axis: 1, start: from });
  const away = sum(square(sub(said(logits), said(input("whole", [batch, time, config.vocab])))));
  // In shares of what all edges together bring about.
  const row = time * config.vocab;
  const apart = whole.reduce(
    (all, x, n) => (n % row < from * config.vocab ? all : all + (x - (none[n] as number)) ** 2),
    0,
  );
  const likely = sigmoid(sub(alpha, SHIFT));
  const loss = add(mul(away, 1 / Math.max(1e-12, apart)), mul(sum(likely), price / count));
  const [slope] = gradients(loss, [alpha]);
  const { state } = adamW([{ name: "alpha", value: alpha, grad: slope as Tensor, decayed: false }], {
    rate: input("rate", []),
    weightDecay: 0,
  });
  return compile({ outputs: { loss }, state });
}
