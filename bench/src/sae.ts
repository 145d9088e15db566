/** Sparse autoencoders: planted features in superposition found again, and speed beside SAELens. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  activationStream,
  type Dictionary,
  type Gate,
  Lens,
  modelHash,
  saveDictionary,
  trainDictionary,
} from "@candor/lens";
import { Random } from "@candor/training";
import { type DecoderConfig, weightShapes } from "@candor/transformer";
import { z } from "zod";
import { type Bench, figure, goal, option, type Row } from "./bench.ts";
import { PeerProcess } from "./peer-process.ts";
import { pythonWith } from "./python-peer.ts";

const WIDTH = 64;
const PLANTED = 256;
const VOCAB = 16_384;
/** Of a token, on average. */
const ACTIVE = 4;
const FEATURES = 512;
const PLACE = "hook_embed";
const IS_FOUND = 0.9;
const GATES: [Gate, number][] = [
  [{ kind: "topk", k: ACTIVE }, 0],
  [{ kind: "jumprelu" }, 0.1],
  [{ kind: "gated" }, 0.4],
];

export const sae: Bench = {
  name: "sae",
  description:
    "sparse autoencoders: planted features found again, samples a second beside SAELens (--seed N --only planted|speed)",
  duration: "6 min",
  run: async ({ args, note }) => {
    const only = option(args, "only");
    const seed = Number(option(args, "seed") ?? 1);
    return [...(only === "speed" ? [] : await planted(seed, note)), ...(only === "planted" ? [] : await speed(note))];
  },
};

async function planted(seed: number, note: (line: string) => void): Promise<Row[]> {
  const { lens, directions } = plantedModel(seed);
  const rows: Row[] = [];
  try {
    for (const [gate, sparsity] of GATES) {
      const random = new Random(seed, 5);
      const texts = function* (): Generator<number[][]> {
        for (;;) yield Array.from({ length: 64 }, () => Array.from({ length: 64 }, () => random.below(VOCAB)));
      };
      const next = activationStream(lens, texts(), {
        ...{ reads: PLACE, batch: 1024, buffer: 16_384, lot: () => random.unit() },
      });
      const shape = { gate, inWidth: WIDTH, outWidth: WIDTH, features: FEATURES, transcodes: false };
      const origin = { model: modelHash(lens), reads: PLACE, writes: PLACE };
      let active = 0;
      await using dictionary = await trainDictionary(
        shape,
        origin,
        next,
        { steps: 3000, batch: 1024, rate: 2e-3, sparsity, bandwidth: 0.2, deadAfter: 50_000, seed, threads: 2 },
        (step) => {
          active = step.active;
          if (step.step % 1000 === 0)
            note(
              `${gate.kind}, step ${step.step}: error ${step.error.toFixed(4)}, ${step.active.toFixed(1)} active, ${step.dead} dead`,
            );
        },
      );
      const share = shareFound(directions, dictionary);
      rows.push(
        gate.kind === "topk"
          ? goal("features_recovered", gate.kind, share, ">= 0.9")
          : figure("features_recovered", gate.kind, share),
        figure("l0", gate.kind, active),
      );
    }
  } finally {
    await lens[Symbol.asyncDispose]();
  }
  return rows;
}

/** A model whose tokens' embeddings are sums of a few of more directions than there are numbers. */
function plantedModel(seed: number): { lens: Lens; directions: Float64Array[] } {
  const config: DecoderConfig = {
    ...{ layers: 1, heads: 1, kvHeads: 1, headDim: 8, width: WIDTH, mlpWidth: 0, vocab: VOCAB, context: 64 },
    positions: { kind: "none" },
    norm: { kind: "none", epsilon: 0, bias: false },
    ...{ normPlacement: "pre", parallelResidual: false, activation: "relu", gated: false, qkNorm: false, tied: true },
    biases: { qkv: false, o: false, mlp: false },
  };
  const random = new Random(seed, 3);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
  const directions = Array.from({ length: PLANTED }, () => {
    const row = Float64Array.from({ length: WIDTH }, normal);
    const length = Math.hypot(...row);
    return row.map((x) => x / length);
  });
  const embed = new Float32Array(VOCAB * WIDTH);
  for (let token = 0; token < VOCAB; token++)
    for (const direction of directions) {
      if (!random.chance(ACTIVE / PLANTED)) continue;
      const loud = 0.5 + random.unit();
      for (let n = 0; n < WIDTH; n++)
        embed[token * WIDTH + n] = (embed[token * WIDTH + n] as number) + loud * (direction[n] as number);
    }
  const weights = new Map(
    Array.from(weightShapes(config), ([name, shape]) => [name, new Float32Array(shape.reduce((a, b) => a * b, 1))]),
  );
  weights.set("embed.weight", embed);
  return { lens: new Lens(config, weights, { threads: 2 }), directions };
}

