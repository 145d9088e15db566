/** What both sides of the numerics benchmark train: written to a folder that both read. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DecoderConfig, weightShapes } from "@candor/transformer";
import { z } from "zod";
import { uniformFrom } from "./uniform.ts";

export interface Size {
  name: string;
  layers: number;
  width: number;
  time: number;
  batch: number;
}

export const Task = z.object({
  // Written by this module and read by this module.
  config: z.custom<DecoderConfig>((value) => typeof value === "object"),
  batch: z.number(),
  time: z.number(),
  rate: z.number(),
  adam: z.object({ beta1: z.number(), beta2: z.number(), epsilon: z.number(), weightDecay: z.number() }),
  weights: z.array(z.string()),
});
export type Task = z.infer<typeof Task>;

/** nanoGPT's model: no biases, tied, four heads or six. */
export function nanoConfig({ layers, width, time }: Size): DecoderConfig {
  const heads = width === 384 ? 6 : 4;
  return {
    layers,
    heads,
    kvHeads: heads,
    headDim: width / heads,
    width,
    mlpWidth: 4 * width,
    vocab: 65,
    context: time,
    positions: { kind: "learned" },
    norm: { kind: "layer", epsilon: 1e-5, bias: false },
    normPlacement: "pre",
    parallelResidual: false,
    activation: "gelu",
    gated: false,
    biases: { qkv: false, o: false, mlp: false },
    qkNorm: false,
    tied: true,
  };
}

/** Small weights and tokens that are the same on every machine. @returns the folder */
export function writeTask(size: Size): string {
  const folder = mkdtempSync(join(tmpdir(), "candor-numerics-"));
  const config = nanoConfig(size);
  const uniform = uniformFrom(0);
  const names: string[] = [];
  for (const [name, shape] of weightShapes(config)) {
    const count = shape.reduce((product, extent) => product * extent, 1);
    const values = Float32Array.from({ length: count }, () =>
      name.includes("norm") ? 1 : 0.04 * (uniform() + uniform() + uniform() - 1.5),
    );
    writeFileSync(join(folder, `${name}.bin`), values);
    names.push(name);
  }
  const text = BigInt64Array.from({ length: size.batch * size.time + 1 }, () =>
    BigInt(Math.floor(uniform() ** 2 * 65)),
  );
  writeFileSync(join(folder, "tokens.bin"), text.slice(0, -1));
  writeFileSync(join(folder, "targets.bin"), text.slice(1));
  const task: Task = {
    config,
    batch: size.batch,
    time: size.time,
    rate: 1e-3,
    adam: { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1 },
    weights: names,
  };
  writeFileSync(join(folder, "task.json"), JSON.stringify(task));
  return folder;
}
