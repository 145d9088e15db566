/**
 * A decoder in which each reader sees each writer through an edge of its own. An edge that is not kept brings what the writer says in
 * another run instead: x = stream - sum over writers of (1 - kept) (own - other). Which edges are kept is an input, so that any circuit
 * is one run, and the gradient with respect to it is the first-order effect of every edge at once.
 */
import {
  add,
  concat,
  gather,
  input,
  matmul,
  mul,
  pad,
  reshape,
  slice,
  softmax,
  sub,
  sum,
  type Tensor,
  transpose,
} from "@candor/graph";
import {
  type DecoderConfig,
  mlp,
  normOf,
  rotate,
  rotation,
  UNEMBED,
  visibility,
  type Weights,
} from "@candor/transformer";
import type { ReaderGroup, Wiring } from "./edges.ts";

export interface MaskedInput {
  config: DecoderConfig;
  weights: Weights;
  wiring: Wiring;
  batch: number;
  time: number;
  /** What `tokens` and `positions` write: from tokens, or given, [batch, 1, time * width] each. */
  embedded?: readonly Tensor[];
  /**
   * How a writer differs from what stands for it, [batch, writers, time * width]: by what it says in this run, with the input `other`
   * of the same shape; or as the input `differences` says, whatever it says now.
   */
  differing: "now" | "given";
  /** Which edges of a group are kept, [readers, writers]; an input of `keptFeeds` where it is not given. */
  open?: (group: ReaderGroup) => Tensor;
}

export interface MaskedOutput {
  /** [batch, time, vocab]. */
  logits: Tensor;
  /** What each writer says, [batch, writers, time * width]. */
  written: Tensor;
  /** Which edges are kept, [readers, writers] for each group. */
  kept: ReadonlyMap<string, Tensor>;
}

const keptName = (group: string): string => `kept:${group}`;

/** @param kept for each edge 1, 0, or a part of it */
export function keptFeeds({ groups }: Wiring, kept: ArrayLike<number>): Record<string, Float32Array> {
  return Object.fromEntries(
    groups.map(({ name, start, readers, writers }) => [
      keptName(name),
      Float32Array.from({ length: readers.length * writers }, (_, n) => kept[start + n] as number),
    ]),
  );
}

