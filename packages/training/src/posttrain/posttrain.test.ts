/** Learning from judgments as a run: to its end, cut off and resumed, with what nothing can be learnt from. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readMetrics } from "../metrics/jsonl.ts";
import { type Algorithm, isOffline, parsePosttrainConfig } from "./config.ts";
import { readPrompts } from "./data/rows.ts";
import { type OpenModel, openModel } from "./model.ts";
import { type PosttrainResult, trainOffline } from "./offline.ts";
import { trainOnline } from "./online.ts";
import { modelRewards } from "./rewards/models.ts";
import { type RewardSource, rewardsBy } from "./rewards/source.ts";
import { judgedRows, linesIn, pairRows, tinyFolder, tinyModel } from "./testing/tiny.ts";

const folder = tinyFolder();
let model: OpenModel;
let files: Record<"judged" | "pairs" | "completions" | "prompts", string>;
beforeAll(async () => {
  model = await tinyModel(join(folder, "model"));
  const rows = judgedRows(60, 3);
  files = {
    judged: linesIn(folder, "judged.jsonl", rows),
    pairs: linesIn(folder, "pairs.jsonl", pairRows(48, 4)),
    completions: linesIn(
      folder,
      "completions.jsonl",
      pairRows(48, 5).map((row) => ({ ...row, completion: " abc" })),
    ),
    prompts: linesIn(folder, "prompts.jsonl", rows),
  };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** More a than anything else is good. */
const likesA: RewardSource = rewardsBy("likes a", (texts) =>
  texts.map(({ completion }) => completion.split("a").length - 1 - completion.length / 4),
);

const DATA: Record<Algorithm, keyof typeof files> = {
  sft: "completions",
  reward: "judged",
  dpo: "pairs",
  ipo: "pairs",
  kto: "judged",
  ppo: "prompts",
  grpo: "prompts",
  rloo: "prompts",
};

interface More {
  resume?: boolean;
  signal?: AbortSignal;
  rewards?: RewardSource;
  data?: string;
  from?: OpenModel;
  measured?: (step: number) => void;
}

function run(algorithm: Algorithm, out: string, settings: object = {}, more: More = {}): Promise<PosttrainResult> {
  const config = parsePosttrainConfig(
    {
      algorithm,
      rate: { kind: "constant", peak: 1e-2 },
      checkpoint: { every: 4 },
      samples: { every: 0 },
      ...(["ppo", "grpo", "rloo"].includes(algorithm)
        ? { steps: 8, batch: 16, max_completion_length: 8 }
        : { steps: 12, batch: 8, validation: { every: 6 } }),
      ...settings,
    },
    "a test",
  );
  const { measured, rewards = likesA, data = files[DATA[algorithm]], from = model, ...rest } = more;
  const shared = { model: from, out: join(folder, out), threads: 2, ...rest };
  const hooks = { measured: ({ step }: { step: number }) => measured?.(step) };
  return isOffline(config)
    ? trainOffline({ ...shared, config, data }, hooks)
    : trainOnline({ ...shared, config, prompts: readPrompts(data), rewards }, hooks);
}

const losses = (out: string) =>
  readMetrics(join(folder, out, "metrics.jsonl")).records.map(({ step, loss, gradient_norm }) => [
    step,
    loss,
    gradient_norm,
  ]);

