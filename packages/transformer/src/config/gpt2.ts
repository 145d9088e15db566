/** GPT-2: learned positions, biases everywhere, Conv1D weights that are [in, out] already. */
import { z } from "zod";
import { ActivationName, type FamilyRules, Size, Unsupported } from "./family.ts";
import type { WeightEntry, WeightPart } from "./weight-layout.ts";

const Config = z.object({
  vocab_size: Size,
  n_positions: Size,
  n_embd: Size,
  n_layer: Size,
  n_head: Size,
  n_inner: Size.nullish(),
  activation_function: ActivationName.prefault("gelu_new"),
  layer_norm_epsilon: z.number().positive().default(1e-5),
  scale_attn_weights: z.boolean().default(true),
  scale_attn_by_inverse_layer_idx: z.boolean().default(false),
  add_cross_attention: z.boolean().default(false),
  tie_word_embeddings: z.boolean().default(true),
});

export const gpt2: FamilyRules = {
  family: "gpt2",
  architecture: "GPT2LMHeadModel",
  prefix: "transformer.",
  buffers: /\.attn\.(bias|masked_bias)$/,
  unembed: "lm_head.weight",
  parse(document) {
    const read = Config.parse(document);
    if (!read.scale_attn_weights) throw new Unsupported("scale_attn_weights is false, which is not supported");
    if (read.scale_attn_by_inverse_layer_idx)
      throw new Unsupported("scale_attn_by_inverse_layer_idx is true, which is not supported");
    if (read.add_cross_attention) throw new Unsupported("add_cross_attention is true: it is half an encoder-decoder");
    if (read.n_embd % read.n_head !== 0)
      throw new Unsupported(`n_embd ${read.n_embd} cannot be divided among n_head ${read.n_head}`);
    return {
      layers: read.n_layer,
      heads: read.n_head,
      kvHeads: read.n_head,
      headDim: read.n_embd / read.n_head,
      width: read.n_embd,
      mlpWidth: read.n_inner ?? 4 * read.n_embd,
      vocab: read.vocab_size,
      context: read.n_positions,
      positions: { kind: "learned" },
      norm: { kind: "layer", epsilon: read.layer_norm_epsilon, bias: true },
      normPlacement: "pre",
      parallelResidual: false,
      activation: read.activation_function,
      gated: false,
      biases: { qkv: true, o: true, mlp: true },
      qkNorm: false,
      tied: read.tie_word_embeddings,
    };
  },
  // Without biases or positions it is a GPT-2 whose biases or positions are zero, and is written as one.
  misfit(config) {
    if (config.positions.kind === "rotary") return "its positions are rotary";
    if (config.norm.kind !== "layer") return "its norm is RMS";
    if (config.normPlacement !== "pre") return "its norms come after";
    if (config.parallelResidual) return "its residual is parallel";
    if (config.gated) return "its MLP is gated";
    if (config.qkNorm) return "it norms queries and keys";
    if (config.kvHeads !== config.heads) return "its queries are grouped";
    if (config.heads * config.headDim !== config.width) return "its heads are not as wide as its residual stream";
    return undefined;
  },
  write: (config) => ({
    vocab_size: config.vocab,
    n_positions: config.context,
    n_ctx: config.context,
    n_embd: config.width,
    n_layer: config.layers,
    n_head: config.heads,
    n_inner: config.mlpWidth,
    activation_function: config.activation,
    layer_norm_epsilon: config.norm.epsilon,
    tie_word_embeddings: config.tied,
  }),
  weights(config) {
    const { width, mlpWidth, vocab, context } = config;
    const entries: WeightEntry[] = [];
    const plain = (name: string, part: string, shape: number[]) =>
      entries.push({ name: `transformer.${name}`, shape, layout: { kind: "plain" }, parts: [{ name: part, shape }] });
    const linear = (name: string, part: string, from: number, to: number) => {
      plain(`${name}.weight`, `${part}.weight`, [from, to]);
      plain(`${name}.bias`, `${part}.bias`, [to]);
    };
    const norm = (name: string, part: string) => {
      plain(`${name}.weight`, `${part}.weight`, [width]);
      plain(`${name}.bias`, `${part}.bias`, [width]);
    };
    plain("wte.weight", "embed.weight", [vocab, width]);
    plain("wpe.weight", "positions.weight", [context, width]);
    for (let layer = 0; layer < config.layers; layer++) {
      const from = `h.${layer}`;
      const to = `blocks.${layer}`;
      norm(`${from}.ln_1`, `${to}.norm1`);
      for (const [kind, shape] of [
        ["weight", [width, width]],
        ["bias", [width]],
      ] as const) {
        const parts = ["q", "k", "v"].map((part): WeightPart => ({ name: `${to}.attn.${part}.${kind}`, shape }));
        const fused = [...shape.slice(0, -1), 3 * width];
        entries.push({
          name: `transformer.${from}.attn.c_attn.${kind}`,
          shape: fused,
          layout: { kind: "columns" },
          parts,
        });
      }
      linear(`${from}.attn.c_proj`, `${to}.attn.o`, width, width);
      norm(`${from}.ln_2`, `${to}.norm2`);
      linear(`${from}.mlp.c_fc`, `${to}.mlp.in`, width, mlpWidth);
      linear(`${from}.mlp.c_proj`, `${to}.mlp.out`, mlpWidth, width);
    }
    norm("ln_f", "norm");
    if (!config.tied) entries.push(unembedding("lm_head.weight", width, vocab));
    return entries;
  },
};

/** PyTorch keeps it [vocab, width]. */
export const unembedding = (name: string, width: number, vocab: number): WeightEntry => ({
  name,
  shape: [vocab, width],
  layout: { kind: "transposed" },
  parts: [{ name: "unembed.weight", shape: [width, vocab] }],
});
