/** A dictionary as a graph: what its features say of a batch, what it makes of that, and what it is taught by. */
import {
  add,
  cast,
  div,
  exp,
  greaterEqual,
  input,
  less,
  matmul,
  maximum,
  mean,
  mul,
  relu,
  reshape,
  slice,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  topK,
  where,
  zerosLike,
} from "@candor/graph";
import { type DictionaryShape, dictionaryWeights } from "./shape.ts";

export type DictionaryInputs = ReadonlyMap<string, Tensor>;

export const dictionaryInputs = (shape: DictionaryShape): DictionaryInputs =>
  new Map(Array.from(dictionaryWeights(shape), ([name, extents]) => [name, input(name, extents)]));

const weightOf = (weights: DictionaryInputs, name: string): Tensor => {
  const found = weights.get(name);
  if (!found) throw new RangeError(`the dictionary has no ${name}`);
  return found;
};

interface Encoded {
  /** [batch, features]. */
  acts: Tensor;
  /** Before the gate, in units of the decoder's rows. */
  hidden: Tensor;
  /** 1 where a feature speaks. */
  speaks: Tensor;
}

/** Each feature's row in the decoder counts as of length 1: activations are how far a feature moves what is written. */
const norms = (weights: DictionaryInputs): Tensor => sqrt(sum(square(weightOf(weights, "W_dec")), 1));

/** @param x [batch, inWidth] */
export function encoded(shape: DictionaryShape, weights: DictionaryInputs, x: Tensor): Encoded {
  const { gate } = shape;
  const weight = (name: string): Tensor => weightOf(weights, name);
  // What an autoencoder takes from its input is taken from the product instead: one row, forth and back, and not all of them.
  const centred = (encoder: Tensor, bias: Tensor): Tensor => {
    return shape.transcodes ? bias : sub(bias, matmul(reshape(weight("b_dec"), [1, shape.inWidth]), encoder));
  };
  if (gate.kind === "topk") {
    const lengths = norms(weights);
    const encoder = mul(weight("W_enc"), lengths);
    const hidden = add(matmul(x, encoder), centred(encoder, mul(weight("b_enc"), lengths)));
    const { values } = topK(stopGradient(hidden), gate.k);
    // Above nothing, too: so that the rectifier needs no pass of its own.
    const least = maximum(slice(values, { axis: 1, start: gate.k - 1 }), LEAST);
    const speaks = stepOf(greaterEqual(hidden, least));
    return { hidden, speaks, acts: mul(hidden, speaks) };
  }
  const product = add(matmul(x, weight("W_enc")), centred(weight("W_enc"), zerosLike(norms(weights))));
  if (gate.kind === "gated") {
    const hidden = add(product, weight("b_gate"));
    const magnitude = relu(add(mul(product, exp(weight("r_mag"))), weight("b_mag")));
    const acts = mul(magnitude, stepOf(less(0, hidden)));
    return { hidden, acts, speaks: stepOf(less(0, acts)) };
  }
  const before = add(product, weight("b_enc"));
  const open = gate.kind === "relu" ? relu(before) : mul(relu(before), stepOf(less(weight("threshold"), before)));
  return { hidden: before, acts: open, speaks: stepOf(less(0, open)) };
}

/** The smallest number that counts as more than nothing. */
const LEAST = 1e-30;

const stepOf = (condition: Tensor): Tensor => stopGradient(cast(condition, "float32"));

/** Whether each is among the k largest of its row. */
function amongLargest(x: Tensor, k: number): Tensor {
  const { values } = topK(stopGradient(x), k);
  return greaterEqual(x, slice(values, { axis: 1, start: k - 1 }));
}

export function decoded(shape: DictionaryShape, weights: DictionaryInputs, acts: Tensor): Tensor {
  return add(matmul(acts, directions(shape, weights)), weightOf(weights, "b_dec"));
}

/** What features write: rows of length 1 where features count as such. */
function directions({ gate, features }: DictionaryShape, weights: DictionaryInputs): Tensor {
  const rows = weightOf(weights, "W_dec");
  return gate.kind === "topk" ? div(rows, reshape(norms(weights), [features, 1])) : rows;
}

