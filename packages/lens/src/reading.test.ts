import { join } from "node:path";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { differenceOfMeans, rowsAt, unit } from "./directions.ts";
import { compositionScore, copyingScore, ovCircuit, qkCircuit, singularDirections } from "./head-circuits.ts";
import { Lens } from "./lens.ts";
import { accuracyOf, fitProbe, probed, selectivity } from "./probe.ts";

const MODELS = join(import.meta.dirname, "../../transformer/fixtures/models");
const lots = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};

describe("a probe", () => {
  it("finds what is there to be read, and its slope is nothing at its end", () => {
    const lot = lots(3);
    const rows = Array.from({ length: 300 }, () => Array.from({ length: 5 }, () => 4 * lot() - 2));
    const labels = rows.map(([a = 0, b = 0]) => lot() < 1 / (1 + Math.exp(-(3 * a - 2 * b + 1))));
    const probe = fitProbe(rows, labels, { ridge: 1e-6 });
    expect(accuracyOf(probe, rows, labels)).toBeGreaterThan(0.85);
    for (let n = 0; n < 5; n++) {
      const slope = rows.reduce(
        (sum, row, r) => sum + (Number(labels[r]) - 1 / (1 + Math.exp(-probed(probe, row)))) * (row[n] as number),
        0,
      );
      expect(Math.abs(slope)).toBeLessThan(1e-3);
    }
  });

  it("is selective where a label is in the row, and not where it is only remembered", () => {
    const lot = lots(5);
    const kinds = Array.from({ length: 400 }, () => Math.floor(lot() * 40));
    const rows = kinds.map((kind) => [...Array.from({ length: 40 }, (_, n) => Number(n === kind)), lot()]);
    const isTest = rows.map((_, n) => n % 2 === 0);
    const inRow = selectivity(
      rows,
      rows.map((row) => (row[40] as number) > 0.5),
      kinds,
      isTest,
      lots(9),
    );
    const odd = selectivity(
      rows,
      kinds.map((kind) => kind % 2 === 1),
      kinds,
      isTest,
      lots(9),
    );
    expect(inRow.accuracy).toBeGreaterThan(0.9);
    // What kind a row is of is in it, so that any labels of kinds are remembered.
    expect(odd.control).toBeGreaterThan(0.9);
    expect(Math.abs(odd.selectivity)).toBeLessThan(0.1);
  });

  it("needs both kinds", () => {
    expect(() => fitProbe([[1], [2]], [true, true])).toThrow("both kinds");
    expect(() => fitProbe([[1]], [true, false])).toThrow("2 labels do not fit 1 rows");
  });
});

describe("directions", () => {
  it("are differences of means at the last place of texts of any length", async () => {
    await using lens = await Lens.open(join(MODELS, "gpt2"), { threads: 1 });
    const place = "blocks.0.hook_resid_post";
    const rows = await rowsAt(lens, place, [
      [1, 2, 3],
      [4, 5],
      [6, 7, 8],
    ]);
    const { values } = (await lens.run([[4, 5]], { read: [place] })).cache.at(place);
    expect(rows[1]).toEqual(values.slice(-lens.config.width));
    const [a, b, c] = rows as [Float32Array, Float32Array, Float32Array];
    expect(differenceOfMeans([a, c], [b])[3]).toBeCloseTo(
      (b[3] as number) - ((a[3] as number) + (c[3] as number)) / 2,
      5,
    );
    expect(() => unit([0, 0])).toThrow("points nowhere");
    expect(() => differenceOfMeans([], [b])).toThrow("no rows");
  });
});

