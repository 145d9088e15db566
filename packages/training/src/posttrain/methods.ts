/** Every way of learning from a file of judgments, as examples, an objective and what it is fed. */
import type { Feed } from "@candor/graph";
import { type DecoderConfig, type ModelConfig, SCORE_HEAD } from "@candor/transformer";
import { Random } from "../random.ts";
import type { Objective } from "../step/step.ts";
import { TrainingError } from "../training-error.ts";
import { meanOf, sumOf } from "./advantages.ts";
import type { BatchShape } from "./completions.ts";
import type { OfflineConfig } from "./config.ts";
import type { Reliability } from "./data/dawid-skene.ts";
import { completionsIn, heldOut, type Judged, judgedIn, type Pair, pairsIn } from "./data/examples.ts";
import { formOf } from "./data/rows.ts";
import type { Learner } from "./learner.ts";
import type { OpenModel } from "./model.ts";
import {
  ktoObjective,
  pairsObjective,
  preferenceObjective,
  sftObjective,
  verdictsObjective,
} from "./objectives/objectives.ts";
import { packed, packedFeeds, packedShape } from "./packing.ts";
import { Reader } from "./reader.ts";
import { perText, shapeFor, shapesFor, type TokenText, textFeeds, tokenRows, tokenWeights } from "./texts.ts";
import { type Trainee, trainee, type WeightMap } from "./trainee.ts";

export interface Method extends AsyncDisposable {
  /** Rows to learn from, and rows to look at. */
  train: number;
  validation: number;
  /** Rows of the file that did not fit the model. */
  left: number;
  raters?: ReadonlyMap<string, Reliability> | undefined;
  learnt: Trainee;
  /** For batches of these shapes, the largest last. */
  objective(shape: BatchShape): Objective;
  shapes: readonly [BatchShape, ...BatchShape[]];
  /** Rows of the batch that must stay on one thread. */
  together: number;
  /** Of the model that comes of it. */
  config: ModelConfig;
  /** Prompts of the file, to show what is learnt. */
  prompts: readonly (readonly number[])[];
  /** @param rows places among those to learn from, or to look at; no more than a batch */
  feeds(
    side: "train" | "validation",
    rows: readonly number[],
    learner: Learner,
    shape: BatchShape,
  ): Promise<Record<string, Feed>>;
  /** The same rows' texts. */
  texts(side: "train" | "validation", rows: readonly number[]): TokenText[];
}

export interface MethodInput {
  config: OfflineConfig;
  model: OpenModel;
  /** A file of TRL's rows. */
  data: string;
  threads?: number | undefined;
}

export function methodFor(given: MethodInput): Promise<Method> {
  const { config, data } = given;
  switch (config.algorithm) {
    case "sft":
      return sft(given, config);
    case "dpo":
    case "ipo":
      return preference(given, config);
    case "kto":
      return kto(given, config);
    case "reward":
      return formOf(data) === "preference" ? rewardFromPairs(given, config) : rewardFromVerdicts(given, config);
  }
}

type Of<A extends OfflineConfig["algorithm"]> = Extract<OfflineConfig, { algorithm: A }>;

const nothing = async (): Promise<void> => undefined;
const speakerOf = ({ tokenizer, end, config }: OpenModel) => ({ tokenizer, end, context: config.decoder.context });
const ones = ({ completion }: TokenText): number[] => Array<number>(completion.length).fill(1);
const lengths = (texts: readonly TokenText[]): number[] => texts.map(({ completion }) => completion.length);
const distinct = (texts: readonly TokenText[]): number[][] =>
  [...new Map(texts.map(({ prompt }) => [prompt.join(), [...prompt]])).values()].slice(0, 64);

async function sft({ config, model, data }: MethodInput, own: Of<"sft">): Promise<Method> {
  const { lora, seed, packing } = own;
  const { rows, left } = completionsIn(data, speakerOf(model));
  const { decoder } = model.config;
  // A row that is not packed is a row of one text.
  const groups = packing ? packed(rows, decoder.context) : rows.map((row) => [row]);
  const sides = heldOut(groups, config.validation.fraction, seed);
  const shapes: Method["shapes"] = packing ? [packedShape(groups, config.batch)] : shapesFor(groups, config.batch);
  const learnt = trainee(decoder, model.weights, { adapter: lora, seed });
  const some = (side: keyof typeof sides, places: readonly number[]): TokenText[][] =>
    places.map((n) => sides[side][n] as TokenText[]);
  return {
    ...{ train: sides.train.length, validation: sides.validation.length, left, learnt, shapes, together: 1 },
    config: model.config,
    prompts: distinct(rows),
    objective: (shape) => sftObjective(learnt, shape, { packing }),
    texts: (side, places) => some(side, places).flat(),
    async feeds(side, places, _, shape) {
      const batch = some(side, places);
      const told = batch.map((group) => lengths(group).reduce((a, b) => a + b, 0));
      const feeds = packing ? packedFeeds(batch, shape) : textFeeds(batch.flat(), shape);
      return { ...feeds, weights: tokenWeights(told, shape, "dapo") };
    },
    [Symbol.asyncDispose]: nothing,
  };
}

