/** `candor train sft | reward | dpo | ipo | kto | ppo | grpo | rloo`: a model that learns from judgments. */
import { join } from "node:path";
import { badInput } from "@candor/server/outside";
import {
  type Algorithm,
  type Combination,
  isOffline,
  modelRewards,
  type OnlineConfig,
  type OpenModel,
  onlineShape,
  openModel,
  type PosttrainResult,
  promptTokens,
  type RewardSource,
  readPosttrainProgress,
  readPrompts,
  remoteRewards,
  trainOffline,
  trainOnline,
} from "@candor/training";
import { candor } from "../../screen/command.ts";
import { bold, plural, print } from "../../screen/style.ts";
import { progressOn } from "./progress.ts";
import { interruptible, posttrainSettings, trouble } from "./settings.ts";
import type { PosttrainFlags } from "./train.ts";

export async function posttrainCommand(
  algorithm: Algorithm,
  data: string,
  flags: PosttrainFlags,
  { json = false }: { json?: boolean },
): Promise<void> {
  const { model: folder, out, resume = false, threads } = flags;
  const config = posttrainSettings({ algorithm }, flags.config);
  if (resume && !trouble(() => readPosttrainProgress(out)))
    throw badInput(`${out} holds no checkpoint to go on from`, "Leave --resume out to begin.");
  const screen = json ? process.stderr : process.stdout;
  const result = await interruptible(async (signal) => {
    const model = await openModel(folder);
    const shared = { model, out, resume, threads, signal };
    const hooks = progressOn(screen, out);
    if (isOffline(config)) return trainOffline({ ...shared, config, data }, hooks);
    const prompts = readPrompts(data);
    const { rewards, value } = await rewardsOf(flags, config, model, prompts, algorithm);
    try {
      return await trainOnline({ ...shared, config, prompts, rewards, value }, hooks);
    } finally {
      await rewards[Symbol.asyncDispose]();
    }
  });
  tell(result, `train ${algorithm} ${data} ${flagsOf(flags)}`, out, screen, json);
}

/** The command line that goes on where a run was stopped. */
const flagsOf = ({ model, out, config, reward = [], rewardUrl = [], combine }: PosttrainFlags): string =>
  [
    `--model ${model}`,
    ...reward.map((each) => `--reward ${each}`),
    ...rewardUrl.map((each) => `--reward-url ${each}`),
    ...(combine ? [`--combine ${combine}`] : []),
    ...(config ? [`--config ${config}`] : []),
    `--out ${out}`,
  ].join(" ");

async function rewardsOf(
  { reward = [], rewardUrl = [], combine, threads }: PosttrainFlags,
  config: OnlineConfig,
  policy: OpenModel,
  prompts: readonly string[],
  algorithm: Algorithm,
): Promise<{ rewards: RewardSource; value: OpenModel | undefined }> {
  if (reward.length > 0 === rewardUrl.length > 0)
    throw badInput(
      `nobody says what answers are worth${reward.length > 0 ? " alone: both --reward and --reward-url are given" : ""}`,
      `Give --reward with the folder of a reward model (candor train reward makes one), or --reward-url, for ${algorithm}.`,
    );
  const [url, ...urls] = rewardUrl;
  if (url !== undefined) return { rewards: remoteRewards([url, ...urls]), value: undefined };
  const models: OpenModel[] = [];
  for (const folder of reward) models.push(await openModel(folder));
  const [first, ...others] = models as [OpenModel, ...OpenModel[]];
  const shape = onlineShape(policy, promptTokens(policy, prompts), config);
  const rewards = await modelRewards({
    models: [first, ...others],
    ...{ policy, shape, threads },
    ...(combine && { combination: combinationOf(combine) }),
  });
  return { rewards, value: first };
}

export function combinationOf(name: string): Combination {
  switch (name) {
    case "mean":
    case "worst-case":
      return { kind: name };
    case "uncertainty":
      return { kind: name, weight: 0.5 };
    default:
      throw badInput(`--combine: "${name}" is no way to combine scores`, "mean, worst-case or uncertainty.");
  }
}

function tell(
  { step, stopped, best, evaluation }: PosttrainResult,
  again: string,
  out: string,
  screen: NodeJS.WriteStream,
  json: boolean,
): void {
  if (stopped) {
    screen.write(`\nstopped at step ${step}, with a checkpoint; go on with: ${candor(`${again} --resume`)}\n`);
    process.exitCode = 130;
    return;
  }
  if (json) {
    print(JSON.stringify({ out, step, best, evaluation }, null, 2));
    return;
  }
  const figures = Object.entries(evaluation).map(([name, value]) => `${name} ${value.toFixed(4)}`);
  print(`${bold(plural(step, "step"))}  ${figures.join("  ")}`);
  print(`${join(out, best ? "best" : "last")} opens in transformers; ${join(out, "metrics.jsonl")} holds its course`);
}
