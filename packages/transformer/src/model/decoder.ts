/**
 * One decoder for GPT-2, GPT-NeoX and Llama's kin, as a graph. Its places are named as in TransformerLens
 * (`blocks.0.hook_resid_pre`, `blocks.0.attn.hook_pattern` ...) and cost nothing until a program opens them.
 */
import {
  add,
  constant,
  div,
  gather,
  gelu,
  input,
  layerNorm,
  layerNormWithScale,
  matmul,
  mul,
  relu,
  reshape,
  rmsNorm,
  rmsNormWithScale,
  silu,
  slice,
  type Tensor,
  tap,
} from "@candor/graph";
import { type Activation, type DecoderConfig, weightShapes } from "../config/decoder-config.ts";
import { attention, type KeyValues, visibility, type Weights } from "./attention.ts";
import { rotation } from "./positions.ts";

export interface DecoderInput {
  config: DecoderConfig;
  weights: Weights;
  /** int64 [batch, time]. */
  tokens: Tensor;
  /** Where the tokens stand, int64 [time] or, with `attend`, [batch, time]; 0, 1, 2 ... where it is not given. */
  positions?: Tensor;
  /** Added to attention scores; causal where it is not given. */
  mask?: Tensor;
  /** Stands for attention in a layer (generation keeps keys and values in a cache): [batch, time, width] to the same. */
  attend?: (layer: number, x: Tensor) => Tensor;
  /** `x` by a weight of the MLP or by the unembedding [width, vocab], however the weight is kept. */
  product?: (x: Tensor, name: string) => Tensor;
  /** Names that will be opened: norms are then taken apart, so that their scales can be read and set. */
  open?: readonly string[];
  /** What training does to what enters the residual stream: dropout, of its own kind in each place. */
  drop?: (x: Tensor, place: string) => Tensor;
  /** Logits of one position alone: the last, or where an int64 [1] says. */
  only?: "last" | Tensor;
  /** Logits of some positions of each text alone: int64 [batch, count]. */
  at?: Tensor;
}

export interface DecoderOutput {
  /** [batch, time, vocab], or as many positions as were asked for. */
  logits: Tensor;
  /** What logits are read from: [batch, the same positions, width], after the last norm. */
  hidden: Tensor;
  /** Of each layer that `attend` does not stand for. */
  keyValues: KeyValues[];
}

export function decoder({
  config,
  weights,
  tokens,
  positions,
  mask,
  attend: standIn,
  product = (x, name) =>
    config.tied && name === UNEMBED
      ? matmul(x, weights("embed.weight"), { transposeB: true })
      : matmul(x, weights(name)),
  open = [],
  drop = (x) => x,
  only,
  at,
}: DecoderInput): DecoderOutput {
  const time = tokens.shape[1] ?? 0;
  const norm = normOf(config, weights, open);
  const turned = config.positions.kind === "rotary" && !standIn ? rotation(config, time, positions) : undefined;
  const visible = mask ?? visibility(config, time);
  const keyValues: KeyValues[] = [];

  let stream = tap("hook_embed", gather(weights("embed.weight"), tokens));
  if (config.positions.kind === "learned") {
    const table = weights("positions.weight");
    const rows = positions ? gather(table, positions) : slice(table, { axis: 0, end: time });
    stream = add(stream, tap("hook_pos_embed", rows));
  }
  stream = drop(stream, "embed");
  const asked = (x: Tensor): Tensor => {
    if (only === "last") return slice(x, { axis: 1, start: time - 1 });
    return only ? gather(x, only, 1) : at ? rowsAt(x, at) : x;
  };
  // From the last attention on only what was asked for is computed, but for whoever opens places and wants to see them all.
  const early = open.length === 0;
  for (let layer = 0; layer < config.layers; layer++) {
    const block = `blocks.${layer}`;
    const isLast = layer === config.layers - 1;
    const kept = early && isLast ? asked : (x: Tensor): Tensor => x;
    // Attention of one's own need not even look from the other places.
    const looking = early && isLast && !only ? at : undefined;
    stream = tap(`${block}.hook_resid_pre`, stream);
    const attend = (x: Tensor): Tensor => {
      if (standIn) return tap(`${block}.hook_attn_out`, kept(standIn(layer, x)));
      const { result, seen } = attention({
        config,
        weights,
        block,
        x,
        rotation: turned,
        mask: visible,
        open,
        at: looking,
      });
      keyValues.push(seen);
      const own = looking ? result : kept(result);
      return tap(`${block}.hook_attn_out`, drop(own, `${block}.attn`));
    };
    const think = (x: Tensor): Tensor =>
      tap(`${block}.hook_mlp_out`, drop(mlp(config, weights, product, block, x), `${block}.mlp`));
    const first = (x: Tensor): Tensor => norm(`${block}.norm1`, `${block}.ln1`, x);
    const second = (x: Tensor): Tensor => norm(`${block}.norm2`, `${block}.ln2`, x);
    if (config.mlpWidth === 0) {
      const after = add(kept(stream), attend(config.normPlacement === "pre" ? first(stream) : stream));
      stream = config.normPlacement === "pre" ? after : first(after);
    } else if (config.parallelResidual) {
      stream = add(kept(stream), add(attend(first(stream)), think(second(kept(stream)))));
    } else if (config.normPlacement === "pre") {
      stream = tap(`${block}.hook_resid_mid`, add(kept(stream), attend(first(stream))));
      stream = add(stream, think(second(stream)));
    } else {
      stream = tap(`${block}.hook_resid_mid`, first(add(kept(stream), attend(stream))));
      stream = second(add(stream, think(stream)));
    }
    stream = tap(`${block}.hook_resid_post`, stream);
  }
  if (!early) stream = asked(stream);
  if (config.normPlacement === "pre") stream = norm("norm", "ln_final", stream);
  return { logits: product(tap("unembed.hook_in", stream), UNEMBED), hidden: stream, keyValues };
}

