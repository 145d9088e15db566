/** Checkpoints of each family across to `transformers` and back: the logits must not move. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile, input, numbersOf, Runner } from "@candor/graph";
import {
  type DecoderConfig,
  decoder,
  FAMILIES,
  type Family,
  openPretrained,
  savePretrained,
  weightInputs,
  weightShapes,
} from "@candor/transformer";
import { z } from "zod";
import { type Bench, type BenchContext, goal, option, type Row } from "./bench.ts";
import { pythonWithTorch } from "./python-peer.ts";
import { uniformFrom } from "./uniform.ts";

const PEER = fileURLToPath(new URL("../peers/checkpoints.py", import.meta.url));
const [BATCH, TIME, VOCAB] = [2, 48, 301];

const base = {
  layers: 3,
  heads: 4,
  kvHeads: 4,
  headDim: 16,
  width: 64,
  mlpWidth: 160,
  vocab: VOCAB,
  context: 64,
  normPlacement: "pre",
  parallelResidual: false,
  qkNorm: false,
  tied: false,
} as const;
const layerNormed = { norm: { kind: "layer", epsilon: 1e-5, bias: true }, gated: false } as const;
const rmsNormed = {
  norm: { kind: "rms", epsilon: 1e-6, bias: false },
  gated: true,
  activation: "silu",
  kvHeads: 2,
} as const;
const rotary = (fraction: number) => ({ kind: "rotary", base: 10_000, fraction, scaling: { kind: "none" } }) as const;
const all = (bias: boolean) => ({ qkv: bias, o: bias, mlp: bias });

const CONFIGS: Record<Family, DecoderConfig> = {
  gpt2: {
    ...base,
    ...layerNormed,
    positions: { kind: "learned" },
    activation: "gelu_new",
    biases: all(true),
    tied: true,
  },
  gpt_neox: {
    ...base,
    ...layerNormed,
    positions: rotary(0.25),
    activation: "gelu",
    biases: all(true),
    parallelResidual: true,
  },
  llama: { ...base, ...rmsNormed, positions: rotary(1), biases: all(false) },
  qwen2: { ...base, ...rmsNormed, positions: rotary(1), biases: { qkv: true, o: false, mlp: false } },
  qwen3: { ...base, ...rmsNormed, positions: rotary(1), biases: all(false), headDim: 32, qkNorm: true, tied: true },
};

const Answer = z.object({
  /** Tensors that `transformers` missed or did not know. */
  strays: z.array(z.string()),
  opened: z.array(z.number()),
  written: z.array(z.number()),
});

export const checkpoints: Bench = {
  name: "checkpoints",
  description:
    "random models of each family opened live in transformers and back: largest difference of logits (--seed N)",
  duration: "1 min",
  run,
};

async function run({ args, note }: BenchContext): Promise<Row[]> {
  const python = pythonWithTorch(note);
  if (!python)
    return FAMILIES.map((family) => ({
      metric: "logits_apart",
      case: family,
      value: null,
      peer: "transformers",
      peer_value: null,
    }));
  const folder = mkdtempSync(join(tmpdir(), "candor-checkpoints-"));
  try {
    const uniform = uniformFrom(Number(option(args, "seed") ?? 1));
    const tokens = Array.from({ length: BATCH }, () =>
      Array.from({ length: TIME }, () => Math.floor(uniform() * VOCAB)),
    );
    writeFileSync(join(folder, "tokens.json"), JSON.stringify(tokens));
    mkdirSync(join(folder, "theirs"));
    const ours = new Map<Family, Float64Array>();
    for (const family of FAMILIES) {
      const config = CONFIGS[family];
      const weights = randomWeights(config, uniform);
      await savePretrained(join(folder, "ours", family), {
        config: { family, decoder: config, tokens: { end: [0] } },
        weights,
      });
      ours.set(family, await logitsOf(config, weights, tokens.flat()));
    }
    const { status, stderr } = spawnSync(python, [PEER, folder], { encoding: "utf8", maxBuffer: 2 ** 26 });
    if (status !== 0) throw new Error(`transformers failed: ${stderr.trim().split("\n").at(-1)}`);
    const rows: Row[] = [];
    for (const family of FAMILIES) {
      const answer = Answer.parse(JSON.parse(readFileSync(join(folder, `${family}.json`), "utf8")));
      await using theirs = await openPretrained(join(folder, "theirs", family));
      const weights = new Map<string, Float32Array>();
      for await (const { name, values } of theirs.weights()) weights.set(name, values);
      const read = await logitsOf(theirs.config.decoder, weights, tokens.flat());
      rows.push(
        goal("stray_tensors", `${family}, written here`, answer.strays.length, "= 0"),
        goal("logits_apart", `${family}, written here`, apart(ours.get(family) ?? [], answer.opened), "<= 1e-4"),
        goal("logits_apart", `${family}, written by transformers`, apart(read, answer.written), "<= 1e-4"),
      );
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Norms are about 1, so that one that is left out shows. */
function randomWeights(config: DecoderConfig, uniform: () => number): Map<string, Float32Array> {
  return new Map(
    Array.from(weightShapes(config), ([name, shape]) => {
      const middle = /norm\d?\.weight$/i.test(name) ? 1 : 0;
      const length = shape.reduce((product, extent) => product * extent, 1);
      return [name, Float32Array.from({ length }, () => middle + 0.4 * (uniform() - 0.5))];
    }),
  );
}

async function logitsOf(
  config: DecoderConfig,
  weights: ReadonlyMap<string, Float32Array>,
  tokens: readonly number[],
): Promise<Float64Array> {
  const { logits } = decoder({
    config,
    weights: weightInputs(config).weights,
    tokens: input("tokens", [BATCH, TIME], "int64"),
  });
  const runner = await Runner.load(compile({ outputs: { logits } }));
  const { logits: found } = await runner.run({ tokens, ...Object.fromEntries(weights) });
  await runner.release();
  return numbersOf(found ?? new Float32Array()).slice();
}

function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return Array.from(a).reduce((most, value, n) => Math.max(most, Math.abs(value - (b[n] as number))), 0);
}
