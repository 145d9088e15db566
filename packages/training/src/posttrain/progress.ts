/** How far a run of learning came, in its folder: checkpoints, measurements, samples. The same for all its ways. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type ModelConfig, SCORE_HEAD } from "@candor/transformer";
import { z } from "zod";
import { appendLine, type MetricsRecord } from "../metrics/jsonl.ts";
import { lastCheckpoint, readCheckpointFolder, readTrainer, writeCheckpointFolder } from "../run/checkpoints.ts";
import { RunLog } from "../run/run-log.ts";
import { TrainingError } from "../training-error.ts";
import { PosttrainConfig } from "./config.ts";
import type { Learner } from "./learner.ts";
import type { OpenModel } from "./model.ts";
import type { Sample } from "./showing.ts";
import type { Trainee } from "./trainee.ts";

export const PosttrainTrainer = z.object({
  version: z.literal(1),
  /** Steps done. */
  step: z.int().min(0),
  best: z.object({ step: z.int(), loss: z.number() }).nullable(),
  config: PosttrainConfig,
  /** Of the model that it began with. */
  model: z.string(),
  /** Of the judgments, or of what was asked and who judged. */
  data: z.string(),
  /** What moves besides weights: an adaptive coefficient, how scores are scaled. */
  besides: z.record(z.string(), z.number()).default({}),
});
export type PosttrainTrainer = z.output<typeof PosttrainTrainer>;

export interface PosttrainHooks {
  started?(begun: { step: number; steps: number; parameters: number; notes: readonly string[] }): void;
  /** What was written to the metrics. */
  measured?(record: MetricsRecord): void;
  sampled?(step: number, samples: readonly Sample[]): void;
}

export interface ProgressInput {
  out: string;
  resume: boolean;
  config: PosttrainConfig;
  model: OpenModel;
  data: string;
}

export class Progress {
  step = 0;
  best: PosttrainTrainer["best"] = null;
  besides: Record<string, number> = {};
  readonly #given: ProgressInput;
  readonly #log: RunLog;
  #saved = -1;

  private constructor(given: ProgressInput) {
    this.#given = given;
    mkdirSync(given.out, { recursive: true });
    this.#log = new RunLog(given.out);
  }

  /** @throws {TrainingError} when the folder holds another run, or this one and it is not to go on */
  static async begin(given: ProgressInput, learner: Learner): Promise<Progress> {
    const { out, resume, config, model, data } = given;
    const folder = lastCheckpoint(out);
    const trainer = folder === undefined ? undefined : readTrainer(folder, PosttrainTrainer);
    if (trainer && !resume)
      throw new TrainingError(
        `${out} holds a run that came to step ${trainer.step}`,
        "Go on with --resume, or name another folder with --out.",
      );
    if (resume && !trainer)
      throw new TrainingError(`${out} holds no checkpoint to go on from`, "Leave --resume out to begin.");
    const same = ({ log: _, samples: __, ...rest }: PosttrainConfig): string => JSON.stringify(rest);
    if (trainer && same(trainer.config) !== same(config))
      throw new TrainingError(
        `${out} holds a run with another configuration`,
        "Resume it with its own, or name another folder.",
      );
    for (const [what, before, now] of [
      ["from another model", trainer?.model, model.hash],
      ["on other data", trainer?.data, data],
    ])
      if (before !== undefined && before !== now)
        throw new TrainingError(`${out} holds a run ${what}`, "Resume it with the same, or name another folder.");
    const progress = new Progress(given);
    if (folder !== undefined && trainer) {
      const { weights, memory } = await readCheckpointFolder(folder);
      await learner.restore(new Map([...weights, ...memory]));
      progress.step = trainer.step;
      progress.best = trainer.best;
      progress.besides = trainer.besides;
      progress.#saved = trainer.step;
    }
    return progress;
  }

  measured(record: MetricsRecord): void {
    this.#log.append(record);
  }

  sampled(step: number, samples: readonly Sample[]): void {
    appendLine(join(this.#given.out, "samples.jsonl"), { step, samples });
  }

  get isSaved(): boolean {
    return this.#saved === this.step;
  }

  /** @param of whose weights are the model that is kept */
  async save(learner: Learner, of: Trainee, config: ModelConfig, isBest: boolean): Promise<void> {
    const { out, model, data } = this.#given;
    const weights = await learner.weights(of);
    // A policy that carries the value's head says what it says without it.
    if (!config.scored) weights.delete(SCORE_HEAD);
    const state = await learner.state();
    const trainer: PosttrainTrainer = {
      version: 1,
      step: this.step,
      best: this.best,
      config: this.#given.config,
      model: model.hash,
      data,
      besides: this.besides,
    };
    const memory = new Map([...state].filter(([name]) => !weights.has(name) || !of.parameters.has(name)));
    const saved = { config, weights, tokenizer: model.tokenizer };
    await writeCheckpointFolder(out, { step: this.step, model: saved, memory, trainer }, isBest);
    this.#saved = this.step;
  }

  close(): void {
    this.#log.close();
  }
}

/** How far a run in a folder came; `undefined` where there is none. */
export function readPosttrainProgress(out: string): PosttrainTrainer | undefined {
  const folder = lastCheckpoint(out);
  return folder === undefined ? undefined : readTrainer(folder, PosttrainTrainer);
}
