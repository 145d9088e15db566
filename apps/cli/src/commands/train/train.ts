/** `candor train`: models made from text on this machine. What does the work is loaded when it is asked for. */
import { badInput } from "@candor/server/outside";
import type { Algorithm } from "@candor/training";
import type { Command } from "commander";
import { integer } from "../../options.ts";

export interface PretrainFlags {
  config?: string;
  preset?: string;
  resume?: boolean;
  demo?: boolean;
  out: string;
  threads?: number;
}

export interface SweepFlags {
  config?: string;
  preset?: string;
  out: string;
  sizes: string;
  steps: string;
  threads?: number;
}

export interface PosttrainFlags {
  model: string;
  config?: string;
  resume?: boolean;
  out: string;
  reward?: string[];
  rewardUrl?: string[];
  combine?: string;
  threads?: number;
}

export interface RlhfFlags {
  small?: boolean;
  seed: number;
  out: string;
  threads?: number;
}

export interface MindFlags {
  fromJudgments?: boolean;
  reward?: boolean;
  model?: string;
  towns?: number;
  steps?: number;
  seed: number;
  out: string;
  threads?: number;
}

export interface FromJudgmentsFlags {
  fromJudgments?: boolean;
  model?: string;
  prompts?: string;
  out: string;
  rewardConfig?: string;
  policyConfig?: string;
  combine?: string;
  threads?: number;
}

/** What each way of learning from judgments is given, and what it makes. */
const WAYS: Record<Algorithm, readonly [file: string, says: string]> = {
  sft: ["completions", "learn to answer as given: prompt and completion"],
  reward: ["judgments", "make a reward model: chosen and rejected, or completion and label"],
  dpo: ["judgments", "learn from pairs without a reward model"],
  ipo: ["judgments", "as dpo, with a loss that pairs without noise do not carry away"],
  kto: ["judgments", "learn from good and bad without a reward model: completion and label"],
  ppo: ["prompts", "learn from rewards of its own answers, with a value model"],
  grpo: ["prompts", "learn from rewards of its own answers, several to each prompt"],
  rloo: ["prompts", "as grpo, each answer against the others, the KL in the reward"],
};

