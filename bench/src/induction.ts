/** Induction heads form in a model of two layers of attention: when, which, and what it is without them (Olsson et al. 2022, arXiv 2209.11895). */
import { type HeadScore, headScores, Lens } from "@candor/lens";
import { initialWeights, openStep, Random, waysOf } from "@candor/training";
import type { DecoderConfig } from "@candor/transformer";
import { type Bench, figure, goal, numbers, option, type Row } from "./bench.ts";
import { interval } from "./student.ts";

const VOCAB = 64;
/** Begins each row. */
const FIRST = VOCAB;
const TIME = 64;
const CONFIG: DecoderConfig = {
  ...{ layers: 2, heads: 4, kvHeads: 4, headDim: 32, width: 128, mlpWidth: 0, vocab: VOCAB + 1, context: TIME },
  positions: { kind: "learned" },
  norm: { kind: "layer", epsilon: 1e-5, bias: true },
  ...{ normPlacement: "pre", parallelResidual: false, activation: "gelu", gated: false, qkNorm: false, tied: false },
  biases: { qkv: true, o: true, mlp: false },
};
const BATCH = 64;
const STEPS = 1500;
const LOOK_EVERY = 25;
/** Periods after which a row repeats itself; as they vary, no fixed distance will do. */
const PERIODS = [8, 28] as const;
const THREADS = 2;

export const induction: Bench = {
  name: "induction",
  description:
    "induction heads in two layers of attention trained here: jump, prefix matching, ablation (--seeds 1,2,3 --steps N)",
  duration: "5 min",
  run: async ({ args, note }) => {
    const seeds = numbers(option(args, "seeds") ?? "1,2,3");
    const steps = Number(option(args, "steps") ?? STEPS);
    const told: Told[] = [];
    for (const seed of seeds) {
      const one = await formed(seed, steps, note);
      told.push(one);
      note(
        `seed ${seed}: induction ${one.best.induction.toFixed(3)} by head ${one.best.layer}.${one.best.head}, previous token ${one.previous.previousToken.toFixed(3)} by ${one.previous.layer}.${one.previous.head}`,
      );
    }
    const over = (metric: string, name: string, of: (each: Told) => number, wanted?: string): Row => {
      const { mean, half } = interval(told.map(of));
      const labelled = Number.isNaN(half) ? name : `${name} ± ${half.toFixed(3)}`;
      return wanted ? goal(metric, labelled, mean, wanted) : figure(metric, labelled, mean);
    };
    return [
      ...told.map(({ best }, n) => goal("best_prefix_matching", `seed ${seeds[n]}`, best.induction, ">= 0.9")),
      over("best_previous_token", "first layer", ({ previous }) => previous.previousToken),
      over("jump_began", "steps until a tenth of the gain in context", ({ jump }) => jump[0]),
      over("jump_ended", "steps until nine tenths of it", ({ jump }) => jump[1]),
      over("loss", "what is said first", ({ first }) => first),
      over("loss", "what comes again", ({ again }) => again),
      over("loss_when_ablated", "what comes again, without induction heads", ({ without }) => without.induction),
      over("loss_when_ablated", "what comes again, without the previous-token head", ({ without }) => without.previous),
      over("loss_when_ablated", "what comes again, without as many other heads", ({ without }) => without.others),
    ];
  },
};

interface Told {
  best: HeadScore;
  previous: HeadScore;
  /** Nats a token on fresh rows. */
  first: number;
  again: number;
  /** On what comes again, heads' outputs set to their mean. */
  without: Record<"induction" | "previous" | "others", number>;
  jump: readonly [number, number];
}

/** A head that scores so much attends by induction. */
const IS_INDUCTION = 0.4;

