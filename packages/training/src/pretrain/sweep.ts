/** A scaling sweep: the same data at several sizes and budgets, and the law that the losses follow. */
import { join } from "node:path";
import { fitScalingLaw, type ScalingFit } from "../scaling/fit.ts";
import { TrainingError } from "../training-error.ts";
import { decoderOf, type PretrainConfig } from "./config.ts";
import type { PretrainData } from "./data.ts";
import { estimateMemory } from "./memory.ts";
import { type PretrainHooks, pretrain } from "./pretrain.ts";

export interface SweepPoint {
  layers: number;
  width: number;
  steps: number;
  parameters: number;
  tokens: number;
  /** 6 x parameters x tokens: forward and backward. */
  compute: number;
  loss: number;
}

export interface SweepResult {
  points: SweepPoint[];
  /** Those that no run with as little compute beats: what the law is fitted to, where there are four. */
  frontier: SweepPoint[];
  fit: ScalingFit;
}

export interface SweepOptions {
  config: PretrainConfig;
  data: PretrainData;
  out: string;
  sizes: readonly { layers: number; width: number }[];
  steps: readonly number[];
  threads?: number;
  signal?: AbortSignal;
}

/** Runs that were done are not done again. @throws {TrainingError} for fewer than four sizes of compute */
export async function sweep(
  options: SweepOptions,
  hooks: PretrainHooks & { done?(point: SweepPoint): void } = {},
): Promise<SweepResult> {
  const { config, data, out, sizes, steps, threads, signal } = options;
  if (sizes.length * steps.length < 4)
    throw new TrainingError(
      `${sizes.length * steps.length} runs make no law`,
      "Give at least four sizes and budgets together.",
    );
  const points: SweepPoint[] = [];
  for (const { layers, width } of sizes)
    for (const count of steps) {
      const own: PretrainConfig = {
        ...config,
        model: { ...config.model, layers, width },
        steps: count,
        rate:
          "warmup" in config.rate ? { ...config.rate, warmup: Math.min(config.rate.warmup, count >> 3) } : config.rate,
        samples: { ...config.samples, every: 0 },
      };
      const folder = join(out, `${layers}x${width}-${count}`);
      const given = { config: own, data, out: folder, resume: true };
      const result = await pretrain(
        { ...given, ...(threads !== undefined && { threads }), ...(signal && { signal }) },
        hooks,
      );
      if (result.validationLoss === undefined)
        throw new TrainingError("The sweep was stopped", "Start it again: it goes on.");
      const { parameters } = estimateMemory(decoderOf(own, data.tokenizer.vocabSize), own.batch, own.model.context);
      const tokens = count * own.batch * own.accumulate * own.model.context;
      const compute = 6 * parameters * tokens;
      const point = { layers, width, steps: count, parameters, tokens, compute, loss: result.validationLoss };
      points.push(point);
      hooks.done?.(point);
    }
  const frontier = frontierOf(points);
  return { points, frontier, fit: fitScalingLaw(frontier.length >= 4 ? frontier : points) };
}

/** Points that have a lower loss than every one with no more compute. */
export function frontierOf(points: readonly SweepPoint[]): SweepPoint[] {
  let least = Number.POSITIVE_INFINITY;
  return [...points]
    .sort((a, b) => a.compute - b.compute || a.loss - b.loss)
    .filter(({ loss }) => {
      if (loss >= least) return false;
      least = loss;
      return true;
    });
}
