/**
 * Rounds of learning from judgments: what was judged so far makes a reward model, that a policy, and the policy's answers are judged
 * next. Each round is a folder with all that it had and made, so that any can be opened again.
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeAtomically } from "../../atomic-file.ts";
import { TrainingError } from "../../training-error.ts";
import type { OfflineConfig, OnlineConfig } from "../config.ts";
import { type OpenModel, openModel } from "../model.ts";
import { trainOffline } from "../offline.ts";
import { trainOnline } from "../online.ts";
import { onlineShape, promptTokens } from "../online-shape.ts";
import { type PosttrainHooks, readPosttrainProgress } from "../progress.ts";
import { type Combination, modelRewards } from "../rewards/models.ts";

const RoundRecord = z.object({
  round: z.int().positive(),
  /** Of the model that its policy began as. */
  model: z.string(),
  /** Rows that the reward model learnt from, those of earlier rounds included. */
  judgments: z.int(),
  /** What the reward model says of rows it did not learn from. */
  reward: z.record(z.string(), z.number()),
  /** What the policy came to, under its own measures. */
  policy: z.record(z.string(), z.number()),
  /** What whoever asked for the round measured: of the small internet politeness, correctness and so on. */
  evaluation: z.record(z.string(), z.number()),
});
export type RoundRecord = z.output<typeof RoundRecord>;

const RECORD = "round.json";
export const JUDGED = "judged.jsonl";

export const roundFolder = (out: string, round: number): string => join(out, `round-${String(round).padStart(2, "0")}`);

/** Rounds that were finished, the first one first. @throws {TrainingError} for a record that is damaged */
export function readRounds(out: string): RoundRecord[] {
  const rounds: RoundRecord[] = [];
  for (let round = 1; existsSync(join(roundFolder(out, round), RECORD)); round++) {
    const path = join(roundFolder(out, round), RECORD);
    try {
      rounds.push(RoundRecord.parse(JSON.parse(readFileSync(path, "utf8"))));
    } catch {
      throw new TrainingError(`${path} is not what was written`, "Remove that round's folder and make it again.");
    }
  }
  return rounds;
}

export interface RoundInput {
  out: string;
  round: number;
  /** What the policy begins as: the same in each round, so that what a round is worth is its judgments' worth. */
  model: OpenModel;
  /** Asked while the policy learns. */
  prompts: readonly string[];
  reward: Extract<OfflineConfig, { algorithm: "reward" }>;
  policy: OnlineConfig;
  combination?: Combination;
  /** Measures the policy, once it is there. */
  evaluate?(policy: OpenModel): Promise<Record<string, number>>;
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
}

export interface RoundHooks {
  reward?(member: number): PosttrainHooks;
  policy?: PosttrainHooks;
}

/**
 * A round on the rows in its `judged.jsonl`. What was cut off goes on where it was; a finished round is read.
 * @returns `undefined` where the signal ended it
 */
export async function trainRound(given: RoundInput, hooks: RoundHooks = {}): Promise<RoundRecord | undefined> {
  const { out, round, model, prompts, reward, policy, combination, evaluate, threads, signal } = given;
  const folder = roundFolder(out, round);
  const known = readRounds(out)[round - 1];
  if (known) return known;
  const judged = join(folder, JUDGED);
  if (!existsSync(judged))
    throw new TrainingError(
      `${judged} is not there`,
      "Put the judgments of this round there, one JSON document a line.",
    );
  mkdirSync(folder, { recursive: true });
  const members: OpenModel[] = [];
  let told: Record<string, number> = {};
  for (let member = 0; member < reward.ensemble; member++) {
    const own = join(folder, `reward-${member + 1}`);
    const result = await trainOffline(
      {
        config: { ...reward, seed: reward.seed + member },
        ...{ model, data: judged, out: own, resume: readPosttrainProgress(own) !== undefined, threads, signal },
      },
      hooks.reward?.(member),
    );
    if (result.stopped) return undefined;
    if (member === 0) told = { ...result.evaluation };
    members.push(await openModel(own));
  }
  const [first, ...others] = members;
  if (!first) throw new RangeError("an ensemble has a member");
  const shape = onlineShape(model, promptTokens(model, prompts), policy);
  await using rewards = await modelRewards({
    models: [first, ...others],
    policy: model,
    shape,
    threads,
    ...(combination && { combination }),
  });
  const own = join(folder, "policy");
  const result = await trainOnline(
    {
      ...{ config: policy, model, prompts, rewards, value: first, out: own, threads, signal },
      resume: readPosttrainProgress(own) !== undefined,
    },
    hooks.policy,
  );
  if (result.stopped) return undefined;
  const made = await openModel(own);
  const record: RoundRecord = {
    round,
    model: model.hash,
    judgments: readFileSync(judged, "utf8")
      .split("\n")
      .filter((line) => line.trim() !== "").length,
    reward: told,
    policy: result.evaluation,
    evaluation: (await evaluate?.(made)) ?? {},
  };
  writeAtomically(join(folder, RECORD), (append) => append(Buffer.from(`${JSON.stringify(record, null, 2)}\n`)));
  return record;
}