/** [batch, time, width] at int64 [batch, count]: [batch, count, width]. */
function rowsAt(stream: Tensor, at: Tensor): Tensor {
  const [batch = 0, time = 0, width = 0] = stream.shape;
  const firsts = constant(
    Array.from({ length: batch }, (_, row) => row * time),
    [batch, 1],
    "int64",
  );
  return gather(reshape(stream, [batch * time, width]), add(at, firsts));
}

/** With tied weights it is the embedding, transposed, and no weight of its own. */
export const UNEMBED = "unembed.weight";

type Product = NonNullable<DecoderInput["product"]>;

/** @param x [..., width], after the norm */
export function mlp(config: DecoderConfig, weights: Weights, product: Product, block: string, x: Tensor): Tensor {
  const activate = ACTIVATIONS[config.activation];
  const linear = (part: string, from: Tensor): Tensor => {
    const y = product(from, `${block}.mlp.${part}.weight`);
    return config.biases.mlp ? add(y, weights(`${block}.mlp.${part}.bias`)) : y;
  };
  const inner = linear("in", x);
  const hidden = config.gated
    ? mul(activate(tap(`${block}.mlp.hook_pre`, linear("gate", x))), tap(`${block}.mlp.hook_pre_linear`, inner))
    : activate(tap(`${block}.mlp.hook_pre`, inner));
  return linear("out", tap(`${block}.mlp.hook_post`, hidden));
}

const ACTIVATIONS: Record<Activation, (x: Tensor) => Tensor> = {
  gelu: (x) => gelu(x),
  gelu_new: (x) => gelu(x, "tanh"),
  relu,
  silu,
};

type NormAt = (weight: string, place: string, x: Tensor) => Tensor;

export function normOf(
  { norm: { kind, epsilon, bias }, width }: DecoderConfig,
  weights: Weights,
  open: readonly string[],
): NormAt {
  const ones = constant(new Float32Array(width).fill(1), [width]);
  return (name, place, x) => {
    if (kind === "none") return x;
    const weight = weights(`${name}.weight`);
    const shift = bias ? weights(`${name}.bias`) : undefined;
    const scaleName = `${place}.hook_scale`;
    const normalisedName = `${place}.hook_normalized`;
    if (!open.includes(scaleName) && !open.includes(normalisedName))
      return kind === "rms" ? rmsNorm(x, weight, epsilon) : layerNorm(x, weight, shift, epsilon);
    const { result, inverseScale } =
      kind === "rms" ? rmsNormWithScale(x, ones, epsilon) : layerNormWithScale(x, ones, undefined, epsilon);
    const scale = div(1, inverseScale);
    // The norm in one pass, by 1 unless somebody sets the scale: half the passes of the norm written out.
    const normalised = mul(result, div(scale, tap(scaleName, scale)));
    // Before the weights, as TransformerLens has it since 3.0 for both kinds of norm.
    const scaled = mul(tap(normalisedName, normalised), weight);
    return shift ? add(scaled, shift) : scaled;
  };
}

/** Every weight as an input of the graph: given at each run, or kept as state. */
export function weightInputs(config: DecoderConfig): { weights: Weights; byName: Map<string, Tensor> } {
  const byName = new Map(Array.from(weightShapes(config), ([name, shape]) => [name, input(name, shape)]));
  return {
    byName,
    weights: (name) => {
      const found = byName.get(name);
      if (!found) throw new RangeError(`the decoder has no weight ${name}`);
      return found;
    },
  };
}
