/** How the small mind is taught: the settings of its lessons, and of learning from judgments. */
import { type OfflineConfig, openModel, parsePosttrainConfig } from "@candor/training";
import { savePretrained } from "@candor/transformer";
import { mindTokenizer } from "./tokenizer.ts";

/** The first town of the lessons, and how many there are. Those that anything is measured on have other numbers. */
export const FIRST_TOWN = 1000;
export const TOWNS = 160;
const LESSONS = 2600;

/** Rounds of practice after judging: in the second the mind of the first shows what it does then. These towns are its lessons', too. */
export const practiceRounds = (towns = 10): number[][] => {
  const first = Math.ceil(0.6 * towns);
  const all = Array.from({ length: towns }, (_, n) => FIRST_TOWN + n);
  return [all.slice(0, first), all.slice(first)].filter(({ length }) => length > 0);
};

interface Learning {
  /** Of the optimiser; the recipe's own where it is not given. */
  steps?: number | undefined;
  seed: number;
}

/** Imitation of the scout: some two passes over the views of {@link TOWNS} towns. */
export const lessonSettings = ({ steps = LESSONS, seed }: Learning): OfflineConfig =>
  settings({
    algorithm: "sft",
    seed,
    steps,
    batch: 16,
    rate: { kind: "cosine", peak: 1e-3, min: 5e-5, warmup: Math.min(100, Math.floor(steps / 4)) },
    optimiser: { beta2: 0.98, weightDecay: 0.05 },
    validation: { fraction: 0.02, every: 200 },
    checkpoint: { every: 200 },
    log: { every: 20 },
    samples: { every: 0 },
  });

/** Steps with what should have stood in their place ({@link Practice}): most are its own, which holds it near what it was. */
export const practiceSettings = ({ steps, seed }: Learning): OfflineConfig =>
  settings({
    algorithm: "sft",
    ...learnt({ steps, seed }, 3),
    rate: { kind: "linear", peak: 5e-4, min: 0, warmup: 0 },
    validation: { fraction: 0.05, every: 20 },
  });

/** A reward model of the same judgments, for minds that propose several steps and for a watch on any. */
export const rewardSettings = ({ steps, seed }: Learning): OfflineConfig =>
  settings({
    algorithm: "reward",
    ...learnt({ steps, seed }, 12),
    rate: { kind: "linear", peak: 5e-4, min: 0, warmup: 0 },
    validation: { fraction: 0.1, every: 20 },
  });

/** What both parts of learning from judgments share. */
const learnt = ({ steps, seed }: Learning, epochs: number): object => ({
  seed,
  ...(steps === undefined ? { epochs } : { steps }),
  batch: 16,
  checkpoint: { every: 20 },
  log: { every: 5 },
  samples: { every: 0 },
});

function settings(document: object): OfflineConfig {
  const config = parsePosttrainConfig(document, "the small mind");
  if (!("epochs" in config)) throw new RangeError("its lessons are learnt from files");
  return config;
}

/** A training's model as it ships: half the bytes, and the tokenizer beside it. */
export async function writeMind(from: string, to: string): Promise<void> {
  const { config, weights } = await openModel(from);
  await savePretrained(to, { config, weights, tokenizer: mindTokenizer() }, { dtype: "F16" });
}
