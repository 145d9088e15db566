import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DecoderConfig } from "@candor/transformer";
import { weightShapes } from "@candor/transformer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Lens } from "../lens.ts";
import { modelHash } from "../model-hash.ts";
import { featureBoards } from "./boards.ts";
import { Dictionary } from "./dictionary.ts";
import { dictionaryReport } from "./report.ts";
import { openDictionary, saveDictionary } from "./sae-lens.ts";
import { dictionaryWeights, type Gate } from "./shape.ts";
import { activationStream } from "./stream.ts";
import { trainDictionary } from "./train-dictionary.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures/sae-lens");
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dictionaries-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const lots = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};

const far = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (x, n) => Math.abs(x - (b[n] ?? Number.NaN))));

describe("a dictionary of SAELens", () => {
  const kinds = [
    "standard",
    "standard-uncentred",
    "topk",
    "jumprelu",
    "gated",
    "gated-uncentred",
    "transcoder",
    "jumprelu_transcoder",
  ];
  it.each(kinds)("of the kind %s says here what it says there, also when it was saved again", async (kind) => {
    const says = JSON.parse(await readFile(join(FIXTURES, kind, "says.json"), "utf8"));
    const x = Float32Array.from(says.x);
    const [given, again] = [join(FIXTURES, kind), join(folder, kind)];
    await using opened = await openDictionary(given);
    await saveDictionary(again, opened);
    await using reopened = await openDictionary(again);
    for (const dictionary of [opened, reopened]) {
      const { acts, made } = await dictionary.read(x);
      expect(far(acts, says.acts)).toBeLessThan(1e-5);
      expect(far(made, says.made)).toBeLessThan(1e-5);
    }
    expect(reopened.origin).toEqual(opened.origin);
  });

  it("of another kind, or broken, is refused in one line", async () => {
    const broken = join(folder, "broken");
    await expect(openDictionary(broken)).rejects.toThrow(/holds no dictionary/);
    await using topk = await openDictionary(join(FIXTURES, "topk"));
    await saveDictionary(broken, topk);
    const config = JSON.parse(await readFile(join(broken, "cfg.json"), "utf8"));
    const others = [
      [{ architecture: "temporal" }, /temporal is not known/],
      [{ d_sae: 11 }, /W_enc is 6 x 10, not 6 x 11/],
      [{ d_in: "six" }, /d_in/],
      [{ rescale_acts_by_decoder_norm: false }, /length 1/],
      [{ normalize_activations: "layer_norm" }, /normalised/],
    ] as const;
    for (const [change, message] of others) {
      await writeFile(join(broken, "cfg.json"), JSON.stringify({ ...config, ...change }));
      await expect(openDictionary(broken)).rejects.toThrow(message);
    }
  });

  it("is made for one model", async () => {
    await using dictionary = await openDictionary(join(FIXTURES, "topk"), { model: "a".repeat(64) });
    expect(() => dictionary.mustFit("b".repeat(64))).toThrow(/made for the model aaaaaaaaaaaa, not for bbbbbbbbbbbb/);
    expect(() => dictionary.mustFit("a".repeat(64))).not.toThrow();
  });
});

/** Rows that are sums of few of more directions than there are numbers. */
function planted(features: number, width: number, seed: number) {
  const lot = lots(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - lot())) * Math.cos(2 * Math.PI * lot());
  const directions = Array.from({ length: features }, () => {
    const row = Array.from({ length: width }, normal);
    return row.map((x) => x / Math.hypot(...row));
  });
  const draw = (rows: number): Float32Array => {
    const x = new Float32Array(rows * width);
    for (let row = 0; row < rows; row++)
      for (const direction of directions) {
        if (lot() > 2 / features) continue;
        const loud = 0.5 + lot();
        for (let n = 0; n < width; n++)
          x[row * width + n] = (x[row * width + n] as number) + loud * (direction[n] as number);
      }
    return x;
  };
  return { directions, draw };
}

/** Share of planted directions that some feature writes, by the cosine. */
const found = (directions: readonly number[][], dictionary: Dictionary): number =>
  directions.filter((direction) =>
    Array.from({ length: dictionary.shape.features }, (_, feature) => dictionary.direction(feature)).some((row) => {
      const along = direction.reduce((sum, x, n) => sum + x * (row[n] as number), 0);
      return along / Math.hypot(...row) >= 0.9;
    }),
  ).length / directions.length;

const ORIGIN = { model: "m", reads: "hook_embed", writes: "hook_embed" };