const flat = (pairs: readonly Pair[]): TokenText[] => pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]);

async function preference({ config, model, data, threads }: MethodInput, own: Of<"dpo" | "ipo">): Promise<Method> {
  const { rows, left } = pairsIn(data, speakerOf(model));
  const texts = flat(rows);
  const shapes = shapesFor(
    rows.map((pair) => flat([pair])),
    config.batch,
  );
  const reference = await wholeTexts(model, texts, shapeFor(texts, 2 * config.batch), threads);
  const known = rows.map((pair, n) => ({ pair, reference: [reference[2 * n] ?? 0, reference[2 * n + 1] ?? 0] }));
  const sides = heldOut(known, config.validation.fraction, own.seed);
  const learnt = trainee(model.config.decoder, model.weights, { adapter: own.lora, seed: own.seed });
  return {
    ...{ train: sides.train.length, validation: sides.validation.length, left, learnt, shapes, together: 2 },
    config: model.config,
    prompts: distinct(texts),
    objective: (shape) =>
      preferenceObjective(learnt, shape, { loss: own.algorithm === "dpo" ? "sigmoid" : "ipo", beta: own.beta }),
    texts: (side, places) => flat(places.map((n) => (sides[side][n] as (typeof known)[number]).pair)),
    async feeds(side, places, _, shape) {
      const some = places.map((n) => sides[side][n] as (typeof known)[number]);
      const batch = flat(some.map(({ pair }) => pair));
      return {
        ...textFeeds(batch, shape),
        mask: tokenRows(batch.map(ones), shape),
        reference: perText(
          some.flatMap((each) => each.reference),
          shape.batch,
        ),
        // What only fills up is divided by, too.
        lengths: perText(lengths(batch), shape.batch).map((length) => Math.max(1, length)),
        weights: perText(Array(some.length).fill(1 / some.length), config.batch),
      };
    },
    [Symbol.asyncDispose]: nothing,
  };
}

async function kto({ config, model, data, threads }: MethodInput, own: Of<"kto">): Promise<Method> {
  const { rows, left, raters } = judgedIn(data, speakerOf(model));
  const texts = rows.map(({ text }) => text);
  // Mismatched pairs may be longer than any pair of the file.
  const shape = {
    ...shapeFor(texts, config.batch),
    time: Math.max(...texts.map(({ prompt }) => prompt.length)) + Math.max(...lengths(texts)),
  };
  const { context } = model.config.decoder;
  shape.time = Math.min(shape.time, context);
  const shapes = shapesFor(
    texts.map((text) => [text]),
    config.batch,
  );
  const reference = await wholeTexts(model, texts, shape, threads);
  const known = rows.map((row, n) => ({ ...row, reference: reference[n] ?? 0 }));
  const sides = heldOut(known, config.validation.fraction, own.seed);
  const learnt = trainee(model.config.decoder, model.weights, { adapter: own.lora, seed: own.seed });
  const reading = { reading: "log-probabilities", shape, threads } as const;
  const [now, before] = [
    await Reader.create(model.config.decoder, reading),
    await Reader.create(model.config.decoder, reading),
  ];
  await before.hold(model.weights);
  return {
    ...{ train: sides.train.length, validation: sides.validation.length, left, raters, learnt, shapes, together: 1 },
    config: model.config,
    prompts: distinct(texts),
    objective: (of) => ktoObjective(learnt, of, own.beta),
    texts: (side, places) => places.map((n) => (sides[side][n] as (typeof known)[number]).text),
    async feeds(side, places, learner, of) {
      const some = places.map((n) => sides[side][n] as (typeof known)[number]);
      const mismatched = some.map(({ text: { prompt } }, n) => ({
        prompt,
        completion: (some[(n + 1) % some.length]?.text.completion ?? []).slice(0, context - prompt.length),
      }));
      await now.hold(await learner.weights(learnt));
      const moved = (await now.read(mismatched)).map(sumOf);
      const stood = (await before.read(mismatched)).map(sumOf);
      const good = some.filter(({ chance }) => chance >= 0.5).length;
      const bad = some.length - good;
      const each = (of: (row: (typeof known)[number], isGood: boolean) => number): Float32Array =>
        perText(
          some.map((row) => of(row, row.chance >= 0.5)),
          shape.batch,
        );
      const batch = some.map(({ text }) => text);
      // What nobody is sure of teaches little.
      const sure = ({ chance }: Judged): number => Math.abs(2 * chance - 1);
      return {
        ...textFeeds(batch, of),
        mask: tokenRows(batch.map(ones), of),
        reference: each((row) => row.reference),
        verdicts: each((_, isGood) => (isGood ? 1 : -1)),
        weights: each(
          (row, isGood) => (sure(row) * (isGood ? own.desirable_weight : own.undesirable_weight)) / some.length,
        ),
        among_good: each((_, isGood) => (isGood && good > 0 ? 1 / good : 0)),
        among_bad: each((_, isGood) => (!isGood && bad > 0 ? 1 / bad : 0)),
        kl: [Math.max(0, meanOf(moved.map((x, n) => x - (stood[n] ?? 0))))],
      };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([now.close(), before.close()]);
    },
  };
}

