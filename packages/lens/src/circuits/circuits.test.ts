import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { Lens } from "../lens.ts";
import { CircuitFinder, type CircuitTask } from "./circuit-finder.ts";
import { edgePruning } from "./edge-pruning.ts";
import { connected, wiringOf } from "./edges.ts";
import { edgeAuc, faithfulness } from "./faithfulness.ts";
import { acdc, eap, eapIg, topEdges } from "./methods.ts";

const MODELS = fileURLToPath(new URL("../../../transformer/fixtures/models", import.meta.url));
const clean = [
  [3, 1, 4, 1, 5],
  [9, 2, 6, 5, 3],
];
const corrupted = [
  [2, 7, 1, 8, 2],
  [8, 1, 8, 2, 8],
];
const open: AsyncDisposable[] = [];
afterAll(async () => {
  for (const each of open) await each[Symbol.asyncDispose]();
});
async function finderOf(lens: Lens, task: Partial<CircuitTask> = {}): Promise<CircuitFinder> {
  const finder = await CircuitFinder.open(lens, { clean, corrupted, ablation: "resample", threads: 1, ...task });
  open.push(lens, finder);
  return finder;
}
const lensOf = (name: string): Promise<Lens> => Lens.open(join(MODELS, name), { threads: 1 });
const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (x, n) => Math.abs(x - (b[n] ?? Number.NaN))));
const all = (finder: CircuitFinder, but: (from: string, to: string) => boolean = () => false): number[] =>
  finder.edges.map(({ from, to }) => Number(!but(from, to)));

describe.each(["gpt2", "gpt2-untied-relu", "gpt_neox", "gpt_neox-serial"])("the edges of a %s", (name) => {
  it("are the model when all are kept, and the corrupted run when none is", async () => {
    const lens = await lensOf(name);
    const finder = await finderOf(lens);
    const whole = (await lens.run(clean)).logits;
    expect(apart(finder.whole, whole)).toBeLessThan(1e-4);
    expect(apart(await finder.logits(all(finder)), whole)).toBeLessThan(1e-4);
    expect(apart(finder.none, (await lens.run(corrupted)).logits)).toBeLessThan(1e-4);
  });

  it("cut from a head are that head ablated, or patched", async () => {
    const lens = await lensOf(name);
    const at = "blocks.0.attn.hook_z";
    const other = await lens.run(corrupted, { read: [at] });
    for (const [ablation, to] of [
      ["zero", 0],
      ["resample", other.cache.at(at).values],
    ] as const) {
      const finder = await finderOf(lens, { ablation });
      const cut = await finder.logits(all(finder, (from) => from === "a0.1"));
      expect(apart(cut, (await lens.run(clean, { edits: [{ at, heads: [1], to }] })).logits)).toBeLessThan(1e-4);
    }
  });

  it("have slopes that small cuts confirm", async () => {
    const finder = await finderOf(await lensOf(name));
    const slopes = await eap(finder);
    const steepest = topEdges(slopes, 12).flatMap((is, n) => (is ? [n] : []));
    const step = 0.01;
    for (const edge of steepest) {
      const kept = all(finder);
      kept[edge] = 1 - step;
      const less = finder.along(await finder.logits(kept));
      kept[edge] = 1 + step;
      const more = finder.along(await finder.logits(kept));
      expect((more - less) / (2 * step) / (slopes[edge] as number)).toBeCloseTo(1, 1);
    }
  });
});

it("edges that lie on no way from the input to the logits change nothing under resampling", async () => {
  const finder = await finderOf(await lensOf("gpt2"));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { minLength: finder.edges.length, maxLength: finder.edges.length }),
      async (kept) => {
        const useful = connected(finder.wiring, kept);
        expect(useful.every((is, n) => !is || kept[n])).toBe(true);
        expect(apart(await finder.logits(kept.map(Number)), await finder.logits(useful.map(Number)))).toBeLessThan(
          1e-4,
        );
      },
    ),
    { numRuns: 15 },
  );
});