export function maskedDecoder(given: MaskedInput): MaskedOutput {
  const { config, weights, wiring, batch, time, differing } = given;
  const opened = given.open ?? (({ name, readers, writers }) => input(keptName(name), [readers.length, writers]));
  const { heads, headDim, width, layers } = config;
  const norm = normOf(config, weights, []);
  const turned = config.positions.kind === "rotary" ? rotation(config, time) : undefined;
  const product = (x: Tensor, name: string): Tensor =>
    config.tied && name === UNEMBED
      ? matmul(x, weights("embed.weight"), { transposeB: true })
      : matmul(x, weights(name));
  const kept = new Map<string, Tensor>();
  const others = input(differing === "now" ? "other" : "differences", [batch, wiring.writers.length, time * width]);

  const written: Tensor[] = [...(given.embedded ?? embeddings(config, weights, batch, time))];
  const bias: Tensor[] = [];
  /** Differences of the writers so far, some to a tensor: [batch, some, time * width]. */
  let blocks: { from: number; count: number; values: Tensor }[] = [];
  const wrote = (values: Tensor, count: number): void => {
    const from = blocks.reduce((sum, block) => sum + block.count, 0);
    blocks.push({ from, count, values: sub(values, slice(others, { axis: 1, start: from, end: from + count })) });
  };
  for (const each of differing === "now" ? written : []) wrote(each, 1);
  /** What comes through the edges that are not kept in excess of what is to come: [batch, readers, time * width]. */
  const missing = (open: Tensor, readers: number, writers: number): Tensor => {
    const cut = sub(1, open);
    // Zeros for later writers cost less than leaving those out of a copy.
    if (differing === "given") return matmul(pad(cut, [0, 0], [0, wiring.writers.length - writers]), others);
    const seen = blocks.filter(({ from }) => from < writers);
    if (readers > 1 && seen.length > 1) {
      const values = concat(
        seen.map((block) => block.values),
        1,
      );
      blocks = [{ from: 0, count: writers, values }, ...blocks.slice(seen.length)];
    }
    return blocks
      .filter(({ from }) => from < writers)
      .map(({ from, count, values }) => matmul(slice(cut, { axis: 1, start: from, end: from + count }), values))
      .reduce(add);
  };
  /** [batch, readers, time, width]. */
  const read = (group: ReaderGroup): Tensor => {
    const { name, readers, writers } = group;
    const stream = [...written.slice(0, writers), ...bias].reduce(add);
    const open = opened(group);
    kept.set(name, open);
    return reshape(sub(stream, missing(open, readers.length, writers)), [batch, readers.length, time, width]);
  };
  const flat = (x: Tensor, rows: number): Tensor => reshape(x, [batch, rows, time * width]);

  for (let layer = 0; layer < layers; layer++) {
    const block = `blocks.${layer}`;
    const group = (name: string): ReaderGroup => wiring.groups.find((each) => each.name === name) as ReaderGroup;
    const parallel = config.parallelResidual && config.mlpWidth > 0 ? read(group(`m${layer}`)) : undefined;
    const x = norm(`${block}.norm1`, `${block}.ln1`, read(group(`a${layer}`)));
    const [q, k, v] = (["q", "k", "v"] as const).map((part, n): Tensor => {
      const own = slice(x, { axis: 1, start: n * heads, end: (n + 1) * heads });
      const name = `${block}.attn.${part}`;
      // [width, heads * headDim] as [heads, width, headDim]
      const matrix = transpose(reshape(weights(`${name}.weight`), [width, heads, headDim]), [1, 0, 2]);
      const y = matmul(own, matrix);
      const shifted = config.biases.qkv ? add(y, reshape(weights(`${name}.bias`), [heads, 1, headDim])) : y;
      return turned && part !== "v" ? rotate(shifted, turned) : shifted;
    }) as [Tensor, Tensor, Tensor];
    const scores = add(matmul(q, k, { transposeB: true, alpha: 1 / Math.sqrt(headDim) }), visibility(config, time));
    const out = reshape(weights(`${block}.attn.o.weight`), [heads, headDim, width]);
    const results = flat(matmul(matmul(softmax(scores), v), out), heads);
    for (let head = 0; head < heads; head++) written.push(slice(results, { axis: 1, start: head, end: head + 1 }));
    if (differing === "now") wrote(results, heads);
    if (config.biases.o) bias.push(reshape(repeated(weights(`${block}.attn.o.bias`), time), [1, 1, time * width]));
    if (config.mlpWidth === 0) continue;
    const y = norm(`${block}.norm2`, `${block}.ln2`, parallel ?? read(group(`m${layer}`)));
    const thought = flat(mlp(config, weights, product, block, y), 1);
    written.push(thought);
    if (differing === "now") wrote(thought, 1);
  }
  const last = norm("norm", "ln_final", read(wiring.groups.at(-1) as ReaderGroup));
  const logits = product(reshape(last, [batch, time, width]), UNEMBED);
  return { logits, written: concat(written, 1), kept };
}

/** What the input writes, [batch, 1, time * width] each. */
function embeddings(config: DecoderConfig, weights: Weights, batch: number, time: number): Tensor[] {
  const { width } = config;
  const tokens = gather(weights("embed.weight"), input("tokens", [batch, time], "int64"));
  const flat = reshape(tokens, [batch, 1, time * width]);
  if (config.positions.kind !== "learned") return [flat];
  const rows = reshape(slice(weights("positions.weight"), { axis: 0, end: time }), [1, 1, time * width]);
  // As large as the tokens' part, so that the two can be laid side by side.
  return [flat, add(mul(flat, 0), rows)];
}

const repeated = (x: Tensor, time: number): Tensor => concat(Array<Tensor>(time).fill(reshape(x, [1, x.size])), 0);

/** Sum of logits times a direction [batch, time, vocab]: what a circuit is to bring about. */
export const towards = (logits: Tensor, direction: Tensor): Tensor => sum(mul(logits, direction));
