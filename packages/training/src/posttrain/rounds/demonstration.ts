/**
 * The demonstration, with known truth: the raw model of the small internet answers rudely; a team judges its answers; after a few
 * rounds it is polite. All that is measured is measured on concepts and phrasings that nobody judged.
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../../atomic-file.ts";
import { concepts, splitConcepts } from "../../corpus/concepts.ts";
import { prompts, rawInternet } from "../../corpus/generate.ts";
import type { Prompt } from "../../corpus/types.ts";
import { writeCorpus } from "../../corpus/write.ts";
import { type PretrainConfigInput, parsePretrainConfig } from "../../pretrain/config.ts";
import { openPretrainData, type PretrainData } from "../../pretrain/data.ts";
import { demoConfig } from "../../pretrain/demo.ts";
import { Evaluator } from "../../pretrain/model-view.ts";
import { type PretrainHooks, pretrain } from "../../pretrain/pretrain.ts";
import { hash32 } from "../../random.ts";
import { lastCheckpoint } from "../../run/checkpoints.ts";
import { type Answered, answer, profileOf, speakingOf } from "../answering.ts";
import { type PosttrainConfigInput, parsePosttrainConfig } from "../config.ts";
import { type OpenModel, openModel } from "../model.ts";
import { type SimulatedRater, team, verdictOf, wordsIn } from "../raters/simulated.ts";
import { JUDGED, type RoundHooks, type RoundRecord, readRounds, roundFolder, trainRound } from "./rounds.ts";

export interface DemonstrationPreset {
  /** Of the concepts, the first so many. */
  concepts: number;
  megabytes: number;
  pretrain: PretrainConfigInput | "demo";
  rounds: number;
  /** Answers that are judged for each taught concept and round. */
  answers: number;
  reward: Omit<Extract<PosttrainConfigInput, { algorithm: "reward" }>, "algorithm">;
  policy: PosttrainConfigInput;
  /** Times that each held-out concept is asked about. */
  asked: number;
}

export const demonstrations = {
  full: {
    concepts: concepts.length,
    megabytes: 12,
    pretrain: "demo",
    rounds: 2,
    answers: 6,
    reward: { epochs: 3, batch: 16 },
    policy: { algorithm: "grpo", steps: 120, batch: 64, beta: 0.2, samples: { every: 40 } },
    asked: 5,
  },
  /** Under a minute: a few concepts, a small model. */
  small: {
    concepts: 24,
    megabytes: 2,
    pretrain: {
      model: { layers: 2, heads: 4, width: 64, context: 80 },
      tokenizer: { kind: "bpe", vocab: 768 },
      steps: 1100,
      batch: 16,
      rate: { kind: "linear", peak: 4e-3, min: 0, warmup: 20 },
      optimiser: { muon: 0.03, weightDecay: 0.02 },
      validation: { every: 650, batches: 10 },
      checkpoint: { every: 650 },
      samples: { every: 0 },
    },
    rounds: 1,
    answers: 60,
    reward: { epochs: 5, batch: 16, rate: { kind: "linear", peak: 1e-3, min: 0 } },
    policy: {
      algorithm: "grpo",
      steps: 60,
      batch: 64,
      beta: 0.15,
      rate: { kind: "linear", peak: 1e-3, min: 0 },
      samples: { every: 30 },
    },
    asked: 12,
  },
} as const satisfies Record<string, DemonstrationPreset>;

export interface DemonstrationOptions {
  preset: DemonstrationPreset;
  out: string;
  seed: number;
  raters?: readonly SimulatedRater[];
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
}

export interface DemonstrationHooks extends RoundHooks {
  /** What is being done. */
  stage?(said: string): void;
  pretrain?: PretrainHooks;
}

export interface Demonstration {
  before: Record<string, number>;
  rounds: RoundRecord[];
  /** The same question to the raw model and to what came of it. */
  deontology: { prompt: string; before: string; after: string }[];
}

/** @returns `undefined` where the signal ended it: called again, it goes on where it was */
export async function demonstrate(
  options: DemonstrationOptions,
  hooks: DemonstrationHooks = {},
): Promise<Demonstration | undefined> {
  const { preset, out, seed, raters = team, threads, signal } = options;
  mkdirSync(out, { recursive: true });
  const raw = await rawModel(options, hooks);
  if (!raw) return undefined;
  const { model, data } = raw;
  const { taught, heldOut } = splitConcepts(seed, 0.2, concepts.slice(0, preset.concepts));
  const measured = Array.from({ length: preset.asked }, (_, n) =>
    prompts(heldOut, { seed: hash32(seed, 0xe7a1, n), heldOut: true }),
  ).flat();
  const measure = (of: OpenModel): Promise<Record<string, number>> => measureModel(of, measured, data, seed, threads);
  hooks.stage?.("asking the raw model");
  const before = await remembered(join(out, "before.json"), () => measure(model));
  const reward = parsePosttrainConfig({ algorithm: "reward", ...preset.reward, seed }, "the demonstration");
  const policy = parsePosttrainConfig({ ...preset.policy, seed }, "the demonstration");
  if (reward.algorithm !== "reward" || "epochs" in policy) throw new RangeError("the preset has another order");
  let speaks = model;
  for (let round = 1; round <= preset.rounds; round++) {
    hooks.stage?.(`round ${round}: answers, and what the team says of them`);
    await judgedAnswers(options, round, speaks, taughtPrompts(taught, preset.answers, hash32(seed, round)), raters);
    hooks.stage?.(`round ${round}: a reward model, then the policy`);
    const record = await trainRound(
      {
        ...{ out, round, model, reward, policy, threads, signal },
        prompts: taughtPrompts(taught, 2, hash32(seed, 0x1ea)).map(({ text }) => text),
        evaluate: measure,
      },
      hooks,
    );
    if (!record) return undefined;
    speaks = await openModel(join(roundFolder(out, round), "policy"));
  }
  return { before, rounds: readRounds(out), deontology: await deontology(model, speaks, seed, threads) };
}

