/** The decoder's mathematics in plain loops and doubles: slow, short, and what faster ones are checked against. */
import type { Activation, DecoderConfig } from "../config/decoder-config.ts";
import { rotaryFrequencies } from "../config/rotary.ts";

type Vector = Float64Array;
export type Weights = ReadonlyMap<string, Float32Array>;

/** Logits [time, vocab] of one sequence. */
export function plainLogits(config: DecoderConfig, weights: Weights, ids: readonly number[]): Vector[] {
  const { width, vocab } = config;
  const get = (name: string) => {
    const values = weights.get(name);
    if (values === undefined) throw new Error(`no weight ${name}`);
    return values;
  };
  const linear = (x: Vector, name: string): Vector => {
    const weight = get(`${name}.weight`);
    const bias = weights.get(`${name}.bias`);
    const out = weight.length / x.length;
    return Float64Array.from({ length: out }, (_, o) => {
      let sum = bias?.[o] ?? 0;
      for (const [i, value] of x.entries()) sum += value * (weight[i * out + o] ?? 0);
      return sum;
    });
  };
  const norm = (x: Vector, name: string, kind = config.norm.kind): Vector => {
    const scale = get(`${name}.weight`);
    const bias = weights.get(`${name}.bias`);
    const mean = kind === "layer" ? x.reduce((a, b) => a + b, 0) / x.length : 0;
    const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / x.length;
    const inverse = 1 / Math.sqrt(variance + config.norm.epsilon);
    return x.map((value, i) => (value - mean) * inverse * (scale[i] ?? 0) + (bias?.[i] ?? 0));
  };
  const attention = (xs: Vector[], name: string): Vector[] => attend(config, xs, name, linear, norm);
  const mlp = (x: Vector, name: string): Vector => {
    const act = ACTIVATIONS[config.activation];
    const inner = linear(x, `${name}.in`);
    const hidden = config.gated ? linear(x, `${name}.gate`).map((g, i) => act(g) * (inner[i] ?? 0)) : inner.map(act);
    return linear(hidden, `${name}.out`);
  };

  const embedding = get("embed.weight");
  const row = (table: Float32Array, at: number) => Float64Array.from(table.subarray(at * width, (at + 1) * width));
  let stream = ids.map((id, time) => {
    const x = row(embedding, id);
    return config.positions.kind === "learned" ? add(x, row(get("positions.weight"), time)) : x;
  });
  for (let layer = 0; layer < config.layers; layer++) {
    const block = `blocks.${layer}`;
    const before = stream;
    if (config.normPlacement === "post") {
      const attended = attention(before, `${block}.attn`);
      const middle = before.map((x, t) => norm(add(x, attended[t]), `${block}.norm1`));
      stream = middle.map((x) => norm(add(x, mlp(x, `${block}.mlp`)), `${block}.norm2`));
      continue;
    }
    const attended = attention(
      before.map((x) => norm(x, `${block}.norm1`)),
      `${block}.attn`,
    );
    const middle = before.map((x, t) => add(x, attended[t]));
    const read = config.parallelResidual ? before : middle;
    stream = middle.map((x, t) => add(x, mlp(norm(read[t] ?? x, `${block}.norm2`), `${block}.mlp`)));
  }
  return stream.map((x) => {
    const last = config.normPlacement === "pre" ? norm(x, "norm") : x;
    if (!config.tied) return linear(last, "unembed");
    return Float64Array.from({ length: vocab }, (_, id) => dot(last, row(embedding, id)));
  });
}

/** Causal attention, in groups of query heads that share keys and values. */
function attend(
  config: DecoderConfig,
  xs: Vector[],
  name: string,
  linear: (x: Vector, name: string) => Vector,
  norm: (x: Vector, name: string, kind?: "rms") => Vector,
): Vector[] {
  const { heads, kvHeads, headDim } = config;
  const frequencies = rotaryFrequencies(config);
  const headsOf = (part: "q" | "k" | "v", count: number) =>
    xs.map((x, time) => {
      const all = linear(x, `${name}.${part}`);
      return Array.from({ length: count }, (_, h) => {
        const head = all.slice(h * headDim, (h + 1) * headDim);
        if (part === "v") return head;
        return turn(config.qkNorm ? norm(head, `${name}.${part}Norm`, "rms") : head, time, frequencies);
      });
    });
  const [q, k, v] = [headsOf("q", heads), headsOf("k", kvHeads), headsOf("v", kvHeads)];
  return q.map((queries, time) => {
    const z = new Float64Array(heads * headDim);
    for (const [h, query] of queries.entries()) {
      const shared = Math.floor(h / (heads / kvHeads));
      const past = k.slice(0, time + 1);
      const scores = past.map((keys) => dot(query, keys[shared]) / Math.sqrt(headDim));
      const most = Math.max(...scores);
      const exps = scores.map((score) => Math.exp(score - most));
      const total = exps.reduce((a, b) => a + b, 0);
      for (const [t, e] of exps.entries())
        for (const [d, value] of (v[t]?.[shared] ?? new Float64Array()).entries())
          z[h * headDim + d] = (z[h * headDim + d] ?? 0) + (e / total) * value;
    }
    return linear(z, `${name}.o`);
  });
}

/** Turns the pairs (i, i + n) of the first 2n dimensions. */
function turn(head: Vector, time: number, frequencies: Float64Array): Vector {
  const turned = head.slice();
  const half = frequencies.length;
  for (const [i, frequency] of frequencies.entries()) {
    const [a = 0, b = 0] = [head[i], head[i + half]];
    const [cos, sin] = [Math.cos(time * frequency), Math.sin(time * frequency)];
    turned[i] = a * cos - b * sin;
    turned[i + half] = b * cos + a * sin;
  }
  return turned;
}

const add = (a: Vector, b: Vector | undefined): Vector => a.map((value, i) => value + (b?.[i] ?? 0));
const dot = (a: Vector, b: Vector | undefined): number => a.reduce((sum, value, i) => sum + value * (b?.[i] ?? 0), 0);

const ACTIVATIONS: Record<Activation, (x: number) => number> = {
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  gelu_new: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  relu: (x) => Math.max(0, x),
  silu: (x) => x / (1 + Math.exp(-x)),
};

/** Its Taylor series; beyond 4 it is 1. Within 2e-8. */
function erf(x: number): number {
  if (Math.abs(x) > 4) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17; n++) {
    term *= -(x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
