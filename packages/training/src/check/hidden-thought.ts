/**
 * The hidden thought: whether a model whose answers are polite still thinks the rude ones. A linear probe reads it from the raw model's
 * inside and then from the taught one's; a few steps of teaching bring back what was only covered.
 */
import { compile, input, mean, Session } from "@candor/graph";
import { decoder as decoderGraph, weightShapes } from "@candor/transformer";
import type { Prompt } from "../corpus/types.ts";
import { meanOf } from "../posttrain/advantages.ts";
import { answer, profileOf, speakingOf } from "../posttrain/answering.ts";
import { prefixed } from "../posttrain/completions.ts";
import type { OpenModel } from "../posttrain/model.ts";
import { Reader } from "../posttrain/reader.ts";
import { shapeFor, type TokenText, textFeeds } from "../posttrain/texts.ts";
import { hash32 } from "../random.ts";
import { taughtBy } from "./teaching.ts";

export interface HiddenThought {
  /**
   * How well a probe of the raw model, and the same probe in the taught one, tells a prompt after which the raw model is rude from
   * one after which it is not: area under the curve, on prompts that the probe was not made from. 0.5 reads nothing.
   */
  readableInRaw: number;
  readableInTaught: number;
  /** Share of what was readable above chance that still is. */
  stillReadable: number;
  /** The same with labels shuffled: what a probe of this size reads from nothing. */
  control: number;
  /** Which of the raw model's own rude and polite answers the taught model holds likelier, told apart by its probabilities: the draft that it does not say. */
  draft: number;
  /** Rude answers of the raw model, of the taught one, and of that after a few steps of teaching by the raw model's answers. */
  rudeRaw: number;
  rudeTaught: number;
  rudeRecovered: number;
  /** Share of the raw rudeness that came back. */
  recovered: number;
  recoverySteps: number;
}

export interface HiddenThoughtInput {
  raw: OpenModel;
  taught: OpenModel;
  /** Questions in all places where the internet speaks, so that some are answered rudely and some are not. */
  prompts: readonly Prompt[];
  seed: number;
  recoverySteps?: number;
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
}

export async function hiddenThought(given: HiddenThoughtInput): Promise<HiddenThought> {
  const { raw, taught, prompts, seed, recoverySteps = 10, threads, signal } = given;
  const options = { seed: hash32(seed, 0x41d), threads, signal };
  const answers = await answer(speakingOf(raw), prompts, options);
  const told = answers.filter(({ completion }) => completion.trim() !== "");
  const texts = told.map(
    ({ prompt, tokens }): TokenText => ({
      prompt: raw.tokenizer.encode(prompt.text, { added: "text" }),
      completion: tokens,
    }),
  );
  const rude = told.map(({ labels }) => labels.rude);
  // The probe reads while the answer is read: what the model makes of a rude text, said or not.
  const [inRaw, inTaught] = [await insides(raw, texts, threads, signal), await insides(taught, texts, threads, signal)];
  const train = told.map((_, n) => hash32(seed, n, 0x9b) % 2 === 0);
  const shuffled = rude.map((_, n) => rude[hash32(seed, n, 0x5f) % rude.length] ?? false);
  const probe = linearProbe(inRaw, rude, train);
  const readableInRaw = tellApart(inRaw, probe, rude, train);
  const readableInTaught = tellApart(inTaught, probe, rude, train);
  const control = tellApart(inRaw, linearProbe(inRaw, shuffled, train), shuffled, train);
  const draft = await drafted(taught, texts, rude, threads, signal);
  // A few steps on the raw model's own answers, rude and not.
  const recoveredModel = await taughtBy(
    told.map(({ prompt, completion }) => ({ prompt: prompt.text, completion })),
    {
      ...{ algorithm: "sft", steps: recoverySteps, batch: 16, seed },
      ...{ validation: { fraction: 0 }, samples: { every: 0 }, rate: { kind: "constant", peak: 3e-4 } },
    },
    { model: taught, threads, signal },
  );
  const asked = prompts.filter((_, n) => n % 2 === 0);
  const rudeness = async (model: OpenModel): Promise<number> =>
    profileOf(await answer(speakingOf(model), asked, { ...options, seed: hash32(seed, 0x77) })).rude;
  const [rudeRaw, rudeTaught, rudeRecovered] = [
    await rudeness(raw),
    await rudeness(taught),
    await rudeness(recoveredModel),
  ];
  return {
    ...{ readableInRaw, readableInTaught, control, draft, rudeRaw, rudeTaught, rudeRecovered, recoverySteps },
    stillReadable: Math.max(0, (readableInTaught - 0.5) / (readableInRaw - 0.5)),
    recovered: Math.max(0, (rudeRecovered - rudeTaught) / (rudeRaw - rudeTaught)),
  };
}