describe("a model of which one head alone writes", () => {
  const planted = async (): Promise<Lens> => {
    const lens = await lensOf("gpt2");
    const weights = new Map(lens.weights);
    const { headDim, width } = lens.config;
    for (const [name, values] of lens.weights) {
      if (/mlp\.out\./.test(name) || /attn\.o\.bias/.test(name)) weights.set(name, new Float32Array(values.length));
      if (!name.endsWith("attn.o.weight")) continue;
      const own = new Float32Array(values.length);
      // Head 1 of layer 0, made loud.
      if (name.startsWith("blocks.0."))
        for (let n = headDim * width; n < 2 * headDim * width; n++) own[n] = 5 * (values[n] as number);
      weights.set(name, own);
    }
    await lens[Symbol.asyncDispose]();
    return new Lens(lens.config, weights, { threads: 1 });
  };
  const isTrue = ({ from, to }: { from: string; to: string }): boolean =>
    ["tokens", "positions"].includes(from)
      ? to === "logits" || to.startsWith("a0.1.")
      : from === "a0.1" && to === "logits";

  it("has that head's edges found by each method", async () => {
    const lens = await planted();
    const finder = await finderOf(lens, { ablation: "resample" });
    const truth = finder.edges.map(isTrue);
    // Positions are the same in both runs: cutting them changes nothing, and no method can tell.
    const known = finder.edges.map(({ from }) => from !== "positions");
    const judged = (scores: ArrayLike<number>): number =>
      edgeAuc(
        Float32Array.from(scores).filter((_, n) => known[n]),
        truth.filter((_, n) => known[n]),
      );
    expect(judged(await eap(finder))).toBe(1);
    expect(judged(await eapIg(finder))).toBe(1);
    const pruned = await edgePruning(lens, finder, { threads: 1 });
    expect(judged(pruned)).toBeGreaterThan(0.95);
    // Those of which the masks say yes are few, and say what the model says.
    const kept = Array.from(pruned, (chance) => Number(chance > 0.5));
    expect(kept.filter(Boolean).length).toBeLessThan(finder.edges.length / 2);
    expect(finder.distance(await finder.logits(kept))).toBeLessThan(0.05 * finder.distance(finder.none));
    const found = await acdc(finder, { threshold: 1e-7 });
    expect(found.kept).toEqual(truth.map((is, n) => is && known[n] === true));
    expect(found.runs).toBeLessThan(finder.edges.length);
  });

  it("is whole with them, and measured as MIB measures", async () => {
    const finder = await finderOf(await planted());
    const { curve, cpr, cmd } = await faithfulness(finder, await eapIg(finder));
    expect(curve.at(-1)?.faithfulness).toBeCloseTo(1, 4);
    expect(curve[0]?.faithfulness).toBeCloseTo(0, 4);
    expect(curve.find(({ share }) => share === 0.2)?.faithfulness).toBeCloseTo(1, 3);
    expect(cpr).toBeGreaterThan(0.9);
    expect(cmd).toBeLessThan(0.1);
  });
});

it("keeps nothing where nothing matters, and all that matters where everything does", async () => {
  const finder = await finderOf(await lensOf("gpt2"));
  const none = await acdc(finder, { threshold: Number.POSITIVE_INFINITY });
  expect(none.kept).not.toContain(true);
  expect(none.runs).toBe(finder.wiring.groups.at(-1)?.writers);
  const { kept } = await acdc(finder, { threshold: 1e-12 });
  expect(apart(await finder.logits(kept.map(Number)), finder.whole)).toBeLessThan(1e-3);
});

it("ranks by size: area under the curve as by counting pairs", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.boolean()), { minLength: 2 }), (pairs) => {
      const scores = Float32Array.from(pairs, ([score]) => score);
      const yes = pairs.filter(([, is]) => is).map(([score]) => Math.abs(score));
      const no = pairs.filter(([, is]) => !is).map(([score]) => Math.abs(score));
      const wins = yes.flatMap((a) => no.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
      fc.pre(wins.length > 0);
      const expected = wins.reduce<number>((a, b) => a + b, 0) / wins.length;
      expect(
        edgeAuc(
          scores,
          pairs.map(([, is]) => is),
        ),
      ).toBeCloseTo(expected, 9);
    }),
  );
});

describe("what cannot be cut is one line", () => {
  it.each([
    ["no corrupted rows", { corrupted: undefined }, /Resample ablation takes/],
    ["a pair of other lengths", { corrupted: [[1], [1, 2, 3, 4, 5]] }, /Row 0 has 5 tokens, its corrupted one 1/],
    ["a missing row", { corrupted: [[1, 2, 3, 4, 5]] }, /is missing/],
  ])("%s", async (_, task, message) => {
    const lens = await lensOf("gpt2");
    open.push(lens);
    const whole = Object.assign({ clean, corrupted, ablation: "resample" as const }, task) as CircuitTask;
    await expect(CircuitFinder.open(lens, whole)).rejects.toThrow(message);
  });

  it("a model whose heads share keys", () => {
    const config = { normPlacement: "pre", heads: 4, kvHeads: 2 } as Parameters<typeof wiringOf>[0];
    expect(() => wiringOf(config)).toThrow(/keys and values of their own/);
  });
});