/** The decoder of a model that says nothing: it has no unembedding of its own. */
export const scoringDecoder = (decoder: DecoderConfig): DecoderConfig => ({ ...decoder, tied: true });

/** A model with a head drawn from N(0, 1 / (width + 1)), as in the reward models of Ziegler et al. 2019. */
export function withHead({ config, weights }: OpenModel, seed: number): WeightMap {
  const { width } = config.decoder;
  const random = new Random(seed, 0x4ead);
  const spread = 1 / Math.sqrt(width + 1);
  const head = Float32Array.from({ length: width }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random.unit()));
    return spread * radius * Math.cos(2 * Math.PI * random.unit());
  });
  const own = [...weights].filter(([name]) => name !== "unembed.weight");
  return new Map([...own, [SCORE_HEAD, weights.get(SCORE_HEAD) ?? head]]);
}

function rewardModel({ model }: MethodInput, { lora, seed }: Of<"reward">): Pick<Method, "config" | "learnt"> {
  const decoder = scoringDecoder(model.config.decoder);
  return {
    config: { ...model.config, decoder, scored: true },
    learnt: trainee(decoder, withHead(model, seed), { adapter: lora, seed }),
  };
}

async function rewardFromPairs(given: MethodInput, own: Of<"reward">): Promise<Method> {
  const { rows, left } = pairsIn(given.data, speakerOf(given.model));
  const sides = heldOut(rows, own.validation.fraction, own.seed);
  const shapes = shapesFor(
    rows.map((pair) => flat([pair])),
    own.batch,
  );
  const texts = (side: keyof typeof sides, places: readonly number[]) =>
    flat(places.map((n) => sides[side][n] as Pair));
  const made = rewardModel(given, own);
  return {
    ...made,
    ...{ train: sides.train.length, validation: sides.validation.length, left, shapes, texts, together: 2 },
    prompts: distinct(flat(rows)),
    objective: (shape) => pairsObjective(made.learnt, shape, own.center_rewards_coefficient),
    async feeds(side, places, _, shape) {
      return {
        ...textFeeds(texts(side, places), shape),
        weights: perText(Array(places.length).fill(1 / places.length), own.batch),
      };
    },
    [Symbol.asyncDispose]: nothing,
  };
}

async function rewardFromVerdicts(given: MethodInput, own: Of<"reward">): Promise<Method> {
  const { rows, left, raters } = judgedIn(given.data, speakerOf(given.model));
  if (rows.every(({ chance }) => Math.abs(chance - 0.5) < 0.05))
    throw new TrainingError(
      `${given.data}: what the raters said tells nothing: every answer is as likely good as bad`,
      "Ask raters who agree with each other more often than by chance.",
    );
  const sides = heldOut(rows, own.validation.fraction, own.seed);
  const texts = rows.map(({ text }) => text);
  const shapes = shapesFor(
    texts.map((text) => [text]),
    own.batch,
  );
  const made = rewardModel(given, own);
  return {
    ...made,
    ...{ train: sides.train.length, validation: sides.validation.length, left, raters, shapes, together: 1 },
    prompts: distinct(texts),
    objective: (shape) => verdictsObjective(made.learnt, shape),
    texts: (side, places) => places.map((n) => (sides[side][n] as Judged).text),
    async feeds(side, places, _, shape) {
      const some = places.map((n) => sides[side][n] as Judged);
      return {
        ...textFeeds(
          some.map(({ text }) => text),
          shape,
        ),
        chances: perText(
          some.map(({ chance }) => chance),
          shape.batch,
        ),
        weights: perText(Array(some.length).fill(1 / some.length), shape.batch),
      };
    },
    [Symbol.asyncDispose]: nothing,
  };
}

async function wholeTexts(
  { config, weights }: OpenModel,
  texts: readonly TokenText[],
  shape: BatchShape,
  threads: number | undefined,
): Promise<number[]> {
  await using reader = await Reader.create(config.decoder, { reading: "log-probabilities", shape, threads });
  await reader.hold(weights);
  return (await reader.read(texts)).map(sumOf);
}