export interface Teaching {
  /** Of what makes a JumpReLU or gated dictionary sparse: of the number of features, or of their sum. */
  sparsity: number;
  /** Width of the kernel through which a JumpReLU's threshold is moved. */
  bandwidth: number;
  /** Also teach those that have long said nothing. */
  revive: boolean;
}

export interface Taught {
  loss: Tensor;
  /** Squared error, summed over a row and averaged over rows. */
  error: Tensor;
  /** Features of a row, on average. */
  active: Tensor;
  /** [features]: of how many rows each spoke. */
  spoke: Tensor;
}

/** Inputs besides the weights: `x` [batch, inWidth]; `y` [batch, outWidth] for a transcoder; `dead` [features], 0 or 1, to revive. */
export function taughtOn(
  shape: DictionaryShape,
  weights: DictionaryInputs,
  batch: number,
  { sparsity, bandwidth, revive }: Teaching,
): Taught {
  const x = input("x", [batch, shape.inWidth]);
  const target = shape.transcodes ? input("y", [batch, shape.outWidth]) : x;
  const { acts, hidden, speaks } = encoded(shape, weights, x);
  const { gate } = shape;
  const weight = (name: string): Tensor => weightOf(weights, name);
  const spoke = sum(speaks, 0);
  const common = { spoke, active: mul(sum(spoke), 1 / batch) };
  const perRow = (made: Tensor, wanted: Tensor): Tensor => mean(sum(square(sub(made, wanted)), 1));

  if (gate.kind === "gated") {
    const error = perRow(decoded(shape, weights, acts), target);
    const open = relu(hidden);
    // The decoder learns from both, as in SAELens: held still in the second way, as the paper has it, it shrank to nothing here.
    const throughGate = add(matmul(open, weight("W_dec")), weight("b_dec"));
    const cost = mul(mean(sum(mul(open, norms(weights)), 1)), sparsity);
    return { ...common, error, loss: add(error, add(cost, perRow(throughGate, target))) };
  }
  if (gate.kind === "jumprelu") {
    const threshold = weight("threshold");
    // A threshold moves by those just around it: the derivative of a step, through a rectangle (the paper's pseudo-derivatives).
    const near = stepOf(less(square(sub(hidden, threshold)), (bandwidth / 2) ** 2));
    const moves = sub(threshold, stopGradient(threshold));
    const told = sub(acts, mul(mul(near, stopGradient(mul(threshold, 1 / bandwidth))), moves));
    const count = sub(speaks, mul(mul(near, 1 / bandwidth), moves));
    const error = perRow(decoded(shape, weights, told), target);
    const loss = add(error, mul(mean(sum(count, 1)), sparsity));
    if (!revive) return { ...common, error, loss };
    const short = mul(relu(sub(threshold, hidden)), mul(input("dead", [shape.features]), norms(weights)));
    return { ...common, error, loss: add(loss, mul(mean(sum(short, 1)), REVIVING)) };
  }
  const made = decoded(shape, weights, acts);
  const error = perRow(made, target);
  if (gate.kind === "relu") {
    const cost = mul(mean(sum(mul(acts, norms(weights)), 1)), sparsity);
    return { ...common, error, loss: add(error, cost) };
  }
  if (!revive) return { ...common, error, loss: error };
  // The dead ones that would say most explain what is left (the auxiliary loss of Gao et al.).
  const dead = input("dead", [shape.features]);
  const most = Math.min(shape.features, Math.max(1, Math.floor(shape.inWidth / 2)));
  const among = where(less(0.5, dead), hidden, UNHEARD);
  const second = mul(hidden, mul(dead, stepOf(amongLargest(among, most))));
  const left = stopGradient(sub(target, made));
  const again = matmul(second, directions(shape, weights));
  const scale = mul(sum(dead), 1 / most);
  return { ...common, error, loss: add(error, mul(where(less(scale, 1), scale, 1), perRow(again, left))) };
}

/** Of a JumpReLU's dead features, as Anthropic's and SAELens's. */
const REVIVING = 3e-6;
const UNHEARD = -1e30;