describe("training", () => {
  const gates: [Gate, number][] = [
    [{ kind: "topk", k: 3 }, 0],
    [{ kind: "jumprelu" }, 0.1],
    [{ kind: "gated" }, 0.3],
    [{ kind: "relu" }, 0.3],
  ];
  it.each(gates)("finds planted directions in superposition: %o", async (gate, sparsity) => {
    const { directions, draw } = planted(24, 16, 3);
    const shape = { gate, inWidth: 16, outWidth: 16, features: 32, transcodes: false };
    await using dictionary = await trainDictionary(shape, ORIGIN, async () => ({ x: draw(256) }), {
      ...{ steps: 1200, batch: 256, rate: 3e-3, sparsity, threads: 1, deadAfter: 5000, decay: 300, bandwidth: 0.2 },
    });
    expect(found(directions, dictionary)).toBeGreaterThan(0.85);
  });

  it("teaches a transcoder what the other place says", async () => {
    const { draw } = planted(8, 8, 4);
    const shape = { gate: { kind: "relu" } as const, inWidth: 8, outWidth: 4, features: 16, transcodes: true };
    const target = (x: Float32Array): Float32Array =>
      Float32Array.from({ length: x.length / 2 }, (_, n) => Math.max(0, x[2 * n] as number) - (x[2 * n + 1] as number));
    let error = Number.NaN;
    await using transcoder = await trainDictionary(
      shape,
      { ...ORIGIN, writes: "blocks.0.hook_mlp_out" },
      async () => {
        const x = draw(128);
        return { x, y: target(x) };
      },
      { steps: 1500, batch: 128, rate: 3e-3, sparsity: 1e-3, threads: 1 },
      (step) => {
        error = step.error;
      },
    );
    const x = draw(64);
    const { made } = await transcoder.read(x);
    const wanted = target(x);
    const spread = wanted.reduce((sum, y) => sum + y * y, 0);
    expect(wanted.reduce((sum, y, n) => sum + (y - (made[n] as number)) ** 2, 0) / spread).toBeLessThan(0.05);
    expect(error).toBeLessThan(0.2);
  });

  it("brings the dead back", async () => {
    const { draw } = planted(60, 16, 5);
    const shape = { gate: { kind: "topk", k: 2 } as const, inWidth: 16, outWidth: 16, features: 64, transcodes: false };
    const dead = async (deadAfter: number): Promise<number> => {
      const next = async () => ({ x: draw(128) });
      await using dictionary = await trainDictionary(shape, ORIGIN, next, {
        ...{ steps: 800, batch: 128, rate: 1e-2, threads: 1, deadAfter, warmUp: 1, decay: 1 },
      });
      const { acts } = await dictionary.read(draw(2000));
      const spoke = new Set(Array.from(acts, (x, n) => (x > 0 ? n % 64 : -1)));
      return 65 - spoke.size;
    };
    const [never, soon] = [await dead(Number.POSITIVE_INFINITY), await dead(1000)];
    expect(never).toBeGreaterThan(3);
    expect(soon).toBeLessThan(never / 2);
  });

  it("says when it diverges, and what cannot be trained", async () => {
    const shape = { gate: { kind: "topk", k: 40 } as const, inWidth: 4, outWidth: 4, features: 8, transcodes: false };
    const next = async () => ({ x: new Float32Array(4 * 4).fill(Number.NaN) });
    await expect(trainDictionary(shape, ORIGIN, next, { batch: 4, threads: 1 })).rejects.toThrow(/k is from 1 to 8/);
    const one = { ...shape, gate: { kind: "topk", k: 2 } as const };
    await expect(trainDictionary(one, ORIGIN, next, { batch: 4, threads: 1 })).rejects.toThrow(/diverged at step 0/);
  });
});

const TINY: DecoderConfig = {
  ...{ layers: 1, heads: 1, kvHeads: 1, headDim: 4, width: 8, mlpWidth: 16, vocab: 12, context: 6 },
  positions: { kind: "learned" },
  norm: { kind: "layer", epsilon: 1e-5, bias: true },
  ...{ normPlacement: "pre", parallelResidual: false, activation: "gelu", gated: false, qkNorm: false, tied: false },
  biases: { qkv: true, o: true, mlp: true },
};

function tiny(seed: number): Lens {
  const lot = lots(seed);
  const weights = Array.from(weightShapes(TINY), ([name, shape]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return [name, Float32Array.from({ length: size }, () => 2 * lot() - 1)] as const;
  });
  return new Lens(TINY, new Map(weights), { threads: 1 });
}

