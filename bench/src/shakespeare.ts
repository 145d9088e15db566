/** nanoGPT's CPU setting on tinyshakespeare beside PyTorch, and with `--long` the preset that beats tables of letters. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import {
  Ngram,
  openPretrainData,
  type PresetName,
  parsePretrainConfig,
  presets,
  pretrain,
  type TokenRow,
} from "@candor/training";
import { z } from "zod";
import { type Bench, type BenchContext, figure, goal, numbers, option, type Row } from "./bench.ts";
import { pythonWithTorch } from "./python-peer.ts";

const PEER = fileURLToPath(new URL("../peers/nanogpt.py", import.meta.url));
const SHARED = new URL("../../../shared/data/tinyshakespeare.txt", import.meta.url);

export const shakespeare: Bench = {
  name: "shakespeare",
  description:
    "validation loss and time on tinyshakespeare beside PyTorch (--seeds 1,2,3, --steps N, --file, --long; --state DIR --most N: so many trainings now, the others next time)",
  duration: "5 min",
  run,
};

const Trained = z.object({ loss: z.number(), seconds: z.number() });
type Trained = z.infer<typeof Trained>;
const Results = z.record(z.string(), Trained);
const Peer = z.object({ validation_loss: z.number(), seconds: z.number() });

async function run({ args, note }: BenchContext): Promise<Row[]> {
  const file = option(args, "file") ?? fileURLToPath(SHARED);
  if (!existsSync(file)) throw new Error(`${file} is not there: give tinyshakespeare.txt with --file`);
  const seeds = numbers(option(args, "seeds") ?? "1");
  const steps = Number(option(args, "steps") ?? presets["nanogpt-cpu"].steps);
  const state = option(args, "state");
  const folder = state ?? mkdtempSync(join(tmpdir(), "candor-shakespeare-"));
  mkdirSync(folder, { recursive: true });
  const trainings = new Trainings(folder, Number(option(args, "most") ?? Number.POSITIVE_INFINITY), note);
  try {
    const rows = await baselines(file, folder);
    const python = pythonWithTorch(note);
    const ours: Trained[] = [];
    const peers: Trained[] = [];
    for (const seed of seeds) {
      const here = await trainings.once(`nanogpt-cpu, ${steps} steps, seed ${seed}`, (out) =>
        train("nanogpt-cpu", { seed, steps }, file, out),
      );
      if (here) ours.push(here);
      if (!python) continue;
      const there = await trainings.once(`PyTorch, ${steps} steps, seed ${seed}`, async () => {
        const { stdout } = await promisify(execFile)(python, [PEER, folder, String(seed), String(steps)]);
        const { validation_loss: loss, seconds } = Peer.parse(JSON.parse(stdout));
        return { loss, seconds };
      });
      if (there) peers.push(there);
    }
    if (ours.length > 0) rows.push(...beside(`nanogpt-cpu, ${steps} steps, ${ours.length} seeds`, ours, peers));
    const long = args.includes("--long")
      ? await trainings.once("shakespeare", (out) => train("shakespeare", {}, file, out))
      : undefined;
    if (long) {
      rows.push(goal("validation_loss", "preset shakespeare", long.loss, "< 1.6", "nats/char"));
      rows.push(goal("seconds", "preset shakespeare", long.seconds, "<= 1200", "s"));
    }
    return rows;
  } finally {
    if (state === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** Trainings that were done are kept in `results.json` and not done again. */
class Trainings {
  readonly #folder: string;
  readonly #file: string;
  readonly #note: (line: string) => void;
  readonly #done: Record<string, Trained>;
  #left: number;

  constructor(folder: string, most: number, note: (line: string) => void) {
    this.#folder = folder;
    this.#file = join(folder, "results.json");
    this.#left = most;
    this.#note = note;
    this.#done = existsSync(this.#file) ? Results.parse(JSON.parse(readFileSync(this.#file, "utf8"))) : {};
  }

  /** @returns nothing when no more may be done this time */
  async once(name: string, work: (out: string) => Promise<Trained>): Promise<Trained | undefined> {
    const before = this.#done[name];
    if (before !== undefined || this.#left <= 0) return before;
    this.#left--;
    // One that was cut off begins anew: its time is measured in one piece.
    const out = join(this.#folder, name.replaceAll(/\W+/g, "-"));
    rmSync(out, { recursive: true, force: true });
    const trained = await work(out);
    this.#done[name] = trained;
    writeFileSync(this.#file, JSON.stringify(this.#done, null, 2));
    this.#note(`${name}: ${trained.loss.toFixed(4)} in ${trained.seconds.toFixed(0)} s`);
    return trained;
  }
}

async function train(
  preset: PresetName,
  change: { seed?: number; steps?: number },
  file: string,
  out: string,
): Promise<Trained> {
  // The peer neither measures nor samples while it trains.
  const quiet = preset === "nanogpt-cpu" ? { validation: { every: 1e9, batches: 1 }, checkpoint: { every: 1e9 } } : {};
  const settings = { ...presets[preset], ...change, ...quiet, samples: { every: 0 } };
  const config = parsePretrainConfig(settings, preset);
  const data = await openPretrainData([file], out, config);
  let seconds = Number.NaN;
  const began = performance.now();
  const result = await pretrain(
    { config, data, out, threads: 2 },
    {
      measured: ({ step }) => {
        if (step === config.steps) seconds = (performance.now() - began) / 1000;
      },
    },
  );
  data.dataset.close();
  return { loss: result.validationLoss ?? Number.NaN, seconds };
}

/** Writes the tokens for the peer, too. */
async function baselines(file: string, folder: string): Promise<Row[]> {
  const config = parsePretrainConfig(presets["nanogpt-cpu"], "nanogpt-cpu");
  const { dataset, tokenizer } = await openPretrainData([file], join(folder, "tokens"), config);
  const tokensOf = (row: TokenRow): Int32Array => {
    const tokens = new Int32Array(row.length);
    row.copy(0, row.length, tokens, 0);
    return tokens;
  };
  const [learnt, told] = [tokensOf(dataset.train), tokensOf(dataset.validation)];
  writeFileSync(join(folder, "train.bin"), Uint16Array.from(learnt));
  writeFileSync(join(folder, "validation.bin"), Uint16Array.from(told));
  dataset.close();
  const losses = new Ngram(learnt, tokenizer.vocabSize, 5).losses(told);
  return [
    figure("validation_loss", "bigrams", losses[1] ?? null, "nats/char"),
    figure("validation_loss", "5-grams", losses[4] ?? null, "nats/char"),
  ];
}

function beside(name: string, ours: readonly Trained[], peers: readonly Trained[]): Row[] {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const loss = mean(ours.map((each) => each.loss));
  const seconds = mean(ours.map((each) => each.seconds));
  const peer = "PyTorch, eager";
  if (peers.length === 0)
    return [
      { ...figure("validation_loss", name, loss, "nats/char"), peer, peer_value: null },
      { ...figure("seconds", name, seconds, "s"), peer, peer_value: null },
    ];
  const theirs = mean(peers.map((each) => each.loss));
  const peerSeconds = mean(peers.map((each) => each.seconds));
  return [
    {
      ...figure("validation_loss", name, loss, "nats/char"),
      peer,
      peer_value: theirs,
      goal: "<= peer + 0.01",
      ok: loss <= theirs + 0.01,
    },
    {
      ...figure("seconds", name, seconds, "s"),
      peer,
      peer_value: peerSeconds,
      ratio: peerSeconds / seconds,
      goal: "> 1",
      ok: peerSeconds > seconds,
    },
  ];
}
