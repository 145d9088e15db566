/** How good a dictionary is: how sparse, how true, and what the model loses when it goes on with what the dictionary makes. */
import type { Lens } from "../lens.ts";
import { lossOfNext } from "../loss.ts";
import type { Dictionary } from "./dictionary.ts";

export interface DictionaryReport {
  /** Features of a position, on average. */
  l0: number;
  /** 1 - squared error over the variance of what is to be made. */
  explainedVariance: number;
  /** Nats a token: of the model, with the dictionary in it, and with nothing at that place. */
  loss: { whole: number; through: number; without: number };
  /** (without - through) / (without - whole): 1 where nothing is lost. */
  lossRecovered: number;
  /** Of features that spoke of none of these positions. */
  deadShare: number;
}

/** @param rows tokens [batch][pos]; what is said after the last of each does not count */
export async function dictionaryReport(
  lens: Lens,
  dictionary: Dictionary,
  rows: readonly (readonly number[])[],
): Promise<DictionaryReport> {
  const { reads, writes } = dictionary.origin;
  const { features } = dictionary.shape;
  const whole = await lens.run(rows, { read: [...new Set([reads, writes])] });
  const { acts, made } = await dictionary.read(whole.cache.at(reads).values);
  const target = whole.cache.at(writes).values;
  const width = dictionary.shape.outWidth;
  const centre = new Float64Array(width);
  for (const [n, value] of target.entries())
    centre[n % width] = (centre[n % width] as number) + (value * width) / target.length;
  let [error, spread] = [0, 0];
  for (const [n, value] of target.entries()) {
    error += (value - (made[n] as number)) ** 2;
    spread += (value - (centre[n % width] as number)) ** 2;
  }
  const spoke = new Uint8Array(features);
  let active = 0;
  for (const [n, value] of acts.entries())
    if (value > 0) {
      active++;
      spoke[n % features] = 1;
    }
  const loss = {
    whole: lossOfNext(whole.logits, rows),
    through: lossOfNext((await lens.run(rows, { edits: [{ at: writes, to: made }] })).logits, rows),
    without: lossOfNext((await lens.run(rows, { edits: [{ at: writes, to: 0 }] })).logits, rows),
  };
  return {
    l0: (active * features) / acts.length,
    explainedVariance: 1 - error / spread,
    loss,
    lossRecovered: (loss.without - loss.through) / (loss.without - loss.whole),
    deadShare: spoke.filter((is) => is === 0).length / features,
  };
}
