/** What a family of models must tell: how its `config.json` reads and writes, and what its weights are called. */
import { z } from "zod";
import type { Activation, DecoderConfig, Family, Positions } from "./decoder-config.ts";
import type { WeightEntry } from "./weight-layout.ts";

export interface FamilyRules {
  readonly family: Family;
  /** The class in `transformers`. */
  readonly architecture: string;
  /** Before the names of all but the unembedding; files of the model without its head leave it out. */
  readonly prefix: string;
  /** Buffers that older files hold beside the weights. */
  readonly buffers: RegExp;
  /** The unembedding, which a file of a tied model may repeat. */
  readonly unembed: string;
  /** @throws {z.ZodError} with a path into the document, or `Unsupported` */
  parse(document: unknown): DecoderConfig;
  /** Why this family cannot be such a decoder. */
  misfit(config: DecoderConfig): string | undefined;
  /** The fields of `config.json` that say what the decoder is. */
  write(config: DecoderConfig): Record<string, unknown>;
  weights(config: DecoderConfig): WeightEntry[];
}

/** A field whose value this package has no computation for. */
export class Unsupported extends Error {}

export const Size = z.int().positive();

const ACTIVATIONS = {
  gelu: "gelu",
  gelu_new: "gelu_new",
  // The same formula under two more names.
  gelu_pytorch_tanh: "gelu_new",
  gelu_fast: "gelu_new",
  relu: "relu",
  silu: "silu",
  swish: "silu",
} as const satisfies Record<string, Activation>;
export const ActivationName = z
  .enum(Object.keys(ACTIVATIONS) as [keyof typeof ACTIVATIONS])
  .transform((name): Activation => ACTIVATIONS[name]);

const Rope = z.object({
  rope_type: z.string().optional(),
  type: z.string().optional(),
  rope_theta: z.number().positive().optional(),
  partial_rotary_factor: z.number().positive().max(1).optional(),
  factor: z.number().positive().optional(),
  low_freq_factor: z.number().positive().optional(),
  high_freq_factor: z.number().positive().optional(),
  original_max_position_embeddings: Size.optional(),
});

/** Where transformers 5 (`rope_parameters`) and 4 (`rope_theta`, `rope_scaling`) say how positions turn. */
export const RopeFields = {
  rope_parameters: Rope.nullish(),
  rope_scaling: Rope.nullish(),
  rope_theta: z.number().positive().optional(),
};

export function rotaryOf(
  { rope_parameters, rope_scaling, rope_theta }: z.infer<z.ZodObject<typeof RopeFields>>,
  fallback: { base: number; fraction: number },
): Positions {
  const rope = rope_parameters ?? rope_scaling ?? {};
  const type = rope.rope_type ?? rope.type ?? "default";
  const base = rope.rope_theta ?? rope_theta ?? fallback.base;
  const fraction = rope.partial_rotary_factor ?? fallback.fraction;
  if (type === "default") return { kind: "rotary", base, fraction, scaling: { kind: "none" } };
  if (type !== "llama3")
    throw new Unsupported(`rope_type is ${JSON.stringify(type)}; only default and llama3 are supported`);
  const { factor, low_freq_factor, high_freq_factor, original_max_position_embeddings } = rope;
  if (!factor || !low_freq_factor || !high_freq_factor || !original_max_position_embeddings)
    throw new Unsupported(
      "rope_type llama3 needs factor, low_freq_factor, high_freq_factor and original_max_position_embeddings",
    );
  return {
    kind: "rotary",
    base,
    fraction,
    scaling: {
      kind: "llama3",
      factor,
      lowFrequency: low_freq_factor,
      highFrequency: high_freq_factor,
      originalContext: original_max_position_embeddings,
    },
  };
}

/** Both spellings, so that transformers 4 and 5 read the same. */
export function ropeFields(positions: Extract<Positions, { kind: "rotary" }>): Record<string, unknown> {
  const { base, fraction, scaling } = positions;
  const scaled =
    scaling.kind === "none"
      ? undefined
      : {
          rope_type: "llama3",
          factor: scaling.factor,
          low_freq_factor: scaling.lowFrequency,
          high_freq_factor: scaling.highFrequency,
          original_max_position_embeddings: scaling.originalContext,
        };
  return {
    rope_theta: base,
    rope_scaling: scaled ?? null,
    rope_parameters: {
      ...(scaled ?? { rope_type: "default" }),
      rope_theta: base,
      ...(fraction === 1 ? {} : { partial_rotary_factor: fraction }),
    },
  };
}