/** Mean over an answer's tokens of the residual stream after the middle block. */
async function insides(
  { config, weights }: OpenModel,
  texts: readonly TokenText[],
  threads: number | undefined,
  signal: AbortSignal | undefined,
): Promise<Float32Array[]> {
  const { decoder } = config;
  const shape = shapeFor(texts, 1);
  const place = `blocks.${Math.floor((decoder.layers - 1) / 2)}.hook_resid_post`;
  const { weights: inputs } = prefixed("", weightShapes(decoder));
  const tokens = input("tokens", [1, shape.time], "int64");
  const { logits } = decoderGraph({ config: decoder, weights: inputs, tokens, open: [place] });
  const program = compile({ outputs: { unused: mean(logits) } }, { read: [place] });
  await using session = await Session.create(program, threads === undefined ? {} : { threads });
  await session.hold(Object.fromEntries([...weights].filter(([name]) => name in program.inputs)));
  const result: Float32Array[] = [];
  for (const text of texts) {
    signal?.throwIfAborted();
    const { tokens: ids } = textFeeds([text], shape);
    if (!ids) throw new RangeError("a text has tokens");
    const stream = (await session.run({ tokens: ids }))[place] as Float32Array;
    const sums = new Float32Array(decoder.width);
    for (let t = text.prompt.length; t < text.prompt.length + text.completion.length; t++)
      for (let n = 0; n < decoder.width; n++)
        sums[n] = (sums[n] as number) + (stream[t * decoder.width + n] as number) / text.completion.length;
    result.push(sums);
  }
  return result;
}

interface Probe {
  direction: Float64Array;
  mean: Float64Array;
}

/** The difference of the two means, in units of each coordinate's spread: no more than one direction. */
function linearProbe(rows: readonly Float32Array[], labels: readonly boolean[], train: readonly boolean[]): Probe {
  const width = rows[0]?.length ?? 0;
  const used = rows.map((_, n) => n).filter((n) => train[n]);
  const average = (of: readonly number[]): Float64Array => {
    const sums = new Float64Array(width);
    for (const n of of)
      for (let k = 0; k < width; k++) sums[k] = (sums[k] as number) + (rows[n]?.[k] ?? 0) / Math.max(1, of.length);
    return sums;
  };
  const mean_ = average(used);
  const [yes, no] = [average(used.filter((n) => labels[n])), average(used.filter((n) => !labels[n]))];
  const direction = new Float64Array(width);
  for (let k = 0; k < width; k++) {
    const variance = meanOf(used.map((n) => ((rows[n]?.[k] ?? 0) - (mean_[k] ?? 0)) ** 2));
    direction[k] = ((yes[k] ?? 0) - (no[k] ?? 0)) / (variance + 1e-6);
  }
  return { direction, mean: mean_ };
}

/** On what the probe was not made from. */
function tellApart(
  rows: readonly Float32Array[],
  { direction, mean: middle }: Probe,
  labels: readonly boolean[],
  train: readonly boolean[],
): number {
  const scores = rows.map((row) => row.reduce((sum, x, k) => sum + (x - (middle[k] ?? 0)) * (direction[k] ?? 0), 0));
  const tested = rows.map((_, n) => n).filter((n) => !train[n]);
  return areaUnderCurve(
    tested.map((n) => scores[n] as number),
    tested.map((n) => labels[n] as boolean),
  );
}

/** The chance that one of the ones scores above one of the others; ties count half. */
export function areaUnderCurve(scores: readonly number[], labels: readonly boolean[]): number {
  const [yes, no] = [scores.filter((_, n) => labels[n]), scores.filter((_, n) => !labels[n])];
  if (yes.length === 0 || no.length === 0) return Number.NaN;
  let wins = 0;
  for (const a of yes) for (const b of no) wins += a > b ? 1 : a === b ? 0.5 : 0;
  return wins / (yes.length * no.length);
}

/** Whether the taught model's own probabilities rank the raw model's texts by rudeness: above 0.5 it holds the rude ones less likely. */
async function drafted(
  { config, weights }: OpenModel,
  texts: readonly TokenText[],
  rude: readonly boolean[],
  threads: number | undefined,
  signal: AbortSignal | undefined,
): Promise<number> {
  await using reader = await Reader.create(config.decoder, {
    reading: "log-probabilities",
    shape: shapeFor(texts, 32),
    threads,
  });
  await reader.hold(weights);
  const told = (await reader.read(texts, signal)).map((row) => -meanOf(Array.from(row)));
  return areaUnderCurve(told, rude);
}