async function rawModel(
  { preset, out, seed, threads, signal }: DemonstrationOptions,
  hooks: DemonstrationHooks,
): Promise<{ model: OpenModel; data: PretrainData } | undefined> {
  const base = preset.pretrain === "demo" ? demoConfig() : parsePretrainConfig(preset.pretrain, "the demonstration");
  const config = { ...base, seed };
  const folder = join(out, "raw");
  const corpus = join(out, "internet.jsonl");
  if (!existsSync(corpus)) {
    hooks.stage?.("writing the small internet");
    const spec = { ...rawInternet, seed, concepts: preset.concepts };
    writeCorpus(corpus, { megabytes: preset.megabytes, format: "jsonl", spec });
  }
  const data = await openPretrainData([corpus], folder, config, signal ? { signal } : {});
  hooks.stage?.("the raw model: reading the small internet");
  const result = await pretrain(
    {
      ...{ config, data, out: folder, resume: lastCheckpoint(folder) !== undefined },
      ...(threads !== undefined && { threads }),
      ...(signal && { signal }),
    },
    hooks.pretrain,
  );
  return result.stopped ? undefined : { model: await openModel(join(folder, "last")), data };
}

/** Each concept asked about in several ways. */
const taughtPrompts = (taught: Parameters<typeof prompts>[0], times: number, seed: number): Prompt[] =>
  Array.from({ length: times }, (_, n) => prompts(taught, { seed: hash32(seed, n) })).flat();

/** Every rater judges every answer; the rows of earlier rounds are kept. */
async function judgedAnswers(
  { out, seed, threads, signal }: DemonstrationOptions,
  round: number,
  model: OpenModel,
  asked: readonly Prompt[],
  raters: readonly SimulatedRater[],
): Promise<void> {
  const folder = roundFolder(out, round);
  const path = join(folder, JUDGED);
  if (existsSync(path)) return;
  mkdirSync(folder, { recursive: true });
  const answers = await answer(speakingOf(model), asked, { seed: hash32(seed, 0xa5, round), threads, signal });
  const before = round > 1 ? readFileSync(join(roundFolder(out, round - 1), JUDGED), "utf8") : "";
  writeAtomically(path, (append) => {
    append(Buffer.from(before));
    for (const [n, { prompt, completion, labels }] of answers.entries()) {
      if (completion.trim() === "") continue;
      for (const rater of raters) {
        const label = verdictOf(rater, labels, wordsIn(completion), hash32(seed, round), n);
        append(Buffer.from(`${JSON.stringify({ prompt: prompt.text, completion, label, rater: rater.name })}\n`));
      }
    }
  });
}

async function measureModel(
  model: OpenModel,
  asked: readonly Prompt[],
  data: PretrainData,
  seed: number,
  threads: number | undefined,
): Promise<Record<string, number>> {
  const answers = await answer(speakingOf(model), asked, { seed: hash32(seed, 0x3a), threads });
  await using evaluator = await Evaluator.create(model.config.decoder, threads);
  const weights = Object.fromEntries(model.weights);
  const loss = await evaluator.loss(weights, data.dataset.validation, 20, { seed });
  // Of an answer, not of a token: the alignment tax is what the model forgot of the raw text.
  return { ...profileOf(answers), pretraining_loss: loss };
}

async function deontology(
  raw: OpenModel,
  taught: OpenModel,
  seed: number,
  threads: number | undefined,
): Promise<Demonstration["deontology"]> {
  const asked = ["Q: explain deontology\nA:", "Human: Explain deontology\nAssistant:"].map(
    (text): Prompt => ({ text, concept: "deontology", belief: null, beliefCorrect: null }),
  );
  const say = async (model: OpenModel): Promise<Answered[]> => answer(speakingOf(model), asked, { seed, threads });
  const [before, after] = [await say(raw), await say(taught)];
  return asked.map(({ text }, n) => ({
    prompt: text,
    before: before[n]?.completion.trim() ?? "",
    after: after[n]?.completion.trim() ?? "",
  }));
}

async function remembered<T>(path: string, make: () => Promise<T>): Promise<T> {
  // Written by this very function.
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as T;
  const made = await make();
  writeAtomically(path, (append) => append(Buffer.from(`${JSON.stringify(made, null, 2)}\n`)));
  return made;
}
