import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { plainLogits } from "@candor/transformer/testing";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { attributionPatching, logitAttribution, logitLens } from "./attribution.ts";
import { headScores, repeatedTokens } from "./head-scores.ts";
import { Lens } from "./lens.ts";
import { shapeOf } from "./places.ts";

const MODELS = fileURLToPath(new URL("../../transformer/fixtures/models", import.meta.url));
const FAMILIES = [
  "gpt2",
  "gpt2-untied-relu",
  "gpt_neox",
  "gpt_neox-serial",
  "llama",
  "llama-biased-tied",
  "qwen2",
  "qwen3",
];
const opened = new Map<string, Promise<Lens>>();
const lensOf = (name: string): Promise<Lens> => {
  const lens = opened.get(name) ?? Lens.open(join(MODELS, name), { threads: 1 });
  opened.set(name, lens);
  return lens;
};
afterAll(async () => {
  for (const lens of opened.values()) await (await lens)[Symbol.asyncDispose]();
});

const TOKENS = [
  [3, 1, 4, 1, 5],
  [9, 2, 6, 5, 3],
];
const OTHERS = [
  [2, 7, 1, 8, 2],
  [8, 1, 8, 2, 8],
];
const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(
    a.length === b.length ? 0 : Number.POSITIVE_INFINITY,
    ...Array.from(a, (x, n) => Math.abs(x - (b[n] ?? Number.NaN))),
  );

describe.each(FAMILIES)("a %s", (name) => {
  it("says with every place read what it says by plain loops, and each place has its shape", async () => {
    const lens = await lensOf(name);
    const { logits, cache } = await lens.runWithCache(TOKENS);
    const plain = TOKENS.flatMap((row) => plainLogits(lens.config, lens.weights, row).flatMap((line) => [...line]));
    expect(apart(logits, plain)).toBeLessThan(1e-4);
    for (const place of lens.places.values()) {
      const { shape, values } = cache.at(place.name);
      expect(shape).toEqual(shapeOf(place, lens.config, 2, 5));
      expect(values.length, place.name).toBe(shape.reduce((a, b) => a * b, 1));
    }
  });

  it("goes on from another run's stream as that run went on", async () => {
    const lens = await lensOf(name);
    const other = await lens.runWithCache(OTHERS);
    for (const at of ["blocks.0.hook_resid_pre", "blocks.1.hook_resid_pre", "unembed.hook_in"]) {
      const { logits } = await lens.run(TOKENS, { edits: [{ at, to: other.cache.at(at).values }] });
      expect(apart(logits, other.logits), at).toBeLessThan(1e-4);
    }
  });

  it("adds up its logits from its parts", async () => {
    const lens = await lensOf(name);
    const { logits } = await lens.run(TOKENS);
    const { vocab } = lens.config;
    const directions = [
      [
        [5, 1],
        [7, -1],
      ],
      [[11, 1]],
    ] as const;
    for (const by of ["head", "layer"] as const) {
      const parts = await logitAttribution(lens, TOKENS, directions, { by });
      for (const [row, direction] of directions.entries()) {
        const told = parts.reduce((sum, { values }) => sum + (values[row] as number), 0);
        const at = (row * 5 + 4) * vocab;
        const said = direction.reduce((sum, [token, weight]) => sum + weight * (logits[at + token] as number), 0);
        expect(Math.abs(told - said)).toBeLessThan(1e-3);
      }
    }
  });

  it("has gradients that small steps confirm, at every kind of place", async () => {
    const lens = await lensOf(name);
    const metric = {
      weights: [
        [
          [5, 1],
          [7, -1],
        ],
        [[11, 1]],
      ],
    } as const;
    const names = [...lens.places.keys()].filter((each) => !/attn_scores|hook_scale/.test(each));
    const { gradients, metric: said } = await lens.gradients(TOKENS, metric, { read: names });
    const { logits } = await lens.run(TOKENS);
    const at = (row: number, token: number): number => logits[(row * 5 + 4) * lens.config.vocab + token] as number;
    expect(apart(said, [at(0, 5) - at(0, 7), at(1, 11)])).toBeLessThan(1e-4);
    const total = async (place: string, step: Float32Array): Promise<number> => {
      const { metric: now } = await lens.gradients(TOKENS, metric, { edits: [{ at: place, plus: step }] });
      return now.reduce((a, b) => a + b, 0);
    };
    for (const place of [
      "blocks.0.hook_resid_pre",
      "blocks.1.attn.hook_z",
      "blocks.1.attn.hook_v",
      "blocks.1.mlp.hook_post",
    ]) {
      const slope = gradients.at(place).values;
      // Along the gradient itself, where it is steepest.
      const norm = Math.hypot(...slope);
      const step = slope.map((x) => (0.02 * x) / norm);
      const measured =
        ((await total(place, step)) -
          (await total(
            place,
            step.map((x) => -x),
          ))) /
        0.04;
      expect(measured / norm, place).toBeCloseTo(1, 1);
    }
  });
});