function shareFound(directions: readonly Float64Array[], dictionary: Dictionary): number {
  const rows = Array.from({ length: dictionary.shape.features }, (_, feature) => {
    const row = dictionary.direction(feature);
    const length = Math.hypot(...row) || 1;
    return row.map((x) => x / length);
  });
  const isFound = (direction: Float64Array): boolean =>
    rows.some((row) => direction.reduce((sum, x, n) => sum + x * (row[n] as number), 0) >= IS_FOUND);
  return directions.filter(isFound).length / directions.length;
}

const SHAPE = { width: 256, features: 2048, k: 32, batch: 1024 };
const ROUNDS = 5;
const STEPS = 20;
const Timed = z.object({ seconds: z.number() });
const Made = z.object({ made: z.array(z.number()) });

async function speed(note: (line: string) => void): Promise<Row[]> {
  const { width, features, k, batch } = SHAPE;
  const name = `top-${k}, ${width} to ${features}, batches of ${batch}`;
  const random = new Random(1, 7);
  const batches = Array.from({ length: 4 }, () =>
    Float32Array.from({ length: batch * width }, () => random.unit() - 0.5),
  );
  const shape = { gate: { kind: "topk", k } as const, inWidth: width, outWidth: width, features, transcodes: false };
  const origin = { model: "", reads: PLACE, writes: PLACE };
  const folder = await mkdtemp(join(tmpdir(), "candor-sae-"));
  const python = pythonWith("sae_lens", "sae-lens==6.54.12", note);
  const script = fileURLToPath(new URL("../peers/sae.py", import.meta.url));
  const peer = python ? new PeerProcess(python, [script, ...Object.values(SHAPE).map(String)]) : undefined;
  try {
    await peer?.said();
    const [ours, theirs]: [number[], number[]] = [[], []];
    let dictionary: Dictionary | undefined;
    for (let round = 0; round < ROUNDS; round++) {
      // The time between the batches that it asks for, the first ones left out.
      const asked: number[] = [];
      await dictionary?.[Symbol.asyncDispose]();
      dictionary = await trainDictionary(
        shape,
        origin,
        async () => {
          asked.push(performance.now());
          return { x: batches[asked.length % 4] as Float32Array };
        },
        { steps: STEPS + 4, batch, threads: 2, deadAfter: 1e9 },
      );
      ours.push(((asked.at(-1) ?? 0) - (asked.at(-1 - STEPS) ?? 0)) / 1000);
      if (peer) theirs.push(Timed.parse(await peer.ask(`go ${STEPS}`)).seconds);
    }
    const rate = (seconds: readonly number[]): number =>
      (STEPS * batch) / (seconds.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN);
    const rows: Row[] = [];
    if (peer && dictionary) {
      await saveDictionary(folder, dictionary);
      const { made } = await dictionary.read(new Float32Array(width).fill(1));
      const other = Made.parse(await peer.ask(`open ${folder}`)).made;
      rows.push(
        goal(
          "saelens_reads_ours",
          "largest difference",
          Math.max(...other.map((x, n) => Math.abs(x - (made[n] as number)))),
          "<= 0.0001",
        ),
      );
    }
    await dictionary?.[Symbol.asyncDispose]();
    const ratio = peer ? rate(ours) / rate(theirs) : null;
    return [
      ...rows,
      {
        ...{ metric: "samples_per_second", case: name, value: rate(ours), peer: "SAELens 6.54", ratio },
        ...{ peer_value: peer ? rate(theirs) : null, goal: ">= 1.5", ...(ratio !== null && { ok: ratio >= 1.5 }) },
      },
    ];
  } finally {
    peer?.end();
    await rm(folder, { recursive: true, force: true });
  }
}