export function trainCommands(program: Command): void {
  const train = program
    .command("train")
    .description("make a model from text on this machine, or teach it by judgments");
  fromJudgments(train);
  for (const [algorithm, [file, says]] of Object.entries(WAYS) as [Algorithm, readonly [string, string]][]) {
    const command = train
      .command(`${algorithm} <${file}>`)
      .description(`${says} (JSON lines in TRL's formats)`)
      .requiredOption(
        "--model <dir>",
        "where it begins: a folder in Hugging Face layout, or one that candor train made",
      )
      .option("--config <file>", "settings in YAML or JSON")
      .option("--out <dir>", "where checkpoints and metrics go", algorithm)
      .option("--resume", "go on from the last checkpoint in --out")
      .option("--threads <n>", "threads to use; as many as the processor has otherwise", integer("--threads", 1));
    if (file === "prompts")
      command
        .option("--reward <dir...>", "reward models, of candor train reward")
        .option("--reward-url <url...>", "reward models behind OpenRLHF's interface")
        .option("--combine <how>", "scores of several: mean, worst-case or uncertainty");
    command.action(async (data: string, _, own: Command) => {
      const { posttrainCommand } = await import("./posttrain.ts");
      await posttrainCommand(algorithm, data, own.opts<PosttrainFlags>(), own.optsWithGlobals<{ json?: boolean }>());
    });
  }
  train
    .command("rlhf")
    .description("the demonstration: a raw model, a team that judges, a policy; rude before, polite after")
    .option("--small", "in under a minute: a few concepts, a small model")
    .option("--seed <n>", "of everything that is drawn", integer("--seed", 0), 1)
    .option("--out <dir>", "where everything goes; what was stopped goes on there", "rlhf")
    .option("--threads <n>", "threads to use; as many as the processor has otherwise", integer("--threads", 1))
    .action(async (_, command: Command) => {
      const { rlhfCommand } = await import("./rounds.ts");
      await rlhfCommand(command.opts<RlhfFlags>(), command.optsWithGlobals<{ json?: boolean }>());
    });
  train
    .command("mind")
    .description(
      "the agent's small mind: what the scout does in generated towns, or what was judged good and bad of its steps",
    )
    .option("--from-judgments", "go on from a small mind with the steps that were judged here")
    .option("--reward", "with --from-judgments: a reward model that ranks and watches the steps of any mind instead")
    .option("--model <dir>", "for --from-judgments: which small mind; the one that comes with Candor otherwise")
    .option("--towns <n>", "towns whose audits are imitated, or practised in", integer("--towns", 1))
    .option("--steps <n>", "steps of training", integer("--steps", 1))
    .option("--seed <n>", "of the first weights and the order of the lessons", integer("--seed", 0), 1)
    .option("--out <dir>", "where everything goes; what was stopped goes on there", "mind")
    .option("--threads <n>", "threads to use; as many as the processor has otherwise", integer("--threads", 1))
    .action(async (_, command: Command) => {
      const { mindCommand } = await import("./mind.ts");
      await mindCommand(command.opts<MindFlags>(), command.optsWithGlobals<{ json?: boolean }>());
    });
  train
    .command("rounds <dir>")
    .description("what each round of a folder had, made and measured")
    .action(async (dir: string, _, command: Command) => {
      const { roundsCommand } = await import("./rounds.ts");
      roundsCommand(dir, command.optsWithGlobals<{ json?: boolean }>());
    });
  train
    .command("pretrain [data...]")
    .description("learn to go on with text: files, JSONL or folders")
    .option("--preset <name>", "tiny, small, shakespeare or nanogpt-cpu")
    .option("--config <file>", "settings in YAML or JSON; they go before the preset's")
    .option("--out <dir>", "where data, metrics and checkpoints go", "model")
    .option("--resume", "go on from the last checkpoint in --out")
    .option("--demo", "learn a small internet made here, then answer as it would")
    .option("--threads <n>", "threads to use; as many as the processor has otherwise", integer("--threads", 1))
    .action(async (data: string[], flags: PretrainFlags, command: Command) => {
      const { pretrainCommand } = await import("./pretrain.ts");
      await pretrainCommand(data, flags, command.optsWithGlobals<{ json?: boolean }>());
    });
  train
    .command("sweep <data...>")
    .description("train several sizes for several budgets and fit how the loss falls with compute")
    .option("--preset <name>", "what all runs share", "tiny")
    .option("--config <file>", "settings in YAML or JSON; they go before the preset's")
    .option("--out <dir>", "where runs, the table and the picture go", "sweep")
    .option("--sizes <list>", "layers x width", "1x16,2x32,2x64,4x96")
    .option("--steps <list>", "budgets", "150,300,600")
    .option("--threads <n>", "threads to use; as many as the processor has otherwise", integer("--threads", 1))
    .action(async (data: string[], flags: SweepFlags, command: Command) => {
      const { sweepCommand } = await import("./sweep.ts");
      await sweepCommand(data, flags, command.optsWithGlobals<{ json?: boolean }>());
    });
}

/** `candor train --from-judgments`: the command that is meant when no other is named. */
function fromJudgments(train: Command): void {
  train
    .command("from-judgments [way]", { isDefault: true, hidden: true })
    .description("the next round: what was judged here becomes a reward model, and that a policy")
    .option("--from-judgments", "as it is said without the command's name")
    .option("--model <dir>", "the model that was rated, where the policy begins")
    .option("--prompts <file>", "what the policy is asked as it learns; what was judged otherwise")
    .option("--out <dir>", "where rounds go", "rounds")
    .option("--reward-config <file>", "settings of the reward model in YAML or JSON")
    .option("--policy-config <file>", "settings of the policy: algorithm ppo, grpo or rloo")
    .option("--combine <how>", "scores of several reward models: mean, worst-case or uncertainty")
    .option("--threads <n>", "threads to use; as many as the processor has otherwise", integer("--threads", 1))
    .action(async (way: string | undefined, flags: FromJudgmentsFlags, command: Command) => {
      if (way !== undefined)
        throw badInput(`there is no candor train ${way}`, "candor train --help lists what there is.");
      if (!flags.fromJudgments) return train.help();
      const { fromJudgmentsCommand } = await import("./rounds.ts");
      await fromJudgmentsCommand(flags, command.optsWithGlobals<{ json?: boolean }>());
    });
  train.addHelpText(
    "after",
    "\nThe next round from what was judged here: candor train --from-judgments --model DIR (candor train from-judgments --help)",
  );
}