describe.each<Algorithm>(["sft", "reward", "dpo", "ipo", "kto", "ppo", "grpo", "rloo"])("%s", (algorithm) => {
  test("stopped after five steps and resumed it has bit-identical losses", async () => {
    const whole = await run(algorithm, `${algorithm}-whole`);
    expect(whole.stopped).toBe(false);
    const controller = new AbortController();
    const stop = { signal: controller.signal, measured: (step: number) => step === 5 && controller.abort() };
    expect(await run(algorithm, `${algorithm}-cut`, {}, stop as More)).toMatchObject({ step: 5, stopped: true });
    await run(algorithm, `${algorithm}-cut`, {}, { resume: true });
    expect(losses(`${algorithm}-cut`)).toEqual(losses(`${algorithm}-whole`));
    const made = await openModel(join(folder, `${algorithm}-whole`));
    expect(made.config.scored ?? false).toBe(algorithm === "reward");
    expect(made.hash).not.toBe(model.hash);
  }, 60_000);

  test("with low-rank additions it moves only those, and what is saved has them added in", async () => {
    await run(algorithm, `${algorithm}-lora`, { lora: { rank: 2, alpha: 4 } });
    const made = await openModel(join(folder, `${algorithm}-lora`));
    const moved = [...model.weights].filter(([name, values]) => {
      const now = made.weights.get(name);
      return now?.some((value, n) => value !== values[n]);
    });
    expect(moved.length).toBeGreaterThan(0);
    expect(moved.every(([name]) => name.startsWith("blocks.") && model.weights.get(name))).toBe(true);
  }, 60_000);
});

describe("what is learnt", () => {
  test("a reward model tells good from bad in rows that it did not see", async () => {
    const data = linesIn(folder, "many.jsonl", judgedRows(300, 8));
    const { evaluation } = await run(
      "reward",
      "reward-many",
      { steps: undefined, epochs: 12, batch: 16, validation: { fraction: 0.2, every: 50 } },
      { data },
    );
    expect(evaluation.eval_accuracy).toBeGreaterThan(0.85);
  }, 60_000);

  test("packed rows teach the same answer", async () => {
    const { evaluation } = await run("sft", "packed", {
      packing: true,
      steps: 60,
      batch: 4,
      validation: { every: 60 },
    });
    expect(evaluation.eval_mean_token_accuracy).toBeGreaterThan(0.95);
  }, 60_000);

  test.each<[Algorithm, object]>([
    ["grpo", { beta: 0.02 }],
    ["rloo", { beta: 0.02, num_generations: 4 }],
    ["ppo", { kl_coef: 0.02, vf_coef: 0.5 }],
    ["ppo", { kl_coef: 0.02, vf_coef: 0.5, value_model: "shared", num_mini_batches: 2 }],
  ])(
    "%s with %j comes to say what is rewarded",
    async (algorithm, settings) => {
      const out = `${algorithm}-learns-${Object.keys(settings).length}`;
      await run(algorithm, out, {
        steps: 30,
        batch: 32,
        ...settings,
      });
      const { records } = readMetrics(join(folder, out, "metrics.jsonl"));
      const scores = records.map((record) => record.reward ?? record["objective/scores"] ?? Number.NaN);
      const mean = (some: number[]): number => some.reduce((a, b) => a + b, 0) / some.length;
      expect(mean(scores.slice(-5))).toBeGreaterThan(mean(scores.slice(0, 5)) + 0.8);
    },
    60_000,
  );

  test.each<Algorithm>(["dpo", "ipo", "kto"])(
    "%s comes to prefer what was chosen",
    async (algorithm) => {
      await run(algorithm, `${algorithm}-learns`, { steps: 40 });
      const { records } = readMetrics(join(folder, `${algorithm}-learns`, "metrics.jsonl"));
      expect(records.at(-1)?.["rewards/margins"]).toBeGreaterThan(0.05);
    },
    60_000,
  );
});