describe("places that are read alone", () => {
  it.each(["gpt2", "llama"] as const)("say what they say in a whole run of %s", async (name) => {
    const lens = await lensOf(name);
    const { cache } = await lens.runWithCache(TOKENS);
    for (const { place, values, shape } of await lens.read(TOKENS, "all")) {
      expect(shape).toEqual(cache.at(place.name).shape);
      expect(values).toHaveLength(cache.at(place.name).values.length);
      for (const [n, x] of values.entries()) {
        const whole = cache.at(place.name).values[n] as number;
        if (x !== whole) expect(x).toBeCloseTo(whole, 4);
      }
    }
  });
});

describe("edits", () => {
  it("reach the rows, positions and heads that they name, and nothing before or beside", async () => {
    const lens = await lensOf("gpt2");
    const at = "blocks.1.attn.hook_z";
    const { cache } = await lens.runWithCache(TOKENS);
    const before = cache.at(at);
    const [, time = 0, heads = 0, width = 0] = before.shape;
    await fc.assert(
      fc.asyncProperty(
        fc.subarray([0, 1], { minLength: 1 }),
        fc.subarray([0, 1, 2, 3, 4], { minLength: 1 }),
        fc.subarray(
          Array.from({ length: heads }, (_, n) => n),
          { minLength: 1 },
        ),
        async (rows, positions, some) => {
          const edited = await lens.run(TOKENS, {
            read: [at],
            edits: [{ at, rows, positions, heads: some, to: 0.25 }],
          });
          const now = edited.cache.at(at).values;
          for (let n = 0; n < now.length; n++) {
            const head = Math.floor(n / width) % heads;
            const position = Math.floor(n / (width * heads)) % time;
            const row = Math.floor(n / (width * heads * time));
            const inside = rows.includes(row) && positions.includes(position) && some.includes(head);
            expect(now[n]).toBeCloseTo(inside ? 0.25 : (before.values[n] as number), 5);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it("ablate a head as taking its output weights does", async () => {
    const lens = await lensOf("gpt2");
    const { config } = lens;
    const name = "blocks.0.attn.o.weight";
    const weight = Float32Array.from(lens.weights.get(name) ?? []).fill(0, 0, config.headDim * config.width);
    await using without = new Lens(config, new Map([...lens.weights, [name, weight]]), { threads: 1 });
    const { logits } = await lens.run(TOKENS, { edits: [{ at: "blocks.0.attn.hook_z", heads: [0], to: 0 }] });
    expect(apart(logits, (await without.run(TOKENS)).logits)).toBeLessThan(1e-5);
  });

  it("steer as a changed bias does", async () => {
    const lens = await lensOf("gpt2");
    const name = "blocks.0.mlp.out.bias";
    const vector = Float32Array.from({ length: lens.config.width }, (_, n) => Math.sin(n));
    const biased = (lens.weights.get(name) ?? new Float32Array()).map((x, n) => x + (vector[n] as number));
    await using other = new Lens(lens.config, new Map([...lens.weights, [name, biased]]), { threads: 1 });
    const { logits } = await lens.run(TOKENS, { edits: [{ at: "blocks.0.hook_mlp_out", plus: vector }] });
    expect(apart(logits, (await other.run(TOKENS)).logits)).toBeLessThan(1e-4);
  });
});

it("estimates what patching a place does, all the better the smaller the difference", async () => {
  const lens = await lensOf("gpt2");
  const at = "blocks.1.hook_resid_pre";
  const metric = {
    weights: [
      [
        [5, 1],
        [7, -1],
      ],
    ],
  } as const;
  const [clean, corrupted] = [[TOKENS[0] ?? []], [OTHERS[0] ?? []]];
  const told = await attributionPatching(lens, { clean, corrupted }, metric, [at]);
  const { cache } = await lens.run(clean, { read: [at] });
  const other = await lens.run(corrupted, { read: [at] });
  const step = 1e-2;
  const between = cache.at(at).values.map((x, n) => step * x + (1 - step) * (other.cache.at(at).values[n] as number));
  const moved = await lens.gradients(corrupted, metric, { edits: [{ at, to: between }] });
  const before = await lens.gradients(corrupted, metric);
  const change = ((moved.metric[0] as number) - (before.metric[0] as number)) / step;
  const estimate = (told.get(at) ?? new Float32Array()).reduce((a, b) => a + b, 0);
  expect(change / estimate).toBeCloseTo(1, 1);
});

it("has in the last layer of the logit lens the logits, and in the first those of the embedding's neighbour", async () => {
  const lens = await lensOf("llama");
  const layers = await logitLens(lens, TOKENS);
  expect(layers).toHaveLength(lens.config.layers);
  expect(apart(layers.at(-1) ?? [], (await lens.run(TOKENS)).logits)).toBe(0);
  // What the first layer leaves, read by a model of that layer alone.
  const config = { ...lens.config, layers: 1 };
  await using short = new Lens(config, lens.weights, { threads: 1 });
  expect(apart(layers[0] ?? [], (await short.run(TOKENS)).logits)).toBeLessThan(1e-4);
});

describe("scores of heads", () => {
  it("are those of even attention where queries are zero", async () => {
    const lens = await lensOf("gpt2");
    const weights = new Map(lens.weights);
    for (const [name, values] of lens.weights)
      if (/attn\.q\./.test(name)) weights.set(name, new Float32Array(values.length));
    await using even = new Lens(lens.config, weights, { threads: 1 });
    const rows = [[1, 2, 3, 1, 2, 3]];
    const scores = await headScores(even, rows);
    expect(scores).toHaveLength(lens.config.layers * lens.config.heads);
    for (const { previousToken, duplicateToken, induction } of scores) {
      expect(previousToken).toBeCloseTo((1 / 2 + 1 / 3 + 1 / 4 + 1 / 5 + 1 / 6) / 5, 5);
      expect(duplicateToken).toBeCloseTo((1 / 4 + 1 / 5 + 1 / 6) / 3, 5);
      expect(induction).toBeCloseTo((1 / 4 + 1 / 5 + 1 / 6) / 3, 5);
    }
  });

  it("are asked on rows whose second half is the first", () => {
    let n = 0;
    const [row = []] = repeatedTokens(() => (n++ % 7) / 7, { rows: 1, length: 4, vocab: 14, first: 20 });
    expect(row).toEqual([20, 0, 2, 4, 6, 0, 2, 4, 6]);
  });
});

describe("what cannot be done is one line that says what can", () => {
  it.each([
    [
      "a place with a typo",
      () => ({ read: ["blocks.0.atn.hook_pattern"] }),
      /no place .*\|.*blocks\.0\.attn\.hook_pattern/,
    ],
    [
      "values of another size",
      () => ({ edits: [{ at: "hook_embed", to: new Float32Array(7) }] }),
      /7 numbers do not fit hook_embed/,
    ],
    [
      "a head that is not there",
      () => ({ edits: [{ at: "blocks.0.attn.hook_z", heads: [99], to: 0 }] }),
      /there is no 99/,
    ],
    [
      "heads of what has none",
      () => ({ edits: [{ at: "hook_embed", heads: [0], to: 0 }] }),
      /hook_embed has no heads\|Its axes/,
    ],
  ])("%s", async (_, options, message) => {
    const lens = await lensOf("gpt2");
    const error = await lens.run(TOKENS, options()).catch((thrown: unknown) => thrown);
    const { message: said, hint } = error as { message: string; hint: string };
    expect(`${said}|${hint}`).toMatch(message);
  });

  it.each([
    ["no tokens", [[]], /no tokens/],
    ["rows of two lengths", [[1, 2], [1]], /Row 1 has 1 tokens, the first 2/],
    ["a token that the model does not know", [[1, 1_000_000]], /there is no 1000000/],
    ["more than the context", [Array.from({ length: 5000 }, () => 1)], /do not fit the model's context/],
  ])("%s", async (_, tokens, message) => {
    await expect((await lensOf("gpt2")).run(tokens)).rejects.toThrow(message);
  });

  it("a pair of other lengths", async () => {
    const pair = { clean: [[1, 2]], corrupted: [[1, 2, 3]] };
    await expect(attributionPatching(await lensOf("gpt2"), pair, { weights: [[]] }, "all")).rejects.toThrow(
      "The pair has 1 x 2 and 1 x 3 tokens",
    );
  });
});
