/**
 * Several short texts in one row, each as if it stood alone: it reads only itself, and its positions begin at 0 (Krell et al. 2021, arXiv
 * 2107.02027; TRL's `packing` with the strategy `bfd`).
 */
import { and, constant, equal, type Feed, lessEqual, reshape, type Tensor, where } from "@candor/graph";
import type { DecoderConfig } from "@candor/transformer";
import type { Share } from "../step/step.ts";
import type { BatchShape } from "./completions.ts";
import type { TokenText } from "./texts.ts";

const sizeOf = ({ prompt, completion }: TokenText): number => prompt.length + completion.length;

/** Best fit, the longest first: each text into the fullest row that still has room. @param room tokens of a row */
export function packed(texts: readonly TokenText[], room: number): TokenText[][] {
  const rows: { texts: TokenText[]; left: number }[] = [];
  for (const text of texts.toSorted((a, b) => sizeOf(b) - sizeOf(a))) {
    const size = sizeOf(text);
    let best: (typeof rows)[number] | undefined;
    for (const row of rows) if (row.left >= size && (!best || row.left < best.left)) best = row;
    if (best) {
      best.texts.push(text);
      best.left -= size;
    } else rows.push({ texts: [text], left: room - size });
  }
  return rows.map((row) => row.texts);
}

export const packedShape = (rows: readonly (readonly TokenText[])[], batch: number): BatchShape => {
  const most = (of: (text: TokenText) => number): number =>
    Math.max(...rows.map((row) => row.reduce((sum, text) => sum + of(text), 0)));
  return { batch, time: most(sizeOf), count: most(({ completion }) => completion.length) };
};

/** The inputs of `readCompletions` for packed rows: besides those of plain ones `segments` and `positions`, int64 [batch, time]. */
export function packedFeeds(
  rows: readonly (readonly TokenText[])[],
  { batch, time, count }: BatchShape,
): Record<string, Feed> {
  const [tokens, segments, positions] = [0, 0, 0].map(() => new BigInt64Array(batch * time)) as [
    BigInt64Array<ArrayBuffer>,
    BigInt64Array<ArrayBuffer>,
    BigInt64Array<ArrayBuffer>,
  ];
  const [places, targets] = [new BigInt64Array(batch * count), new BigInt64Array(batch * count)];
  for (const [row, texts] of rows.entries()) {
    let [at, told] = [0, 0];
    for (const [n, { prompt, completion }] of texts.entries()) {
      for (const [k, token] of [...prompt, ...completion].entries()) {
        tokens[row * time + at + k] = BigInt(token);
        // What fills a row up is of segment 0.
        segments[row * time + at + k] = BigInt(n + 1);
        positions[row * time + at + k] = BigInt(k);
      }
      for (const [k, token] of completion.entries()) {
        places[row * count + told] = BigInt(at + prompt.length + k - 1);
        targets[row * count + told++] = BigInt(token);
      }
      at += prompt.length + completion.length;
    }
  }
  return { tokens, segments, positions, places, targets };
}

/** What a decoder is told of packed rows. Turned positions need no beginning of their own: only how far two are apart counts. */
export function packedInputs(
  config: DecoderConfig,
  { rows }: Pick<Share, "rows">,
  { batch, time }: BatchShape,
): { mask: Tensor; positions?: Tensor } {
  const segments = rows("segments", [batch, time], "int64");
  const own = segments.shape[0] ?? 0;
  const steps = constant(
    Array.from({ length: time }, (_, n) => n),
    [time],
    "int64",
  );
  const before = lessEqual(reshape(steps, [1, time]), reshape(steps, [time, 1]));
  const same = equal(reshape(segments, [own, 1, time, 1]), reshape(segments, [own, 1, 1, time]));
  const sees = and(same, reshape(before, [1, 1, time, time]));
  const mask = where(sees, constant(0), constant(Number.NEGATIVE_INFINITY));
  return config.positions.kind === "learned"
    ? { mask, positions: rows("positions", [batch, time], "int64") }
    : { mask };
}