describe("what cannot be learnt from is said in one line", () => {
  const refused = async (algorithm: Algorithm, rows: readonly object[] | string): Promise<string> => {
    const data = typeof rows === "string" ? rows : linesIn(folder, "bad.jsonl", rows);
    return run(algorithm, "bad", {}, { data }).then(
      () => "nothing",
      (error: Error) => error.message,
    );
  };

  test("one class, contradictions, nothing, other forms, other tokens", async () => {
    const good = judgedRows(20, 1).map((row) => ({ ...row, label: true }));
    expect(await refused("kto", good)).toMatch(/all 20 judgments are good/);
    const both = judgedRows(20, 1).flatMap((row) => [
      { ...row, label: true },
      { ...row, label: false },
    ]);
    expect(await refused("reward", both)).toMatch(/contradict each other/);
    const turned = pairRows(20, 1).flatMap((row) => {
      const { chosen, rejected } = row as { chosen: string; rejected: string };
      return [row, { ...row, chosen: rejected, rejected: chosen }];
    });
    expect(await refused("dpo", turned)).toMatch(/decided the other way round/);
    expect(await refused("sft", [])).toMatch(/holds no judgments/);
    expect(await refused("dpo", judgedRows(4, 1))).toMatch(/line 1: chosen/);
    expect(await refused("kto", [{ prompt: "xyz:", completion: " q", label: true }, ...judgedRows(4, 1)])).toMatch(
      /tokenizer cannot write this/,
    );
    expect(await refused("reward", join(folder, "absent.jsonl"))).toMatch(/There is no/);
    expect(existsSync(join(folder, "bad", "checkpoints"))).toBe(false);
  });

  test("a rater at random is named, and weighs next to nothing", async () => {
    const { Random } = await import("../random.ts");
    const random = new Random(5);
    const rows = judgedRows(80, 2, ["ann", "bob", "dice"]).map((row) =>
      "rater" in row && row.rater === "dice" ? { ...row, label: random.chance(0.5) } : row,
    );
    const data = linesIn(folder, "raters.jsonl", rows);
    const config = parsePosttrainConfig({ algorithm: "reward", steps: 2, batch: 8 }, "a test");
    if (!isOffline(config)) throw new Error("reward is offline");
    const notes: string[] = [];
    await trainOffline(
      { config, model, data, out: join(folder, "raters"), threads: 1 },
      { started: (begun) => notes.push(...begun.notes) },
    );
    expect(notes.find((note) => note.includes("at random"))).toMatch(/rater dice/);
    expect(notes.filter((note) => note.includes("at random"))).toHaveLength(1);
  });

  test("a reward model with another tokenizer, and a model that gives no score", async () => {
    const shape = { batch: 4, time: 20, count: 8 };
    const other = await tinyModel(join(folder, "other"), { letters: "abcdefgh: " });
    await expect(modelRewards({ models: [other], policy: model, shape })).rejects.toThrow("another tokenizer");
    await expect(modelRewards({ models: [model], policy: model, shape })).rejects.toThrow("gives no score");
  });

  test("a policy that ran away, and rewards that collapsed, with the last checkpoint kept", async () => {
    await expect(
      run("grpo", "away", { steps: 60, beta: 1e-6, stop: { kl: 3 }, rate: { kind: "constant", peak: 0.05 } }),
    ).rejects.toThrow(/nats a text from the reference at step \d+, more than stop.kl/);
    expect(existsSync(join(folder, "away", "last", "config.json"))).toBe(true);
    const flat = rewardsBy("flat", (texts) => texts.map(() => 1));
    await expect(run("rloo", "flat", { steps: 30, stop: { flat: 6 } }, { rewards: flat })).rejects.toThrow(
      /For 6 steps all texts have had the reward/,
    );
    const broken = rewardsBy("broken", (texts) => texts.map(() => Number.NaN));
    await expect(run("grpo", "broken", {}, { rewards: broken })).rejects.toThrow("A reward is NaN");
  }, 60_000);

  test("a run is resumed with its own settings, model and data", async () => {
    await run("sft", "own");
    await expect(run("sft", "own")).rejects.toThrow("came to step 12");
    await expect(run("sft", "own", { steps: 14 }, { resume: true })).rejects.toThrow("another configuration");
    const from = await tinyModel(join(folder, "again"), { seed: 2 });
    await expect(run("sft", "own", {}, { resume: true, from })).rejects.toThrow("from another model");
    const data = linesIn(
      folder,
      "changed.jsonl",
      JSON.parse(`[${readFileSync(files.completions, "utf8").trim().split("\n").slice(1).join(",")}]`),
    );
    await expect(run("sft", "own", {}, { resume: true, data })).rejects.toThrow("on other data");
  });
});
