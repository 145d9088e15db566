/** What a run will take, before it takes it. */
import { availableMemory } from "node:process";
import { type DecoderConfig, weightShapes } from "@candor/transformer";
import { TrainingError } from "../training-error.ts";

export interface MemoryEstimate {
  parameters: number;
  /** Weights and both moments, each twice (a step reads one copy and writes the other), and gradients of every thread. */
  stateBytes: number;
  /** What the backward pass needs of the forward pass. */
  activationBytes: number;
  /** Logits, their softmax and their gradient. */
  logitBytes: number;
  totalBytes: number;
}

const FLOAT = 4;
/** ONNX Runtime, Node and the shards. */
const BASE = 200e6;

export function estimateMemory(
  config: DecoderConfig,
  batch: number,
  time: number,
  accumulate = 1,
  ways = 1,
): MemoryEstimate {
  let parameters = 0;
  for (const shape of weightShapes(config).values()) parameters += shape.reduce((product, n) => product * n, 1);
  const stateBytes = FLOAT * parameters * ((accumulate > 1 ? 9 : 7) + (ways > 1 ? ways : 0));
  const { layers, heads, width, mlpWidth, vocab, gated } = config;
  // Norms, queries, keys, values, mixtures and both sums; scores and their softmax; the MLP before and after its activation.
  const place = 10 * width + 3 * heads * time + (gated ? 5 : 3) * mlpWidth;
  const activationBytes = FLOAT * layers * batch * time * place;
  const logitBytes = FLOAT * 4 * batch * time * vocab;
  return {
    parameters,
    stateBytes,
    activationBytes,
    logitBytes,
    totalBytes: BASE + stateBytes + activationBytes + logitBytes,
  };
}

/** @throws {TrainingError} when the machine has less to give */
export function checkMemory(estimate: MemoryEstimate, free = availableMemory()): void {
  if (estimate.totalBytes <= free) return;
  throw new TrainingError(
    `This run needs about ${gigabytes(estimate.totalBytes)} of memory, and ${gigabytes(free)} are free`,
    "Lower the batch (and accumulate more), the context, the width or the layers.",
  );
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
