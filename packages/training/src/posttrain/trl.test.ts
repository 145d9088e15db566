/** Losses, gradients and figures beside those that TRL gave for the same models and texts (fixtures/write-trl.py). */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Feed } from "@candor/graph";
import { openPretrained } from "@candor/transformer";
import { describe, expect, test } from "vitest";
import type { Objective } from "../step/step.ts";
import { generalisedAdvantages, meanOf, penalisedRewards, whitened } from "./advantages.ts";
import { Learner } from "./learner.ts";
import {
  grpoObjective,
  ktoObjective,
  pairsObjective,
  ppoObjective,
  preferenceObjective,
  rlooObjective,
  sftObjective,
} from "./objectives/objectives.ts";
import { Reader, type Reading } from "./reader.ts";
import { perText, shapeFor, type TokenText, textFeeds, tokenRows, tokenWeights } from "./texts.ts";
import { type Trainee, trainee } from "./trainee.ts";

// The bench has TRL write them anew.
const folder = process.env.CANDOR_TRL_LOSSES ?? fileURLToPath(new URL("../../fixtures/trl-losses/", import.meta.url));
const json = (name: string) => JSON.parse(readFileSync(`${folder}${name}`, "utf8"));
const told = json("losses.json");

async function model(name: string) {
  await using opened = await openPretrained(`${folder}${name}`);
  const weights = new Map<string, Float32Array>();
  for await (const { name: weight, values } of opened.weights()) weights.set(weight, values);
  return { config: opened.config.decoder, weights };
}
const [policy, reference, reward, value] = await Promise.all(["policy", "reference", "reward", "value"].map(model));
if (!policy || !reference || !reward || !value) throw new Error("a model is missing");

const OPTIMISER = { beta1: 0.9, beta2: 0.999, epsilon: 1e-5, weightDecay: 0, clip: 0 };

async function read(from: typeof policy, texts: TokenText[], reading: Reading, temperature = 1): Promise<number[][]> {
  if (!from) throw new Error("no model");
  const shape = shapeFor(texts, texts.length);
  await using reader = await Reader.create(from.config, { reading, shape, temperature, threads: 2 });
  await reader.hold(from.weights);
  return (await reader.read(texts)).map((row) => Array.from(row));
}
const sum = (row: readonly number[]): number => row.reduce((a, b) => a + b, 0);
const sums = async (from: typeof policy, texts: TokenText[]) => (await read(from, texts, "log-probabilities")).map(sum);

interface Expected {
  loss: number;
  gradient_norm: number;
  metrics: Record<string, number>;
}

/** By one thread and by two. */
async function compare(
  from: typeof policy,
  objective: (learnt: Trainee) => Objective,
  batch: number,
  feeds: Record<string, Feed>,
  { loss, gradient_norm, metrics }: Expected,
): Promise<void> {
  if (!from) throw new Error("no model");
  for (const threads of [1, 2]) {
    const learnt = trainee(from.config, from.weights);
    await using learner = await Learner.create({
      trainees: [learnt],
      objectives: [objective(learnt)],
      optimiser: OPTIMISER,
      batch,
      together: 2,
      threads,
    });
    const got = await learner.step(feeds, 0);
    expect(Math.abs((got.loss ?? Number.NaN) - loss)).toBeLessThan(1e-4);
    expect(Math.abs((got.gradient_norm ?? Number.NaN) / gradient_norm - 1)).toBeLessThan(1e-4);
    for (const [name, wanted] of Object.entries(metrics))
      if (name !== "kl" || name in got)
        expect(Math.abs((got[name] ?? Number.NaN) - wanted), name).toBeLessThan(1e-4 * Math.max(1, Math.abs(wanted)));
  }
}

const lengths = (texts: readonly TokenText[]): number[] => texts.map(({ completion }) => completion.length);
const ones = (length: number): number[] => Array<number>(length).fill(1);

