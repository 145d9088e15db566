/** Teaching for checks and studies: they want the model that comes of it, and leave no folder behind. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isOffline, type OfflineConfig, type PosttrainConfigInput, parsePosttrainConfig } from "../posttrain/config.ts";
import { type OpenModel, openModel } from "../posttrain/model.ts";
import { trainOffline } from "../posttrain/offline.ts";
import { trainOnline } from "../posttrain/online.ts";
import { onlineShape, promptTokens } from "../posttrain/online-shape.ts";
import type { PosttrainHooks } from "../posttrain/progress.ts";
import { type ModelRewardsInput, modelRewards } from "../posttrain/rewards/models.ts";
import type { RewardSource, Written } from "../posttrain/rewards/source.ts";

interface Teaching {
  model: OpenModel;
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
}

type OfflineInput = Extract<PosttrainConfigInput, { algorithm: OfflineConfig["algorithm"] }>;
type OnlineInput = Exclude<PosttrainConfigInput, OfflineInput>;

/** @param rows in one of TRL's formats */
export async function taughtBy(
  rows: readonly object[],
  settings: OfflineInput,
  { model, threads, signal }: Teaching,
): Promise<OpenModel> {
  const config = parsePosttrainConfig(settings, "a study");
  if (!isOffline(config)) throw new RangeError(`${config.algorithm} writes its own texts`);
  return inFolder(async (folder) => {
    const data = join(folder, "rows.jsonl");
    writeFileSync(data, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    const out = join(folder, "taught");
    await trainOffline({ config, model, data, out, threads, signal });
    return openModel(out);
  });
}

/** What rewards: models that read the texts as the policy does, or anything else. */
export type Rewarding = Pick<ModelRewardsInput, "models" | "combination"> | RewardSource;

export interface RewardedHooks extends PosttrainHooks {
  /** Texts that are about to be rewarded. */
  wrote?(texts: readonly Written[]): void;
}

/** @param prompts those that leave room for an answer are asked */
export async function rewardedBy(
  rewarding: Rewarding,
  prompts: readonly string[],
  settings: OnlineInput,
  { model, threads, signal }: Teaching,
  hooks: RewardedHooks = {},
): Promise<OpenModel> {
  const config = parsePosttrainConfig(settings, "a study");
  if (isOffline(config)) throw new RangeError(`${config.algorithm} learns from files`);
  const room = model.config.decoder.context - config.max_completion_length;
  const fits = prompts.filter((prompt) => model.tokenizer.encode(prompt, { added: "text" }).length <= room);
  const shape = onlineShape(model, promptTokens(model, fits), config);
  return inFolder(async (folder) => {
    await using rewards =
      "models" in rewarding ? await modelRewards({ ...rewarding, policy: model, shape, threads }) : rewarding;
    const out = join(folder, "policy");
    const watched: RewardSource = {
      identity: rewards.identity,
      score: (texts, own) => {
        hooks.wrote?.(texts);
        return rewards.score(texts, own);
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
    await trainOnline({ config, model, prompts: fits, rewards: watched, out, threads, signal }, hooks);
    return openModel(out);
  });
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "candor-study-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
