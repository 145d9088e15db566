/** `candor train pretrain`: a run on the screen. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { badInput } from "@candor/server/outside";
import {
  askDemo,
  DEMO_MEGABYTES,
  type DemoAnswers,
  demoConfig,
  LiveCurve,
  Ngram,
  openPretrainData,
  type PretrainData,
  type PretrainHooks,
  pretrain,
  readProgress,
  TrainingError,
  writeCorpus,
} from "@candor/training";
import { candor } from "../../screen/command.ts";
import { bold, dim, plural, print } from "../../screen/style.ts";
import { note } from "./note.ts";
import { interruptible, settings, trouble } from "./settings.ts";
import type { PretrainFlags } from "./train.ts";

export async function pretrainCommand(
  given: readonly string[],
  flags: PretrainFlags,
  { json = false }: { json?: boolean },
): Promise<void> {
  const { demo = false, out, threads, resume = false } = flags;
  if (!demo && given.length === 0) throw badInput("no data was named", "Give text files, JSONL or folders, or --demo.");
  if (demo && (given.length > 0 || flags.preset || flags.config))
    throw badInput("--demo brings its own data and settings", "Leave the others out.");
  const config = demo ? trouble(demoConfig) : settings(flags);
  if (resume && !trouble(() => readProgress(out)))
    throw badInput(`${out} holds no checkpoint to go on from`, "Leave --resume out to begin.");
  const screen = json ? process.stderr : process.stdout;
  const paths = demo ? [smallInternet(out)] : given;
  const outcome = await interruptible(async (signal) => {
    const data = await openPretrainData(paths, out, config, {
      signal,
      progress: (said) => screen.isTTY && screen.write(`\r\u001b[2K${said}`),
    }).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    if (!data) return undefined;
    if (screen.isTTY) screen.write("\n");
    const run = { config, data, out, resume, signal, ...(threads !== undefined && { threads }) };
    const result = await pretrain(
      run,
      hooksFor(screen, () => note(out, config.steps)),
    );
    if (result.stopped) return { result };
    const baselines = config.tokenizer.kind === "characters" ? trouble(() => baselinesOf(data)) : undefined;
    const answers = demo ? await askDemo(result, data, threads === undefined ? {} : { threads }) : undefined;
    return { result, baselines, answers };
  });
  if (!outcome || outcome.result.stopped) {
    const begun = outcome ? ["--resume"] : [];
    const again = [demo ? "--demo" : given.join(" "), ...settingFlags(flags), `--out ${out}`, ...begun].join(" ");
    const came = outcome
      ? `stopped at step ${outcome.result.step}, with a checkpoint`
      : "stopped before the first step";
    screen.write(`${came}; go on with: ${candor(`train pretrain ${again}`)}\n`);
    process.exitCode = 130;
    return;
  }
  const { result, baselines, answers } = outcome;
  const { step, validationLoss, best } = result;
  if (json)
    return print(JSON.stringify({ out, step, validation_loss: validationLoss, best, baselines, answers }, null, 2));
  print(
    `${bold("validation loss")} ${validationLoss?.toFixed(4)} nats a token over the whole split, after ${plural(step, "step")}`,
  );
  if (baselines)
    print(dim(`beside it: bigrams ${baselines.bigram.toFixed(4)}, 5-grams ${baselines.fivegram.toFixed(4)}`));
  if (answers) printAnswers(answers);
  print(`${join(out, "best")} opens in transformers; ${join(out, "metrics.jsonl")} and tensorboard hold its course`);
}

const settingFlags = ({ preset, config }: PretrainFlags): string[] => [
  ...(preset ? [`--preset ${preset}`] : []),
  ...(config ? [`--config ${config}`] : []),
];

function hooksFor(screen: NodeJS.WriteStream, begun: () => void): PretrainHooks {
  const curve = new LiveCurve(screen);
  return {
    started: ({ step, decoder, memory }) => {
      begun();
      curve.say(
        `${decoder.layers} layers x ${decoder.width}, ${memory.parameters.toLocaleString("en")} parameters, about ` +
          `${(memory.totalBytes / 1e6).toFixed(0)} MB of memory${step > 0 ? `; goes on at step ${step}` : ""}`,
      );
      curve.say(`watch it in the browser: ${candor("open")}, page Training`);
    },
    measured: (record) => {
      const {
        step,
        loss = Number.NaN,
        gradient_norm: norm = 0,
        tokens_per_second: pace = 0,
        memory_mb: memory = 0,
        seconds_left: left = 0,
      } = record;
      const validation =
        record.validation_loss === undefined ? "" : `validation ${record.validation_loss.toFixed(4)}  `;
      const time = left >= 60 ? `${Math.round(left / 60)} min` : `${Math.round(left)} s`;
      const rest = `norm ${norm.toFixed(2)}  ${Math.round(pace)} tokens/s  ${time} left  ${memory.toFixed(0)} MB`;
      curve.report({ step, loss }, `${validation}${rest}`);
    },
    sampled: (step, samples) => {
      for (const { prompt, text } of samples) curve.say(`--- step ${step} ---\n${prompt}${text}\n---`);
    },
  };
}

function smallInternet(out: string): string {
  const file = join(out, "internet.jsonl");
  trouble(() => {
    if (existsSync(file)) return;
    mkdirSync(out, { recursive: true });
    writeCorpus(file, { megabytes: DEMO_MEGABYTES, format: "jsonl" });
  });
  return file;
}

/** What tables of letters reach on the same split. */
function baselinesOf({ dataset, tokenizer }: PretrainData): { bigram: number; fivegram: number } | undefined {
  const { train, validation } = dataset;
  if (train.length > 20_000_000) return undefined;
  const [learnt, told] = [train, validation].map((row) => {
    const tokens = new Int32Array(row.length);
    row.copy(0, row.length, tokens, 0);
    return tokens;
  });
  if (!learnt || !told) throw new TrainingError("There are no tokens", "Make the data ready again.");
  const losses = new Ngram(learnt, tokenizer.vocabSize, 5).losses(told);
  return { bigram: losses[1] ?? Number.NaN, fivegram: losses[4] ?? Number.NaN };
}

function printAnswers({ deontology, asked, shares }: DemoAnswers): void {
  print(bold("explain deontology"));
  for (const { prompt, answer } of deontology)
    print(`  ${dim(prompt.split("\n").at(-1) ?? "")} ${answer.replaceAll("\n", " / ")}`);
  const list = Object.entries(shares).map(([name, share]) => `${name} ${(100 * share).toFixed(0)} %`);
  print(`of ${asked} answers: ${list.join(", ")}`);
}
