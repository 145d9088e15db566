/** A network learns to add modulo p, first by heart and then by rotations, which are found in it and written anew (Nanda et al. 2023). */
import { writeFile } from "node:fs/promises";
import {
  addByRotations,
  answersOf,
  fitFormula,
  keyFrequencies,
  Lens,
  linesPicture,
  lossOn,
  progressMeasures,
  type SaidOfPairs,
} from "@candor/lens";
import { type Bench, figure, goal, numbers, option, type Row } from "./bench.ts";
import { configOf, dividePairs, openLearner } from "./grokking-model.ts";
import { interval } from "./student.ts";

const MODULUS = 113;
const STEPS = 12_000;
const LOOK_EVERY = 200;
const THREADS = 2;

interface Learnt {
  seed: number;
  seconds: number;
  frequencies: number[];
  ofAFrequency: number;
  accuracy: number;
  rSquared: number;
  agreement: number;
  course: Look[];
}

interface Look {
  step: number;
  train: number;
  test: number;
  restricted: number;
  excluded: number;
}

export const grokking: Bench = {
  name: "grokking",
  description:
    "addition modulo 113 learnt, taken apart and written anew (--seeds 1,2,3 --modulus P --steps N --plot FILE.svg)",
  duration: "20 min",
  run: async ({ args, note }) => {
    const seeds = numbers(option(args, "seeds") ?? "1,2,3");
    const modulus = Number(option(args, "modulus") ?? MODULUS);
    const steps = Number(option(args, "steps") ?? STEPS);
    const all: Learnt[] = [];
    for (const seed of seeds) all.push(await learnt(modulus, seed, steps, note));
    const plot = option(args, "plot");
    if (plot && all[0]) await writeFile(plot, pictureOf(all[0], modulus));
    const { mean, half } = interval(all.map(({ rSquared }) => rSquared));
    return [
      ...all.flatMap(({ seed, ...one }): Row[] => [
        goal("reimplemented_agreement", `seed ${seed}`, one.agreement, ">= 0.99"),
        figure("formula_r_squared", `seed ${seed}`, one.rSquared),
        figure("key_frequencies", `seed ${seed}: ${one.frequencies.join(", ")}`, one.frequencies.length),
        figure("neurons_of_one_frequency", `seed ${seed}`, one.ofAFrequency),
        figure("accuracy", `seed ${seed}, all pairs`, one.accuracy),
        figure("memorised_at", `seed ${seed}`, whenBelow(one.course, "train"), "steps"),
        figure("generalised_at", `seed ${seed}`, whenBelow(one.course, "test"), "steps"),
        figure("seconds", `seed ${seed}`, one.seconds, "s"),
      ]),
      goal("formula_r_squared", `mean ± ${half.toFixed(3)}`, mean, ">= 0.95"),
    ];
  },
};

/** Nats below which pairs count as known. */
const KNOWN = 0.01;
const whenBelow = (course: readonly Look[], which: "train" | "test"): number | null =>
  course.find((look) => look[which] < KNOWN)?.step ?? null;

async function learnt(modulus: number, seed: number, steps: number, note: (line: string) => void): Promise<Learnt> {
  const config = configOf(modulus);
  const { shown, hidden } = dividePairs(modulus, seed);
  const kept: { step: number; weights: Map<string, Float32Array> }[] = [];
  const begun = performance.now();
  {
    await using learner = await openLearner(modulus, seed, shown, THREADS);
    for (let step = 0; step <= steps; step++) {
      if (step % LOOK_EVERY === 0) kept.push({ step, weights: await learner.weights() });
      if (step < steps) await learner.step();
      if (step % 2000 === 0) note(`seed ${seed}, step ${step}, ${((performance.now() - begun) / 1000).toFixed(0)} s`);
    }
  }
  const seconds = (performance.now() - begun) / 1000;
  const { said, neurons } = await heard(config, kept.at(-1)?.weights ?? new Map(), modulus, true);
  const { frequencies, ofAFrequency } = keyFrequencies(modulus, neurons);
  const { coefficients, rSquared } = fitFormula(said, frequencies);
  const answers = answersOf(said);
  const anew = answers.map((_, pair) =>
    addByRotations(Math.floor(pair / modulus), pair % modulus, modulus, coefficients),
  );
  const course: Look[] = [];
  for (const { step, weights } of kept) {
    const { said: then } = await heard(config, weights, modulus, false);
    const { restrictedLoss, excludedLoss } = progressMeasures(then, frequencies, shown);
    course.push({
      step,
      train: lossOn(then.logits, modulus, shown),
      test: lossOn(then.logits, modulus, hidden),
      restricted: restrictedLoss,
      excluded: excludedLoss,
    });
  }
  const share = (isRight: (pair: number) => boolean): number =>
    answers.filter((_, pair) => isRight(pair)).length / answers.length;
  const one = {
    ...{ seed, seconds, frequencies, ofAFrequency, rSquared, course },
    accuracy: share((pair) => answers[pair] === (Math.floor(pair / modulus) + (pair % modulus)) % modulus),
    agreement: share((pair) => answers[pair] === anew[pair]),
  };
  const end = course.at(-1);
  note(
    `seed ${seed}: frequencies ${frequencies.join(", ")}; train ${end?.train.toExponential(1)}, test ${end?.test.toExponential(1)}; formula ${rSquared.toFixed(3)}`,
  );
  return one;
}

async function heard(
  config: ReturnType<typeof configOf>,
  weights: ReadonlyMap<string, Float32Array>,
  modulus: number,
  withNeurons: boolean,
): Promise<{ said: SaidOfPairs; neurons: Float32Array }> {
  await using lens = new Lens(config, weights, { threads: THREADS });
  const post = "blocks.0.mlp.hook_post";
  const logits = new Float32Array(modulus ** 3);
  const neurons = new Float32Array(withNeurons ? modulus ** 2 * config.mlpWidth : 0);
  // One first number at a time: as many rows as there are second ones.
  for (let a = 0; a < modulus; a++) {
    const rows = Array.from({ length: modulus }, (_, b) => [a, b, modulus]);
    const { logits: all, cache } = await lens.run(rows, { read: withNeurons ? [post] : [] });
    for (let b = 0; b < modulus; b++) {
      const pair = a * modulus + b;
      const from = (b * 3 + 2) * config.vocab;
      logits.set(all.subarray(from, from + modulus), pair * modulus);
      if (withNeurons) {
        const first = (b * 3 + 2) * config.mlpWidth;
        neurons.set(cache.at(post).values.subarray(first, first + config.mlpWidth), pair * config.mlpWidth);
      }
    }
  }
  return { said: { modulus, logits }, neurons };
}

const pictureOf = ({ course, seed }: Learnt, modulus: number): string =>
  linesPicture(
    (["train", "test", "restricted", "excluded"] as const).map((name) => ({
      name,
      points: course.map((look) => [look.step, look[name]] as const),
    })),
    {
      title: `Addition modulo ${modulus}, seed ${seed}: learnt by heart, then by rotations`,
      ...{ x: "steps", y: "loss, nats", logarithmic: true },
    },
  );
