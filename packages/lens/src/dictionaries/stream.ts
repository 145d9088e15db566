/** Activations of a place, as a model makes them, in an order of chance. */
import type { Lens } from "../lens.ts";
import { LensError } from "../lens-error.ts";
import { placeNamed } from "../places.ts";
import type { ActivationBatch } from "./train-dictionary.ts";

export interface StreamOptions {
  reads: string;
  /** For a transcoder. */
  writes?: string;
  /** Rows of a batch. */
  batch: number;
  /** Rows that are mixed. */
  buffer: number;
  /** Positions at the start of each row that are left out: what begins a text is like nothing else. */
  skip?: number;
  /** Uniform in [0, 1). */
  lot(): number;
}

/**
 * Batches for `trainDictionary`, as many as there are rows of tokens.
 * @param rows batches of tokens [batch][pos] of one length, again and again
 * @throws {LensError} for places that are not of one row of numbers to each position, or when the tokens end
 */
export function activationStream(
  lens: Lens,
  rows: Iterator<readonly (readonly number[])[]> | AsyncIterator<readonly (readonly number[])[]>,
  { reads, writes, batch, buffer, skip = 0, lot }: StreamOptions,
): () => Promise<ActivationBatch> {
  const names = writes === undefined || writes === reads ? [reads] : [reads, writes];
  const widths = names.map((name) => widthAt(lens, name));
  const size = Math.max(buffer, 2 * batch);
  let kept = widths.map((width) => new Float32Array(size * width));
  let room = size;
  let filled = 0;
  const fill = async (): Promise<void> => {
    while (filled < size) {
      const { done, value: tokens } = await rows.next();
      if (done) break;
      const cache = await lens.read(tokens, names);
      const time = tokens[0]?.length ?? 0;
      const most = filled + tokens.length * time;
      if (most > room) {
        room = most;
        kept = kept.map((old, n) => {
          const wider = new Float32Array(room * (widths[n] as number));
          wider.set(old);
          return wider;
        });
      }
      for (let row = 0; row < tokens.length * time; row++) {
        if (row % time < skip) continue;
        for (const [n, name] of names.entries()) {
          const width = widths[n] as number;
          kept[n]?.set(cache.at(name).values.subarray(row * width, (row + 1) * width), filled * width);
        }
        filled++;
      }
    }
    if (filled < batch) throw new LensError("There are no more tokens to read activations of");
  };
  return async () => {
    if (filled < size / 2 + batch) await fill();
    const out = widths.map((width) => new Float32Array(batch * width));
    for (let row = 0; row < batch; row++) {
      const from = Math.floor(lot() * filled);
      filled--;
      for (const [n, width] of widths.entries()) {
        const all = kept[n] as Float32Array;
        out[n]?.set(all.subarray(from * width, (from + 1) * width), row * width);
        // The last takes the place of the one that left.
        all.copyWithin(from * width, filled * width, (filled + 1) * width);
      }
    }
    const [x = new Float32Array(), y] = out;
    return { x, ...(y && { y }) };
  };
}

/** Numbers to each position. @throws {LensError} for a place that has heads, or no batch */
export function widthAt({ places, config }: Pick<Lens, "places" | "config">, name: string): number {
  const { axes } = placeNamed(places, name);
  const [batch, pos, last, more] = axes;
  if (batch !== "batch" || pos !== "pos" || more !== undefined || (last !== "d_model" && last !== "d_mlp"))
    throw new LensError(
      `${name} is ${axes.join(" x ")}: a dictionary reads one row of numbers to each position`,
      "Take a place of the residual stream, an output of attention or MLP, or what is inside an MLP.",
    );
  return last === "d_mlp" ? config.mlpWidth : config.width;
}
