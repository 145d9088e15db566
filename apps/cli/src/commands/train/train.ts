/** `candor train`: models made from text on this machine. What does the work is loaded when it is asked for. */
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

export function trainCommands(program: Command): void {
  const train = program.command("train").description("make a model from text on this machine");
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
