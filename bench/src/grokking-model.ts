/** The network of Nanda et al. 2023 that learns to add modulo p, and its step: the whole of the pairs it is shown, at once. */
import {
  add,
  constant,
  matmul,
  mul,
  relu,
  reshape,
  type StatefulSession,
  slice,
  softmax,
  stopGradient,
  sub,
  sum,
  swapLast,
  type Tensor,
} from "@candor/graph";
import { type Objective, openShared, parallelStepProgram, Random, stepProgram, waysOf } from "@candor/training";
import { type DecoderConfig, weightInputs, weightShapes } from "@candor/transformer";

export const configOf = (modulus: number): DecoderConfig => ({
  ...{ layers: 1, heads: 4, kvHeads: 4, headDim: 32, width: 128, mlpWidth: 512, vocab: modulus + 1, context: 3 },
  positions: { kind: "learned" },
  norm: { kind: "none", epsilon: 0, bias: false },
  ...{ normPlacement: "pre", parallelResidual: false, activation: "relu", gated: false, qkNorm: false, tied: false },
  biases: { qkv: false, o: false, mlp: true },
});

const OPTIMISER = { beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 1, clip: 0 };
const RATE = 1e-3;
const WARM_UP = 10;
const SHARE_SHOWN = 0.3;

/** Pairs (a, b) as a * p + b: those that are shown, an even number of them, and the others. */
export function dividePairs(modulus: number, seed: number): { shown: Int32Array; hidden: Int32Array } {
  const random = new Random(seed, 1);
  const all = Int32Array.from({ length: modulus * modulus }, (_, n) => n);
  for (let n = all.length - 1; n > 0; n--) {
    const other = random.below(n + 1);
    [all[n], all[other]] = [all[other] as number, all[n] as number];
  }
  const cut = 2 * Math.floor((all.length * SHARE_SHOWN) / 2);
  return { shown: all.slice(0, cut), hidden: all.slice(cut) };
}

/** N(0, 1 / width) all but the unembedding, which is N(0, 1 / vocab); biases 0. */
function firstWeights(config: DecoderConfig, seed: number): Map<string, Float32Array> {
  return new Map(
    Array.from(weightShapes(config), ([name, shape], place) => {
      const random = new Random(seed, 100 + place);
      const spread = name.endsWith(".bias")
        ? 0
        : 1 / Math.sqrt(name === "unembed.weight" ? config.vocab : config.width);
      const normal = (): number =>
        spread * Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
      return [name, Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, normal)];
    }),
  );
}

export interface Learner extends AsyncDisposable {
  step(): Promise<void>;
  weights(): Promise<Map<string, Float32Array>>;
}

export async function openLearner(modulus: number, seed: number, shown: Int32Array, threads: number): Promise<Learner> {
  const config = configOf(modulus);
  const { byName, weights } = weightInputs(config);
  const session: StatefulSession = await openShared(
    waysOf(config, shown.length, threads),
    {
      alone: () => stepProgram(byName, objectiveOf(config, weights, shown.length), OPTIMISER),
      shared: (ways) => parallelStepProgram(byName, objectiveOf(config, weights, shown.length), OPTIMISER, ways),
    },
    threads,
  );
  for (const [name, values] of firstWeights(config, seed)) await session.setState(name, values);
  const oneHot = (of: (pair: number) => number): Float32Array => {
    const rows = new Float32Array(shown.length * config.vocab);
    for (const [n, pair] of shown.entries()) rows[n * config.vocab + of(pair)] = 1;
    return rows;
  };
  await session.hold({
    first: oneHot((pair) => Math.floor(pair / modulus)),
    second: oneHot((pair) => pair % modulus),
    right: oneHot((pair) => (Math.floor(pair / modulus) + (pair % modulus)) % modulus),
  });
  let steps = 0;
  return {
    async step() {
      await session.run({ rate: [RATE * Math.min(1, ++steps / WARM_UP)] });
    },
    async weights() {
      const now = new Map<string, Float32Array>();
      for (const name of byName.keys()) now.set(name, Float32Array.from((await session.state(name)) as Float32Array));
      return now;
    },
    [Symbol.asyncDispose]: () => session.close(),
  };
}

/**
 * The last position alone: its query is the same for every pair, keys and values are tables of p rows that one-hot rows choose from.
 * The loss's gradient is softmax(logits) at the wrong tokens, and what they sum up to, taken from the right one: in float32 it stays
 * exact where softmax - 1 would round to nothing, which is what loss in float64 is for.
 */
function objectiveOf(config: DecoderConfig, weights: (name: string) => Tensor, pairs: number): Objective {
  const { vocab, heads, headDim } = config;
  const equals = vocab - 1;
  return ({ of, rows }) => {
    const [first, second, right] = ["first", "second", "right"].map((name) => rows(name, [pairs, vocab])) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    const share = pairs / of;
    const at = (place: number): Tensor =>
      add(weights("embed.weight"), slice(weights("positions.weight"), { axis: 0, start: place, end: place + 1 }));
    const last = slice(at(2), { axis: 0, start: equals, end: vocab });
    const attention = (part: string): Tensor => weights(`blocks.0.attn.${part}.weight`);
    const query = reshape(matmul(last, attention("q")), [heads, headDim]);
    const tables = [at(0), at(1), last] as const;
    const scores = tables.map((table, place) => {
      const keys = reshape(matmul(table, attention("k")), [table.shape[0] ?? 0, heads, headDim]);
      return matmul(mul(sum(mul(keys, query), 2), 1 / Math.sqrt(headDim)), columns(heads, place, 1));
    }) as [Tensor, Tensor, Tensor];
    const chosen = add(add(matmul(first, scores[0]), matmul(second, scores[1])), scores[2]);
    const pattern = reshape(softmax(reshape(chosen, [share, heads, PLACES])), [share, heads * PLACES]);
    const values = tables.map((table) => matmul(table, attention("v"))) as [Tensor, Tensor, Tensor];
    const read = [matmul(first, values[0]), matmul(second, values[1]), values[2]];
    const z = read
      .map((value, place) => mul(matmul(pattern, swapLast(columns(heads, place, headDim))), value))
      .reduce(add);
    const middle = add(matmul(z, attention("o")), last);
    const pre = add(matmul(middle, weights("blocks.0.mlp.in.weight")), weights("blocks.0.mlp.in.bias"));
    const out = matmul(relu(pre), weights("blocks.0.mlp.out.weight"));
    const stream = add(middle, add(out, weights("blocks.0.mlp.out.bias")));
    const logits = matmul(stream, weights("unembed.weight"));
    const wrong = mul(softmax(stopGradient(logits)), sub(1, right));
    const slope = sub(wrong, mul(right, sum(wrong, 1, { keep: true })));
    return { loss: mul(sum(mul(slope, logits)), 1 / pairs), metrics: { missed: mul(sum(wrong), 1 / pairs) } };
  };
}

/** Places that the last one attends to: both numbers and itself. */
const PLACES = 3;

/** What puts heads' columns of one place, each `wide` times, among those of all places: [heads * wide, heads * places]. */
function columns(heads: number, place: number, wide: number): Tensor {
  const values = new Float32Array(heads * wide * heads * PLACES);
  for (let row = 0; row < heads * wide; row++)
    values[row * heads * PLACES + Math.floor(row / wide) * PLACES + place] = 1;
  return constant(values, [heads * wide, heads * PLACES]);
}
