/** The loop of pretraining: steps, measurements, samples and checkpoints, each a function of the seed and the step. */
import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Feed, StatefulSession } from "@candor/graph";
import type { DecoderConfig } from "@candor/transformer";
import { type Batch, checkLength, makeBatch, randomBatch } from "../data/batches.ts";
import { appendLine, type MetricsRecord } from "../metrics/jsonl.ts";
import { hash32 } from "../random.ts";
import { RunLog } from "../run/run-log.ts";
import { learningRate } from "../schedule/schedule.ts";
import { openShared, waysOf } from "../step/threads.ts";
import { TrainingError } from "../training-error.ts";
import { type Checkpoint, readLast, type Trainer, writeCheckpoint } from "./checkpoint.ts";
import { decoderOf, type PretrainConfig, scheduleOf } from "./config.ts";
import type { PretrainData } from "./data.ts";
import { Divergence } from "./divergence.ts";
import { initialWeights } from "./initial-weights.ts";
import { checkMemory, estimateMemory, type MemoryEstimate } from "./memory.ts";
import { copyWeights, Evaluator, sharedWeights, type WeightValues } from "./model-view.ts";
import { Sampler } from "./sampler.ts";
import { parallelTrainingStep, type StepOptions, trainingStep } from "./step.ts";

export interface PretrainOptions {
  config: PretrainConfig;
  data: PretrainData;
  /** Metrics and checkpoints go there. */
  out: string;
  /** Go on from the last checkpoint in `out`. */
  resume?: boolean;
  /** As many as the processor has where none is given. */
  threads?: number;
  /** Ends the run after the step that is being done, with a checkpoint. */
  signal?: AbortSignal;
}

export interface Started {
  step: number;
  decoder: DecoderConfig;
  memory: MemoryEstimate;
}

export interface PretrainHooks {
  started?(begun: Started): void;
  /** What was written to the metrics. */
  measured?(record: MetricsRecord): void;
  sampled?(step: number, samples: readonly { prompt: string; text: string }[]): void;
}

export interface PretrainResult {
  /** Steps done. */
  step: number;
  stopped: boolean;
  /** Nats a token over the whole validation split; `undefined` where the run was stopped. */
  validationLoss: number | undefined;
  best: Trainer["best"];
  decoder: DecoderConfig;
  weights: WeightValues;
}

/** @throws {TrainingError} when the data, the memory or the disk does not do, and when the loss diverges */
export async function pretrain(options: PretrainOptions, hooks: PretrainHooks = {}): Promise<PretrainResult> {
  const { config, data, out, threads, signal } = options;
  const decoder = decoderOf(config, data.tokenizer.vocabSize);
  const before = await startingPoint(options, decoder);
  const ways = before?.trainer.ways ?? waysOf(decoder, config.batch, threads ?? availableParallelism());
  const memory = estimateMemory(decoder, config.batch, decoder.context, config.accumulate, ways);
  checkMemory(memory);
  for (const row of [data.dataset.train, data.dataset.validation]) checkLength(row, decoder.context);
  mkdirSync(out, { recursive: true });
  await using session = await openStep(stepOptions(config, decoder), decoder, ways, threads);
  await using evaluator = await Evaluator.create(decoder, threads);
  for (const [name, values] of before?.state ?? initialWeights(decoder, config.seed))
    await session.setState(name, values);
  const run = new Run(config, data, out, session, evaluator, decoder, ways, before?.trainer);
  try {
    hooks.started?.({ step: run.step, decoder, memory });
    return await run.finish(hooks, signal, threads);
  } finally {
    run.close();
  }
}

function stepOptions(
  { batch, accumulate, dropout, optimiser }: PretrainConfig,
  { context }: DecoderConfig,
): StepOptions {
  const { muon, ...same } = optimiser;
  return {
    ...same,
    batch,
    accumulate,
    dropout,
    time: context,
    ...(muon !== undefined && { muon: { momentum: 0.95 } }),
  };
}

export function openStep(
  options: StepOptions,
  decoder: DecoderConfig,
  ways: number,
  threads?: number,
): Promise<StatefulSession> {
  return openShared(
    ways,
    { alone: () => trainingStep(decoder, options), shared: (count) => parallelTrainingStep(decoder, options, count) },
    threads,
  );
}

async function startingPoint(
  { out, resume, config, data }: PretrainOptions,
  decoder: DecoderConfig,
): Promise<Checkpoint | undefined> {
  const last = await readLast(out, () => decoder);
  if (!last) return undefined;
  if (!resume)
    throw new TrainingError(
      `${out} holds a run that came to step ${last.trainer.step}`,
      "Go on with --resume, or name another folder with --out.",
    );
  const { trainer } = last;
  const same = ({ log: _, samples: __, ...rest }: PretrainConfig): string => JSON.stringify(rest);
  if (same(trainer.config) !== same(config))
    throw new TrainingError(
      `${out} holds a run with another configuration`,
      "Resume it with its own, or name another folder.",
    );
  if (trainer.data !== data.dataset.summary.recipe)
    throw new TrainingError(`${out} holds a run on other data`, "Resume it with the same, or name another folder.");
  return last;
}

class Run {
  step: number;
  #best: Trainer["best"];
  #saved: number;
  readonly #config: PretrainConfig;
  readonly #data: PretrainData;
  readonly #out: string;
  readonly #session: StatefulSession;
  readonly #evaluator: Evaluator;
  readonly #decoder: DecoderConfig;
  readonly #ways: number;
  readonly #weights: WeightValues;
  readonly #batch: Batch;
  readonly #log: RunLog;
  readonly #divergence = new Divergence();

