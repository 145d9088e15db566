/** GPT-NeoX and Pythia: partly rotary, parallel residual, queries, keys and values fused head by head. */
import { z } from "zod";
import { ActivationName, type FamilyRules, RopeFields, ropeFields, rotaryOf, Size, Unsupported } from "./family.ts";
import { unembedding } from "./gpt2.ts";
import { entryList } from "./linear-entries.ts";

const Config = z.object({
  vocab_size: Size,
  max_position_embeddings: Size,
  hidden_size: Size,
  num_hidden_layers: Size,
  num_attention_heads: Size,
  intermediate_size: Size,
  hidden_act: ActivationName.prefault("gelu"),
  layer_norm_eps: z.number().positive().default(1e-5),
  use_parallel_residual: z.boolean().default(true),
  attention_bias: z.boolean().default(true),
  rotary_pct: z.number().positive().max(1).default(0.25),
  rotary_emb_base: z.number().positive().default(10_000),
  ...RopeFields,
  tie_word_embeddings: z.boolean().default(false),
});

export const gptNeoX: FamilyRules = {
  family: "gpt_neox",
  architecture: "GPTNeoXForCausalLM",
  prefix: "gpt_neox.",
  buffers: /\.attention\.(bias|masked_bias|rotary_emb\.inv_freq)$/,
  unembed: "embed_out.weight",
  parse(document) {
    const read = Config.parse(document);
    if (read.hidden_size % read.num_attention_heads !== 0)
      throw new Unsupported(
        `hidden_size ${read.hidden_size} cannot be divided among num_attention_heads ${read.num_attention_heads}`,
      );
    return {
      layers: read.num_hidden_layers,
      heads: read.num_attention_heads,
      kvHeads: read.num_attention_heads,
      headDim: read.hidden_size / read.num_attention_heads,
      width: read.hidden_size,
      mlpWidth: read.intermediate_size,
      vocab: read.vocab_size,
      context: read.max_position_embeddings,
      positions: rotaryOf(read, { base: read.rotary_emb_base, fraction: read.rotary_pct }),
      norm: { kind: "layer", epsilon: read.layer_norm_eps, bias: true },
      normPlacement: "pre",
      parallelResidual: read.use_parallel_residual,
      activation: read.hidden_act,
      gated: false,
      biases: { qkv: read.attention_bias, o: read.attention_bias, mlp: true },
      qkNorm: false,
      tied: read.tie_word_embeddings,
    };
  },
  misfit(config) {
    if (config.positions.kind !== "rotary") return "its positions are not rotary";
    if (config.norm.kind !== "layer") return "its norm is RMS";
    if (config.normPlacement !== "pre") return "its norms come after";
    if (config.gated) return "its MLP is gated";
    if (config.qkNorm) return "it norms queries and keys";
    if (config.kvHeads !== config.heads) return "its queries are grouped";
    if (config.heads * config.headDim !== config.width) return "its heads are not as wide as its residual stream";
    if (config.biases.qkv !== config.biases.o) return "only some of its attention has biases";
    return undefined;
  },
  write: (config) => ({
    vocab_size: config.vocab,
    max_position_embeddings: config.context,
    hidden_size: config.width,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    intermediate_size: config.mlpWidth,
    hidden_act: config.activation,
    layer_norm_eps: config.norm.epsilon,
    use_parallel_residual: config.parallelResidual,
    attention_bias: config.biases.qkv,
    ...(config.positions.kind === "rotary"
      ? {
          ...ropeFields(config.positions),
          rotary_pct: config.positions.fraction,
          rotary_emb_base: config.positions.base,
        }
      : {}),
    tie_word_embeddings: config.tied,
  }),
  weights(config) {
    const { width, mlpWidth, vocab, heads, biases } = config;
    const { entries, plain, linear } = entryList();
    const norm = (name: string, part: string) => {
      plain(`${name}.weight`, `${part}.weight`, [width]);
      plain(`${name}.bias`, `${part}.bias`, [width]);
    };
    plain("gpt_neox.embed_in.weight", "embed.weight", [vocab, width]);
    for (let layer = 0; layer < config.layers; layer++) {
      const from = `gpt_neox.layers.${layer}`;
      const to = `blocks.${layer}`;
      norm(`${from}.input_layernorm`, `${to}.norm1`);
      for (const kind of biases.qkv ? ["weight", "bias"] : ["weight"]) {
        const shape = kind === "weight" ? [width, width] : [width];
        entries.push({
          name: `${from}.attention.query_key_value.${kind}`,
          shape: kind === "weight" ? [3 * width, width] : [3 * width],
          layout: { kind: "heads", heads },
          parts: ["q", "k", "v"].map((part) => ({ name: `${to}.attn.${part}.${kind}`, shape })),
        });
      }
      linear(`${from}.attention.dense`, `${to}.attn.o`, width, width, biases.o);
      norm(`${from}.post_attention_layernorm`, `${to}.norm2`);
      linear(`${from}.mlp.dense_h_to_4h`, `${to}.mlp.in`, width, mlpWidth, true);
      linear(`${from}.mlp.dense_4h_to_h`, `${to}.mlp.out`, mlpWidth, width, true);
    }
    norm("gpt_neox.final_layer_norm", "norm");
    if (!config.tied) entries.push(unembedding("embed_out.weight", width, vocab));
    return entries;
  },
};