describe("in a model", () => {
  const rows = (lot: () => number): number[][] =>
    Array.from({ length: 16 }, () => Array.from({ length: 6 }, () => Math.floor(lot() * TINY.vocab)));

  it("reads what the model says, in an order of chance, every row once", async () => {
    await using lens = tiny(1);
    const batches = [rows(lots(2)), rows(lots(3))];
    const place = "blocks.0.hook_resid_post";
    const next = activationStream(lens, batches[Symbol.iterator](), {
      reads: place,
      batch: 32,
      buffer: 10,
      lot: lots(4),
    });
    const seen: string[] = [];
    for (let n = 0; n < 6; n++) {
      const { x } = await next();
      for (let row = 0; row < 32; row++) seen.push(x.slice(row * 8, row * 8 + 8).join());
    }
    await expect(next()).rejects.toThrow(/no more tokens/);
    const all: string[] = [];
    for (const batch of batches) {
      const { values } = (await lens.run(batch, { read: [place] })).cache.at(place);
      for (let row = 0; row < 96; row++) all.push(values.slice(row * 8, row * 8 + 8).join());
    }
    expect(seen.toSorted()).toEqual(all.toSorted());
    expect(seen).not.toEqual(all);
    const heads = { reads: "blocks.0.attn.hook_z", batch: 4, buffer: 4, lot: lots(1) };
    expect(() => activationStream(lens, batches[Symbol.iterator](), heads)).toThrow(/one row of numbers/);
  });

  it("loses nothing with a dictionary that makes what it reads, all without it", async () => {
    await using lens = tiny(5);
    const place = "blocks.0.hook_resid_post";
    // Features x and -x of every number.
    const shape = { gate: { kind: "relu" } as const, inWidth: 8, outWidth: 8, features: 16, transcodes: false };
    const weights = new Map(
      Array.from(dictionaryWeights(shape), ([name, [a = 1, b = 1]]) => [name, new Float32Array(a * b)]),
    );
    for (let n = 0; n < 8; n++)
      for (const [feature, sign] of [
        [n, 1],
        [n + 8, -1],
      ] as const) {
        (weights.get("W_enc") as Float32Array)[n * 16 + feature] = sign;
        (weights.get("W_dec") as Float32Array)[feature * 8 + n] = sign;
      }
    const origin = { model: modelHash(lens), reads: place, writes: place };
    await using dictionary = new Dictionary(shape, weights, origin, { threads: 1 });
    const report = await dictionaryReport(lens, dictionary, rows(lots(6)));
    expect(report.explainedVariance).toBeCloseTo(1, 5);
    expect(report.lossRecovered).toBeCloseTo(1, 4);
    expect(report.l0).toBeCloseTo(8, 5);

    const [board] = await featureBoards(lens, dictionary, rows(lots(6)), { features: [3] });
    const values = (await lens.run(rows(lots(6)), { read: [place] })).cache.at(place).values;
    const silent = Array.from({ length: 16 }, (_, feature) =>
      values.every((x, n) => n % 8 !== feature % 8 || (feature < 8 ? x <= 0 : x >= 0)),
    );
    expect(report.deadShare).toBe(silent.filter(Boolean).length / 16);
    const own = Array.from({ length: 96 }, (_, row) => Math.max(0, values[row * 8 + 3] as number));
    expect(board?.most).toBeCloseTo(Math.max(...own), 5);
    expect(board?.density).toBeCloseTo(own.filter((x) => x > 0).length / 96, 5);
    expect(board?.examples[0]?.value).toBeCloseTo(Math.max(...own), 5);
    expect(board?.histogram.reduce((a, b) => a + b, 0)).toBe(own.filter((x) => x > 0).length);
    // The direction of a feature, added to the stream, raises the token that it says it raises: slopes of the logits agree.
    const top = board?.raises[0]?.token ?? -1;
    const last = board?.lowers[0]?.token ?? -1;
    const run = async (plus: number) => {
      const vector = new Float32Array(8);
      vector[3] = plus;
      return (await lens.run([[1, 2, 3]], { edits: [{ at: place, plus: vector }] })).logits.slice(-12);
    };
    const [before, after] = [await run(0), await run(0.01)];
    const moved = (token: number): number => (after[token] as number) - (before[token] as number);
    expect(moved(top)).toBeGreaterThan(moved(last));
  });
});
