/** What a pretraining run is told, as a document: every field has a default, and a field that does not exist is an error. */
import { type DecoderConfig, FAMILIES, familyOf } from "@candor/transformer";
import { z } from "zod";
import { Count, parseSettings, Rate, Share, scheduleFor } from "../run/settings.ts";
import { checkSchedule } from "../schedule/schedule.ts";
import { TrainingError } from "../training-error.ts";

const Model = z.strictObject({
  layers: Count.default(4),
  heads: Count.default(4),
  /** Fewer than `heads` is grouped-query attention; the same where it is not given. */
  kvHeads: Count.optional(),
  width: Count.default(128),
  /** Four widths where it is not given. */
  mlpWidth: Count.optional(),
  context: Count.default(64),
  positions: z.enum(["learned", "rotary"]).default("learned"),
  norm: z.enum(["layer", "rms"]).default("layer"),
  activation: z.enum(["gelu", "gelu_new", "relu", "silu"]).default("gelu"),
  gated: z.boolean().default(false),
  biases: z.boolean().default(false),
  qkNorm: z.boolean().default(false),
  tied: z.boolean().default(true),
});

const Tokenizer = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("characters") }),
  z.strictObject({ kind: z.literal("bytes") }),
  z.strictObject({ kind: z.literal("bpe"), vocab: z.int().min(257).default(2048) }),
]);

const Optimiser = z.strictObject({
  beta1: Share.default(0.9),
  beta2: Share.default(0.99),
  epsilon: z.number().positive().default(1e-8),
  weightDecay: z.number().min(0).default(0.1),
  clip: z.number().min(0).default(1),
  /** The highest rate of Muon, which then moves the matrices inside the blocks; it follows the course of `rate`. */
  muon: z.number().positive().optional(),
});

export const PretrainConfig = z.strictObject({
  model: Model.prefault({}),
  tokenizer: Tokenizer.prefault({ kind: "bpe" }),
  /** By document, or by position where the data is one text. */
  split: z
    .strictObject({ by: z.enum(["document", "position"]).default("document"), fraction: Share.default(0.1) })
    .prefault({}),
  /** What divides the documents of a text file. */
  separator: z.literal("blank-line").optional(),
  steps: Count.default(2000),
  batch: Count.default(12),
  /** Batches of which a step is made. */
  accumulate: Count.default(1),
  dropout: Share.default(0),
  rate: Rate.prefault({ kind: "cosine", peak: 1e-3, min: 1e-4, warmup: 100 }),
  optimiser: Optimiser.prefault({}),
  /** Random batches of the validation split, the same each time, or all of it. */
  validation: z
    .strictObject({ every: Count.default(250), batches: z.union([Count, z.literal("all")]).default(20) })
    .prefault({}),
  checkpoint: z.strictObject({ every: Count.default(250) }).prefault({}),
  log: z.strictObject({ every: Count.default(10) }).prefault({}),
  samples: z
    .strictObject({
      /** 0 takes none. */
      every: z.int().min(0).default(500),
      prompts: z.array(z.string()).default([""]),
      tokens: Count.default(120),
      temperature: z.number().min(0).default(0.8),
    })
    .prefault({}),
  seed: z.int().min(0).default(1),
});
export type PretrainConfig = z.output<typeof PretrainConfig>;
export type PretrainConfigInput = z.input<typeof PretrainConfig>;

/** @param where names the document in errors */
export function parsePretrainConfig(document: unknown, where: string): PretrainConfig {
  const config = parseSettings(PretrainConfig, document, where, "train-a-model.md");
  checkSchedule(scheduleOf(config));
  decoderOf(config, 1);
  return config;
}

export const scheduleOf = ({ rate, steps }: PretrainConfig) => scheduleFor(rate, steps);

/** @throws {TrainingError} when there can be no such decoder, or none that a Hugging Face folder has a name for */
export function decoderOf({ model, steps: _ }: PretrainConfig, vocab: number): DecoderConfig {
  const { heads, width, biases, norm, positions, kvHeads = heads, mlpWidth = 4 * width, ...same } = model;
  if (width % heads !== 0)
    throw new TrainingError(
      `A width of ${width} cannot be divided among ${heads} heads`,
      "Give a width that is a multiple of the heads.",
    );
  const decoder: DecoderConfig = {
    layers: same.layers,
    context: same.context,
    activation: same.activation,
    gated: same.gated,
    qkNorm: same.qkNorm,
    tied: same.tied,
    heads,
    kvHeads,
    headDim: width / heads,
    width,
    mlpWidth,
    vocab,
    positions:
      positions === "rotary"
        ? { kind: "rotary", base: 10_000, fraction: 1, scaling: { kind: "none" } }
        : { kind: "learned" },
    norm: norm === "rms" ? { kind: "rms", epsilon: 1e-6, bias: false } : { kind: "layer", epsilon: 1e-5, bias: biases },
    normPlacement: "pre",
    parallelResidual: false,
    biases: { qkv: biases, o: biases, mlp: biases },
  };
  try {
    familyOf(decoder);
  } catch (error) {
    throw new TrainingError(
      error instanceof Error ? error.message : String(error),
      `Learned positions go with layer norms (${FAMILIES[0]}); rotary ones with RMS norms and gated silu (llama, qwen3).`,
    );
  }
  return decoder;
}