  constructor(
    config: PretrainConfig,
    data: PretrainData,
    out: string,
    session: StatefulSession,
    evaluator: Evaluator,
    decoder: DecoderConfig,
    ways: number,
    before: Trainer | undefined,
  ) {
    this.#config = config;
    this.#data = data;
    this.#out = out;
    this.#session = session;
    this.#evaluator = evaluator;
    this.#decoder = decoder;
    this.#ways = ways;
    this.#weights = sharedWeights(decoder);
    this.#batch = makeBatch(config.batch, decoder.context);
    this.step = before?.step ?? 0;
    this.#best = before?.best ?? null;
    this.#saved = before ? before.step : -1;
    this.#log = new RunLog(out);
  }

  close(): void {
    this.#log.close();
  }

  async finish(
    hooks: PretrainHooks,
    signal: AbortSignal | undefined,
    threads: number | undefined,
  ): Promise<PretrainResult> {
    const { steps, log, validation, checkpoint, samples } = this.#config;
    const first = this.step;
    let busy = 0;
    while (this.step < steps && !signal?.aborted) {
      const began = performance.now();
      const { loss, norm, rate } = await this.#advance();
      busy += performance.now() - began;
      this.#divergence.check(this.step, loss);
      const now = this.step;
      const due = (every: number): boolean => now % every === 0 || now === steps;
      const evaluated = due(validation.every) ? await this.#validate() : undefined;
      if (due(log.every) || evaluated !== undefined || now === 1) {
        const pace = busy / 1000 / (now - first);
        const record: MetricsRecord = {
          step: now,
          loss,
          gradient_norm: norm,
          rate,
          tokens_per_second: (this.#config.batch * this.#config.accumulate * this.#decoder.context) / pace,
          memory_mb: process.memoryUsage.rss() / 1e6,
          // By the pace so far.
          seconds_left: (steps - now) * pace,
          ...(evaluated && { validation_loss: evaluated.loss }),
        };
        this.#log.append(record);
        hooks.measured?.(record);
      }
      if (due(checkpoint.every) || evaluated?.isBest) await this.#save(evaluated?.isBest ?? false);
      if (samples.every > 0 && due(samples.every)) await this.#sample(threads, hooks);
    }
    const stopped = this.step < steps;
    if (this.#saved !== this.step) await this.#save(false);
    await copyWeights(this.#session, this.#weights);
    const validationLoss = stopped
      ? undefined
      : await this.#evaluator.loss(this.#weights, this.#data.dataset.validation, "all");
    return {
      step: this.step,
      stopped,
      validationLoss,
      best: this.#best,
      decoder: this.#decoder,
      weights: this.#weights,
    };
  }

  /** One step of the optimiser, of one batch or several. */
  async #advance(): Promise<{ loss: number; norm: number; rate: number }> {
    const { accumulate, seed, optimiser, dropout, rate: course } = this.#config;
    const rate = learningRate(scheduleOf(this.#config), this.step);
    let [loss, norm] = [0, 0];
    for (let part = 0; part < accumulate; part++) {
      const number = this.step * accumulate + part;
      randomBatch(this.#data.dataset.train, seed, number, this.#batch);
      const feeds: Record<string, Feed> = {
        tokens: this.#batch.inputs,
        targets: this.#batch.targets,
        rate: [rate],
        ...(optimiser.muon !== undefined && { muon_rate: [(rate / course.peak) * optimiser.muon] }),
        ...(accumulate > 1 && { last: [part === accumulate - 1 ? 1 : 0] }),
        ...(dropout > 0 && { dropout_key: BigInt64Array.of(BigInt(hash32(seed, number)) << 16n) }),
      };
      const result = await this.#session.run(feeds);
      loss += Number(result.loss?.[0]) / accumulate;
      norm = Number(result.gradient_norm?.[0]);
    }
    this.step++;
    return { loss, norm, rate };
  }

  async #validate(): Promise<{ loss: number; isBest: boolean }> {
    await copyWeights(this.#session, this.#weights);
    const { dataset } = this.#data;
    const loss = await this.#evaluator.loss(this.#weights, dataset.validation, this.#config.validation.batches, {
      seed: this.#config.seed,
    });
    const isBest = this.#best === null || loss < this.#best.loss;
    if (isBest) this.#best = { step: this.step, loss };
    return { loss, isBest };
  }

  async #save(isBest: boolean): Promise<void> {
    const state = new Map<
      string,
      { shape: readonly number[]; values: Awaited<ReturnType<StatefulSession["state"]>> }
    >();
    for (const [name, { shape }] of Object.entries(this.#session.program.state))
      state.set(name, { shape, values: await this.#session.state(name) });
    const { dataset, tokenizer, endOfText } = this.#data;
    const data = dataset.summary.recipe;
    const trainer: Trainer = {
      version: 1,
      step: this.step,
      best: this.#best,
      config: this.#config,
      data,
      ways: this.#ways,
    };
    await writeCheckpoint(this.#out, { trainer, decoder: this.#decoder, tokenizer, endOfText, state }, isBest);
    this.#saved = this.step;
  }

  async #sample(threads: number | undefined, hooks: PretrainHooks): Promise<void> {
    const { prompts, tokens, temperature } = this.#config.samples;
    await copyWeights(this.#session, this.#weights);
    const { tokenizer, endOfText: end } = this.#data;
    await using sampler = await Sampler.create(this.#decoder, prompts.length, threads);
    const said = await sampler.sample(
      this.#weights,
      prompts.map((prompt) => tokenizer.encode(prompt)),
      { tokens, temperature, seed: hash32(this.#config.seed, this.step), end },
    );
    const samples = prompts.map((prompt, n) => ({ prompt, text: tokenizer.decode(said[n] ?? []) }));
    appendLine(join(this.#out, "samples.jsonl"), { step: this.step, samples });
    hooks.sampled?.(this.step, samples);
  }
}
