/** Learning from a file of judgments: SFT, reward models, DPO, IPO and KTO. */
import type { MetricsRecord } from "../metrics/jsonl.ts";
import { scheduleFor } from "../run/settings.ts";
import { learningRate } from "../schedule/schedule.ts";
import { TrainingError } from "../training-error.ts";
import type { BatchShape } from "./completions.ts";
import type { OfflineConfig } from "./config.ts";
import { atRandom } from "./data/dawid-skene.ts";
import { fileHash, rowsAt } from "./data/examples.ts";
import { Learner } from "./learner.ts";
import { type Method, methodFor } from "./methods.ts";
import type { OpenModel } from "./model.ts";
import { Observer } from "./observer.ts";
import { type PosttrainHooks, type PosttrainTrainer, Progress } from "./progress.ts";
import { show } from "./showing.ts";
import { shapeOf } from "./texts.ts";

export interface OfflineOptions {
  config: OfflineConfig;
  model: OpenModel;
  /** A file of TRL's rows. */
  data: string;
  out: string;
  resume?: boolean;
  threads?: number | undefined;
  /** Ends the run after the step that is being done, with a checkpoint. */
  signal?: AbortSignal | undefined;
}

export interface PosttrainResult {
  step: number;
  stopped: boolean;
  best: PosttrainTrainer["best"];
  /** The last that was measured on rows that nothing is learnt from. */
  evaluation: Record<string, number>;
}

export async function trainOffline(options: OfflineOptions, hooks: PosttrainHooks = {}): Promise<PosttrainResult> {
  const { config, model, data, out, resume = false, threads, signal } = options;
  await using method = await methodFor({ config, model, data, threads });
  const { learnt, shapes, together } = method;
  const [full] = shapes.slice(-1) as [BatchShape];
  if (method.train === 0)
    throw new TrainingError(`${data}: no row is left to learn from`, "Lower validation.fraction.");
  const given = { batch: full.batch, together, threads };
  const [smallest, ...others] = shapes;
  const objectives = [method.objective(smallest), ...others.map((shape) => method.objective(shape))] as const;
  await using learner = await Learner.create({ ...given, objectives, trainees: [learnt], optimiser: config.optimiser });
  await using observer = await Observer.create({
    ...given,
    objective: method.objective(full),
    width: learnt.config.width,
  });
  const progress = await Progress.begin({ out, resume, config, model, data: fileHash(data) }, learner);
  const steps = config.steps ?? Math.max(1, Math.round((config.epochs * method.train) / config.batch));
  const schedule = scheduleFor(config.rate, steps);
  try {
    let size = 0;
    for (const { size: each } of learnt.parameters.values()) size += each;
    hooks.started?.({ step: progress.step, steps, parameters: size, notes: notesOn(method) });
    const speaks = config.algorithm !== "reward" && config.samples.every > 0;
    const first = progress.step;
    let [busy, evaluation]: [number, Record<string, number>] = [0, {}];
    if (speaks && first === 0) await sample(options, method, learner, progress, hooks);
    while (progress.step < steps && !signal?.aborted) {
      const began = performance.now();
      const rate = learningRate(schedule, progress.step);
      const rows = rowsAt(method.train, config.batch, progress.step, config.seed);
      const shape = learner.shapes === 1 ? 0 : shapeOf(method.texts("train", rows), shapes);
      const feeds = await method.feeds("train", rows, learner, shapes.at(-1 - shape) as BatchShape);
      const told = await learner.step(feeds, rate, shape);
      busy += performance.now() - began;
      progress.step++;
      const now = progress.step;
      const due = (every: number): boolean => now % every === 0 || now === steps;
      const looks = method.validation > 0 && due(config.validation.every);
      if (looks) evaluation = await evaluated(method, learner, observer, config.batch);
      const loss = evaluation.eval_loss;
      const isBest = looks && loss !== undefined && (progress.best === null || loss < progress.best.loss);
      if (isBest) progress.best = { step: now, loss };
      if (looks || due(config.log.every)) {
        const pace = busy / 1000 / (now - first);
        const record: MetricsRecord = {
          ...told,
          ...(looks && evaluation),
          step: now,
          rate,
          steps_per_second: 1 / pace,
          seconds_left: (steps - now) * pace,
          memory_mb: process.memoryUsage.rss() / 1e6,
        };
        progress.measured(record);
        hooks.measured?.(record);
      }
      if (isBest || due(config.checkpoint.every)) await progress.save(learner, learnt, method.config, isBest);
      if (speaks && due(config.samples.every)) await sample(options, method, learner, progress, hooks);
    }
    if (!progress.isSaved) await progress.save(learner, learnt, method.config, false);
    return { step: progress.step, stopped: progress.step < steps, best: progress.best, evaluation };
  } finally {
    progress.close();
  }
}

/** What a person should know before the run: raters who tell nothing, rows that do not fit. */
function notesOn({ train, validation, left, raters }: Method): string[] {
  const notes = [
    `${train} rows to learn from, ${validation} to look at${left > 0 ? `; ${left} do not fit the model` : ""}`,
  ];
  for (const [name, { sensitivity, specificity, judged }] of raters ?? [])
    notes.push(
      `rater ${name}: calls ${(100 * sensitivity).toFixed(0)} % of the good good and ${(100 * specificity).toFixed(0)} % of the bad bad (${judged} judged)`,
    );
  for (const name of raters ? atRandom(raters) : [])
    notes.push(`rater ${name} answers about at random: hardly counted`);
  return notes;
}

/** Means over all rows that nothing is learnt from, each row the same. */
async function evaluated(
  method: Method,
  learner: Learner,
  observer: Observer,
  batch: number,
): Promise<Record<string, number>> {
  await observer.hold(await learner.parameters(method.learnt));
  const sums: Record<string, number> = {};
  for (let from = 0; from < method.validation; from += batch) {
    const rows = Array.from({ length: Math.min(batch, method.validation - from) }, (_, n) => from + n);
    const told = await observer.observe(
      await method.feeds("validation", rows, learner, method.shapes.at(-1) as BatchShape),
    );
    for (const [name, value] of Object.entries(told)) sums[name] = (sums[name] ?? 0) + value * rows.length;
  }
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [`eval_${name}`, sum / method.validation]));
}

async function sample(
  { config: { samples, seed }, model }: OfflineOptions,
  method: Method,
  learner: Learner,
  progress: Progress,
  hooks: PosttrainHooks,
): Promise<void> {
  const asked = samples.prompts.map((prompt) => model.tokenizer.encode(prompt, { added: "text" }));
  const shown = await show(await learner.weights(method.learnt), {
    decoder: method.learnt.config,
    tokenizer: model.tokenizer,
    end: model.end,
    tokens: samples.tokens,
    temperature: samples.temperature,
    prompts: asked.length > 0 ? asked : method.prompts.slice(0, 4),
    seed,
  });
  progress.sampled(progress.step, shown);
  hooks.sampled?.(progress.step, shown);
}
