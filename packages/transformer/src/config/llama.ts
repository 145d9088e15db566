/** Llama, Qwen2 and Qwen3: rotary, RMS norm, gated; they differ in biases and in the norm of queries and keys. */
import { z } from "zod";
import type { DecoderConfig, Family } from "./decoder-config.ts";
import { ActivationName, type FamilyRules, RopeFields, ropeFields, rotaryOf, Size, Unsupported } from "./family.ts";
import { unembedding } from "./gpt2.ts";
import { entryList } from "./linear-entries.ts";

const Config = z.object({
  vocab_size: Size,
  max_position_embeddings: Size,
  hidden_size: Size,
  num_hidden_layers: Size,
  num_attention_heads: Size,
  num_key_value_heads: Size.nullish(),
  head_dim: Size.nullish(),
  intermediate_size: Size,
  hidden_act: ActivationName.prefault("silu"),
  rms_norm_eps: z.number().positive().default(1e-6),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  use_sliding_window: z.boolean().default(false),
  layer_types: z.array(z.string()).nullish(),
  ...RopeFields,
  tie_word_embeddings: z.boolean().default(false),
});

type Differences = {
  family: Family;
  architecture: string;
  biases(read: z.infer<typeof Config>): DecoderConfig["biases"];
  qkNorm: boolean;
  /** Where `head_dim` is not said. */
  headDim?: number;
  biasMisfit(biases: DecoderConfig["biases"]): string | undefined;
};

const attentionAlike = ({ qkv, o }: DecoderConfig["biases"]) =>
  qkv === o ? undefined : "only some of its attention has biases";

function family({ family, architecture, biases, qkNorm, headDim, biasMisfit }: Differences): FamilyRules {
  return {
    family,
    architecture,
    prefix: "model.",
    buffers: /rotary_emb\.inv_freq$/,
    unembed: "lm_head.weight",
    parse(document) {
      const read = Config.parse(document);
      const heads = read.num_attention_heads;
      const sliding = read.layer_types?.find((type) => type !== "full_attention");
      if (read.use_sliding_window) throw new Unsupported("use_sliding_window is true, which is not supported");
      if (sliding !== undefined)
        throw new Unsupported(`layer_types has ${JSON.stringify(sliding)}, which is not supported`);
      const head = read.head_dim ?? headDim ?? read.hidden_size / heads;
      if (!Number.isInteger(head))
        throw new Unsupported(`hidden_size ${read.hidden_size} cannot be divided among num_attention_heads ${heads}`);
      return {
        layers: read.num_hidden_layers,
        heads,
        kvHeads: read.num_key_value_heads ?? heads,
        headDim: head,
        width: read.hidden_size,
        mlpWidth: read.intermediate_size,
        vocab: read.vocab_size,
        context: read.max_position_embeddings,
        positions: rotaryOf(read, { base: 10_000, fraction: 1 }),
        norm: { kind: "rms", epsilon: read.rms_norm_eps, bias: false },
        normPlacement: "pre",
        parallelResidual: false,
        activation: read.hidden_act,
        gated: true,
        biases: biases(read),
        qkNorm,
        tied: read.tie_word_embeddings,
      };
    },
    misfit(config) {
      if (config.positions.kind !== "rotary") return "its positions are not rotary";
      if (config.positions.fraction !== 1) return "its heads are partly rotary";
      if (config.norm.kind !== "rms") return "its norm is no RMS norm";
      if (config.normPlacement !== "pre") return "its norms come after";
      if (config.parallelResidual) return "its residual is parallel";
      if (!config.gated) return "its MLP is not gated";
      if (config.qkNorm !== qkNorm) return qkNorm ? "it does not norm queries and keys" : "it norms queries and keys";
      return biasMisfit(config.biases);
    },
    write: (config) => ({
      vocab_size: config.vocab,
      max_position_embeddings: config.context,
      hidden_size: config.width,
      num_hidden_layers: config.layers,
      num_attention_heads: config.heads,
      num_key_value_heads: config.kvHeads,
      head_dim: config.headDim,
      intermediate_size: config.mlpWidth,
      hidden_act: config.activation,
      rms_norm_eps: config.norm.epsilon,
      attention_bias: config.biases.qkv,
      mlp_bias: config.biases.mlp,
      ...(config.positions.kind === "rotary" ? ropeFields(config.positions) : {}),
      tie_word_embeddings: config.tied,
    }),
    weights(config) {
      const { width, mlpWidth, vocab, headDim, biases } = config;
      const q = config.heads * headDim;
      const kv = config.kvHeads * headDim;
      const { entries, plain, linear } = entryList();
      plain("model.embed_tokens.weight", "embed.weight", [vocab, width]);
      for (let layer = 0; layer < config.layers; layer++) {
        const from = `model.layers.${layer}`;
        const to = `blocks.${layer}`;
        plain(`${from}.input_layernorm.weight`, `${to}.norm1.weight`, [width]);
        linear(`${from}.self_attn.q_proj`, `${to}.attn.q`, width, q, biases.qkv);
        linear(`${from}.self_attn.k_proj`, `${to}.attn.k`, width, kv, biases.qkv);
        linear(`${from}.self_attn.v_proj`, `${to}.attn.v`, width, kv, biases.qkv);
        if (config.qkNorm) {
          plain(`${from}.self_attn.q_norm.weight`, `${to}.attn.qNorm.weight`, [headDim]);
          plain(`${from}.self_attn.k_norm.weight`, `${to}.attn.kNorm.weight`, [headDim]);
        }
        linear(`${from}.self_attn.o_proj`, `${to}.attn.o`, q, width, biases.o);
        plain(`${from}.post_attention_layernorm.weight`, `${to}.norm2.weight`, [width]);
        linear(`${from}.mlp.up_proj`, `${to}.mlp.in`, width, mlpWidth, biases.mlp);
        linear(`${from}.mlp.gate_proj`, `${to}.mlp.gate`, width, mlpWidth, biases.mlp);
        linear(`${from}.mlp.down_proj`, `${to}.mlp.out`, mlpWidth, width, biases.mlp);
      }
      plain("model.norm.weight", "norm.weight", [width]);
      if (!config.tied) entries.push(unembedding("lm_head.weight", width, vocab));
      return entries;
    },
  };
}

export const llama = family({
  family: "llama",
  architecture: "LlamaForCausalLM",
  biases: (read) => ({ qkv: read.attention_bias, o: read.attention_bias, mlp: read.mlp_bias }),
  qkNorm: false,
  biasMisfit: attentionAlike,
});

export const qwen2 = family({
  family: "qwen2",
  architecture: "Qwen2ForCausalLM",
  // Not a field: all of them have it so.
  biases: () => ({ qkv: true, o: false, mlp: false }),
  qkNorm: false,
  biasMisfit: ({ qkv, o, mlp }) =>
    qkv && !o && !mlp ? undefined : "its biases are not those of queries, keys and values",
});

export const qwen3 = family({
  family: "qwen3",
  architecture: "Qwen3ForCausalLM",
  biases: (read) => ({ qkv: read.attention_bias, o: read.attention_bias, mlp: false }),
  qkNorm: true,
  headDim: 128,
  biasMisfit: (biases) => (biases.mlp ? "its MLP has biases" : attentionAlike(biases)),
});