describe("a head's circuits", () => {
  it("say what heads write, those too that share their values", async () => {
    await using lens = await Lens.open(join(MODELS, "llama"), { threads: 1 });
    const { width, heads, layers } = lens.config;
    const layer = layers - 1;
    const names = [`blocks.${layer}.ln1.hook_normalized`, `blocks.${layer}.hook_attn_out`];
    const { cache } = await lens.run([[7]], { read: names });
    const gain = lens.weights.get(`blocks.${layer}.norm1.weight`) as Float32Array;
    const read = Matrix.rowVector(Array.from(cache.at(names[0] as string).values, (x, n) => x * (gain[n] as number)));
    // One token looks at itself alone.
    let written = Matrix.zeros(1, width);
    for (let head = 0; head < heads; head++) written = written.add(read.mmul(ovCircuit(lens, [layer, head])));
    const wanted = cache.at(names[1] as string).values;
    for (const [n, x] of written.to1DArray().entries()) expect(x).toBeCloseTo(wanted[n] as number, 4);
  });

  it("score pairs as attention does", async () => {
    await using lens = await Lens.open(join(MODELS, "gpt2"), { threads: 1 });
    const { headDim, width } = lens.config;
    const weights = new Map(lens.weights);
    for (const part of ["q", "k"]) weights.set(`blocks.0.attn.${part}.bias`, new Float32Array(width));
    await using plain = new Lens(lens.config, weights, { threads: 1 });
    const { cache } = await plain.run([[3, 9]], {
      read: ["blocks.0.ln1.hook_normalized", "blocks.0.attn.hook_attn_scores"],
    });
    const gain = weights.get("blocks.0.norm1.weight") as Float32Array;
    const shift = weights.get("blocks.0.norm1.bias") as Float32Array;
    const row = (at: number): Matrix =>
      Matrix.rowVector(
        Array.from(
          { length: width },
          (_, n) =>
            (cache.at("blocks.0.ln1.hook_normalized").values[at * width + n] as number) * (gain[n] as number) +
            (shift[n] as number),
        ),
      );
    const score =
      row(1)
        .mmul(qkCircuit(plain, [0, 1]))
        .mmul(row(0).transpose())
        .get(0, 0) / Math.sqrt(headDim);
    // [head 1][query 1][key 0]
    expect(score).toBeCloseTo(cache.at("blocks.0.attn.hook_attn_scores").values[4 + 2] as number, 4);
  });

  it("copy, when they write what they read", async () => {
    const config = {
      ...{ layers: 2, heads: 2, kvHeads: 2, headDim: 3, width: 6, mlpWidth: 0, vocab: 6, context: 4 },
      positions: { kind: "none" as const },
      norm: { kind: "none" as const, epsilon: 0, bias: false },
      ...{
        normPlacement: "pre" as const,
        parallelResidual: false,
        activation: "relu" as const,
        gated: false,
        qkNorm: false,
        tied: false,
      },
      biases: { qkv: false, o: false, mlp: false },
    };
    const identity = (size: number, scale = 1): Float32Array =>
      Float32Array.from({ length: size * size }, (_, n) => (n % (size + 1) === 0 ? scale : 0));
    const weights = new Map([
      ["embed.weight", identity(6)],
      ["unembed.weight", identity(6)],
      ...[0, 1].flatMap((layer) =>
        ["q", "k", "v", "o"].map(
          (part) => [`blocks.${layer}.attn.${part}.weight`, identity(6, part === "o" && layer === 1 ? -1 : 1)] as const,
        ),
      ),
    ]);
    const model = { config, weights };
    expect(copyingScore(model, [0, 1])).toBeCloseTo(1, 6);
    expect(copyingScore(model, [1, 0])).toBeCloseTo(-1, 6);
    // The first head of each layer moves the first three numbers alone: it hears its like, and not the other.
    expect(compositionScore(model, [0, 0], [1, 0], "k")).toBeCloseTo(1 / Math.sqrt(3), 6);
    expect(compositionScore(model, [0, 1], [1, 0], "q")).toBeCloseTo(0, 6);
    expect(singularDirections(ovCircuit(model, [0, 0])).values.map((x) => Math.round(x))).toEqual([1, 1, 1, 0, 0, 0]);
    expect(() => compositionScore(model, [1, 0], [0, 0], "v")).toThrow("it is not later");
    expect(() => ovCircuit(model, [0, 5])).toThrow("There is no head 0.5");
  });
});