describe("as TRL has it", () => {
  test("SFT", async () => {
    const { texts } = told.sft;
    const shape = shapeFor(texts, texts.length);
    const feeds = { ...textFeeds(texts, shape), weights: tokenWeights(lengths(texts), shape, "dapo") };
    await compare(policy, (learnt) => sftObjective(learnt, shape), shape.batch, feeds, told.sft);
  });

  test.each(["dpo", "ipo"] as const)("%s", async (name) => {
    const { texts, beta } = told[name];
    const shape = shapeFor(texts, texts.length);
    const feeds = {
      ...textFeeds(texts, shape),
      mask: tokenRows(lengths(texts).map(ones), shape),
      reference: await sums(reference, texts),
      lengths: lengths(texts),
      weights: ones(texts.length / 2).map((one) => one / (texts.length / 2)),
    };
    const loss = name === "dpo" ? ("sigmoid" as const) : ("ipo" as const);
    await compare(
      policy,
      (learnt) => preferenceObjective(learnt, shape, { loss, beta }),
      shape.batch,
      feeds,
      told[name],
    );
  });

  test("KTO, with the distance from mismatched completions", async () => {
    const { texts, beta, label, mismatched, undesirable_weight, metrics } = told.kto;
    const shape = shapeFor(texts, texts.length);
    const [now, before] = [await sums(reference, mismatched), await sums(policy, mismatched)];
    const kl = Math.max(0, meanOf(now.map((x, n) => x - (before[n] ?? 0))));
    expect(kl).toBeCloseTo(metrics.kl, 4);
    const good = label.filter(Boolean).length;
    const feeds = {
      ...textFeeds(texts, shape),
      mask: tokenRows(lengths(texts).map(ones), shape),
      reference: await sums(policy, texts),
      verdicts: label.map((is: boolean) => (is ? 1 : -1)),
      weights: label.map((is: boolean) => (is ? 1 : undesirable_weight) / label.length),
      among_good: label.map((is: boolean) => (is ? 1 / good : 0)),
      among_bad: label.map((is: boolean) => (is ? 0 : 1 / (label.length - good))),
      kl: [kl],
    };
    await compare(reference, (learnt) => ktoObjective(learnt, shape, beta), shape.batch, feeds, told.kto);
  });

  test("a reward model's pairs", async () => {
    const { texts, centre } = told.reward;
    const shape = shapeFor(texts, texts.length);
    const count = texts.length / 2;
    const feeds = { ...textFeeds(texts, shape), weights: ones(count).map((one) => one / count) };
    await compare(reward, (learnt) => pairsObjective(learnt, shape, centre), shape.batch, feeds, told.reward);
  });

  test.each(["grpo_grpo", "grpo_dapo", "grpo_dr_grpo", "rloo"])("%s", async (name) => {
    const { texts, advantages, temperature, beta, epsilon, epsilon_high, before, count } = told.online;
    const shape = { ...shapeFor(texts, texts.length), count };
    const clip = { epsilon, epsilon_high };
    const even = tokenWeights(lengths(texts), shape, "dapo");
    const feeds = {
      ...textFeeds(texts, shape),
      before: tokenRows(before, shape),
      even,
      mask: tokenRows(lengths(texts).map(ones), shape),
      reference: tokenRows(await read(reference, texts, "log-probabilities", temperature), shape),
      advantages: perText(advantages, shape.batch),
    };
    const objective = (learnt: Trainee): Objective =>
      name === "rloo"
        ? rlooObjective(learnt, shape, temperature, clip)
        : grpoObjective(learnt, shape, temperature, { beta, ...clip });
    const weights =
      name === "rloo"
        ? ones(texts.length).map((one) => one / texts.length)
        : tokenWeights(lengths(texts), shape, told[name].loss_type);
    await compare(policy, objective, shape.batch, { ...feeds, weights }, told[name]);
  });

  test("PPO: an update of two epochs, from rewards to the second step", async () => {
    const { texts, metrics, options } = json("ppo.json");
    const { temperature, kl_coef, gamma, lam, learning_rate, num_ppo_epochs, adam_epsilon } = options;
    const shape = shapeFor(texts, texts.length);
    const before = await read(policy, texts, "log-probabilities", temperature);
    const anchor = await read(reference, texts, "log-probabilities", temperature);
    const scores = (await read(reward, texts, "scores")).map(([score]) => score ?? Number.NaN);
    const values = await read(value, texts, "values");
    expect(meanOf(scores)).toBeCloseTo(metrics["objective/scores"], 4);
    expect(meanOf(before.map((row, n) => sum(row) - sum(anchor[n] ?? [])))).toBeCloseTo(metrics["objective/kl"], 4);
    expect(meanOf(before.map((row) => -sum(row)))).toBeCloseTo(metrics["objective/entropy"], 3);
    const rewards = whitened(
      before.map((row, n) => penalisedRewards(row, anchor[n] ?? [], scores[n] ?? Number.NaN, kl_coef)),
      { shiftMean: false },
    );
    const estimates = rewards.map((row, n) => generalisedAdvantages(row, values[n] ?? [], { gamma, lam }));
    const even = tokenWeights(lengths(texts), shape, "dapo");
    const feeds = {
      ...textFeeds(texts, shape),
      before: tokenRows(before, shape),
      weights: even,
      value_weights: even,
      advantages: tokenRows(whitened(estimates.map(({ advantages }) => advantages)), shape),
      returns: tokenRows(
        estimates.map(({ returns }) => returns),
        shape,
      ),
      values_before: tokenRows(values, shape),
    };
    const [acts, judges] = [
      trainee(policy.config, policy.weights),
      trainee(value.config, value.weights, { prefix: "value:" }),
    ];
    await using learner = await Learner.create({
      trainees: [acts, judges],
      objectives: [ppoObjective(acts, judges, shape, temperature, options)],
      optimiser: { ...OPTIMISER, epsilon: adam_epsilon },
      batch: shape.batch,
      threads: 2,
    });
    const steps = [];
    for (let epoch = 0; epoch < num_ppo_epochs; epoch++) steps.push(await learner.step(feeds, learning_rate));
    for (const [name, wanted] of Object.entries<number>(metrics)) {
      if (name.startsWith("objective/")) continue;
      const mean = meanOf(steps.map((step) => step[name] ?? Number.NaN));
      expect(Math.abs(mean - wanted), name).toBeLessThan(1e-4 * Math.max(1, Math.abs(wanted)));
    }
  });
});