async function formed(seed: number, steps: number, note: (line: string) => void): Promise<Told> {
  const ways = waysOf(CONFIG, BATCH, THREADS);
  const options = { batch: BATCH, time: TIME - 1, beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 0.01, clip: 1 };
  const session = await openStep(options, CONFIG, ways, THREADS);
  try {
    for (const [name, values] of initialWeights(CONFIG, seed)) await session.setState(name, values);
    const fresh = rowsOf(seed, 1_000_000, 64);
    const course: { step: number; gain: number }[] = [];
    const look = async (): Promise<Lens> => {
      const weights = new Map<string, Float32Array>();
      for (const name of initialWeights(CONFIG, seed).keys())
        weights.set(name, Float32Array.from((await session.state(name)) as Float32Array));
      return new Lens(CONFIG, weights, { threads: THREADS });
    };
    for (let step = 0; step <= steps; step++) {
      if (step % LOOK_EVERY === 0) {
        await using lens = await look();
        const { first, again } = await lossOf(lens, fresh);
        course.push({ step, gain: first - again });
        if (step % 250 === 0) note(`seed ${seed}, step ${step}: first ${first.toFixed(3)}, again ${again.toFixed(3)}`);
      }
      const rows = rowsOf(seed, step, BATCH).map(({ tokens }) => tokens);
      await session.run({
        tokens: BigInt64Array.from(
          rows.flatMap((row) => row.slice(0, -1)),
          BigInt,
        ),
        targets: BigInt64Array.from(
          rows.flatMap((row) => row.slice(1)),
          BigInt,
        ),
        rate: [1e-3 * Math.min(1, (step + 1) / 50)],
      });
    }
    await using lens = await look();
    return { ...(await examined(lens, fresh)), jump: jumpOf(course) };
  } finally {
    await session.close();
  }
}

interface Repeating {
  tokens: number[];
  period: number;
}

function rowsOf(seed: number, step: number, count: number): Repeating[] {
  const random = new Random(seed, step);
  return Array.from({ length: count }, () => {
    const period = PERIODS[0] + random.below(PERIODS[1] - PERIODS[0] + 1);
    const once = Array.from({ length: period }, () => random.below(VOCAB));
    const tokens = [FIRST, ...Array.from({ length: TIME - 1 }, (_, n) => once[n % period] as number)];
    return { tokens, period };
  });
}

type Edits = NonNullable<Parameters<Lens["run"]>[1]>["edits"];

async function lossOf(
  lens: Lens,
  rows: readonly Repeating[],
  edits: NonNullable<Edits> = [],
): Promise<{ first: number; again: number }> {
  const { logits } = await lens.run(
    rows.map(({ tokens }) => tokens),
    { edits },
  );
  const sums = { first: 0, again: 0 };
  const counts = { first: 0, again: 0 };
  for (const [row, { tokens, period }] of rows.entries())
    for (let at = 0; at + 1 < TIME; at++) {
      const line = logits.subarray((row * TIME + at) * CONFIG.vocab, (row * TIME + at + 1) * CONFIG.vocab);
      const top = Math.max(...line);
      const total = line.reduce((sum, x) => sum + Math.exp(x - top), 0);
      // Only after its first token came again is it known what comes next.
      const when = at > period ? "again" : "first";
      sums[when] += top + Math.log(total) - (line[tokens[at + 1] as number] as number);
      counts[when]++;
    }
  return { first: sums.first / counts.first, again: sums.again / counts.again };
}

async function examined(lens: Lens, rows: readonly Repeating[]): Promise<Omit<Told, "jump">> {
  const tokens = rows.map((row) => row.tokens);
  const scores = await headScores(lens, tokens);
  const best = scores.reduce((a, b) => (b.induction > a.induction ? b : a));
  const previous = scores
    .filter(({ layer }) => layer === 0)
    .reduce((a, b) => (b.previousToken > a.previousToken ? b : a));
  const inductive = scores.filter(({ layer, induction: score }) => layer === 1 && score >= IS_INDUCTION);
  const others = scores.filter((each) => !inductive.includes(each) && each !== previous).slice(-inductive.length);
  const { cache } = await lens.run(tokens, { read: ["blocks.0.attn.hook_z", "blocks.1.attn.hook_z"] });
  const without = async (heads: readonly HeadScore[]): Promise<number> => {
    const edits = heads.map(({ layer, head }) => {
      const at = `blocks.${layer}.attn.hook_z`;
      return { at, heads: [head], to: meanRow(cache.at(at).values, rows.length) };
    });
    return (await lossOf(lens, rows, edits)).again;
  };
  return {
    ...{ best, previous },
    ...(await lossOf(lens, rows)),
    without: {
      induction: await without(inductive),
      previous: await without([previous]),
      others: await without(others),
    },
  };
}

/** Of a place's rows. */
function meanRow(values: Float32Array, rows: number): Float32Array {
  const size = values.length / rows;
  const mean = new Float32Array(size);
  for (const [n, value] of values.entries()) mean[n % size] = (mean[n % size] as number) + value / rows;
  return mean;
}

/** Steps at which the gain has come a tenth and nine tenths of its way. */
function jumpOf(course: readonly { step: number; gain: number }[]): readonly [number, number] {
  const last = course.at(-1)?.gain ?? Number.NaN;
  const when = (share: number): number => course.find(({ gain }) => gain >= share * last)?.step ?? Number.NaN;
  return [when(0.1), when(0.9)];
}
