/** What a feature is about: where it speaks loudest, how often, and what it makes more and less likely. */
import { unembedding } from "../attribution.ts";
import type { Lens } from "../lens.ts";
import type { Dictionary } from "./dictionary.ts";

export interface FeatureBoard {
  feature: number;
  /** Share of positions of which it speaks. */
  density: number;
  /** The loudest. */
  most: number;
  /** Positions at which it speaks, by loudness in tenths of the loudest. */
  histogram: number[];
  /** Loudest first, one to each row of tokens. */
  examples: { row: number; position: number; value: number; values: number[] }[];
  /** Tokens whose logits its direction raises most, and lowers most, where it writes to the residual stream. */
  raises: { token: number; by: number }[];
  lowers: { token: number; by: number }[];
}

export interface BoardOptions {
  /** Features to show; those that spoke, loudest first, where they are not given. */
  features?: readonly number[];
  /** At most so many of those that spoke. */
  most?: number;
  examples?: number;
  tokens?: number;
}

/** @param rows tokens [batch][pos] */
export async function featureBoards(
  lens: Lens,
  dictionary: Dictionary,
  rows: readonly (readonly number[])[],
  options: BoardOptions = {},
): Promise<FeatureBoard[]> {
  const { reads, writes } = dictionary.origin;
  const cache = await lens.read(rows, [reads]);
  const { acts } = await dictionary.read(cache.at(reads).values);
  const writesToStream = dictionary.shape.outWidth === lens.config.width && !writes.includes(".mlp.");
  const direction = writesToStream ? (feature: number) => dictionary.direction(feature) : undefined;
  return boardsOf(lens, { acts, features: dictionary.shape.features, direction }, rows, options);
}

/** The same of a layer's neurons, each by what it says after the nonlinearity. */
export async function neuronBoards(
  lens: Lens,
  layer: number,
  rows: readonly (readonly number[])[],
  options: BoardOptions = {},
): Promise<FeatureBoard[]> {
  const at = `blocks.${layer}.mlp.hook_post`;
  const cache = await lens.read(rows, [at]);
  const written = lens.weights.get(`blocks.${layer}.mlp.out.weight`) ?? new Float32Array();
  const { width, mlpWidth } = lens.config;
  const direction = (neuron: number): Float32Array => written.subarray(neuron * width, (neuron + 1) * width);
  return boardsOf(lens, { acts: cache.at(at).values, features: mlpWidth, direction }, rows, options);
}

interface Active {
  /** [batch * pos, features]. */
  acts: Float32Array;
  features: number;
  /** What a feature writes to the residual stream, where it does. */
  direction: ((feature: number) => Float32Array) | undefined;
}

function boardsOf(
  lens: Lens,
  { acts, features: count, direction }: Active,
  rows: readonly (readonly number[])[],
  { features, most: mostShown = Number.POSITIVE_INFINITY, examples = 8, tokens = 8 }: BoardOptions,
): FeatureBoard[] {
  const time = rows[0]?.length ?? 0;
  const most = new Float32Array(count);
  for (const [n, value] of acts.entries()) most[n % count] = Math.max(most[n % count] as number, value);
  const shown =
    features ??
    Array.from(most, (value, feature) => ({ value, feature }))
      .filter(({ value }) => value > 0)
      .toSorted((a, b) => b.value - a.value)
      .slice(0, mostShown)
      .map(({ feature }) => feature);
  const readOut = direction && unembedding(lens);
  return shown.map((feature) => {
    const peak = most[feature] ?? 0;
    const histogram = Array.from({ length: 10 }, () => 0);
    let spoke = 0;
    const best = rows.map((_, row) => {
      const values = Array.from({ length: time }, (__, at) => acts[(row * time + at) * count + feature] as number);
      for (const value of values) {
        if (!(value > 0)) continue;
        spoke++;
        const bin = Math.min(9, Math.floor((10 * value) / peak));
        histogram[bin] = (histogram[bin] ?? 0) + 1;
      }
      const value = Math.max(...values);
      return { row, position: values.indexOf(value), value, values };
    });
    const effects =
      readOut && direction
        ? Array.from(readOut(direction(feature)), (by, token) => ({ token, by })).toSorted((a, b) => b.by - a.by)
        : [];
    return {
      ...{ feature, density: spoke / (rows.length * time), most: peak, histogram },
      examples: best
        .filter(({ value }) => value > 0)
        .toSorted((a, b) => b.value - a.value)
        .slice(0, examples),
      raises: effects.slice(0, tokens),
      lowers: effects.slice(-tokens).reverse(),
    };
  });
}
