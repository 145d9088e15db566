/** Edits of what flows through a model: an activation set to something else, or something added to it, in some rows, positions and heads. */
import type { Feeds } from "@candor/graph";
import { LensError } from "./lens-error.ts";
import type { Axis, Place } from "./places.ts";

export interface Region {
  /** Hook name. */
  at: string;
  /** All where they are not given. */
  rows?: readonly number[];
  positions?: readonly number[];
  heads?: readonly number[];
}

/** Zero, mean and resample ablation, activation patching: `values` is another run's activation, a mean, or one number for all. */
export interface Replacement extends Region {
  /** As large as the place for the whole batch, for one row, or for its last axis alone. */
  to: Float32Array | number;
}

/** Steering: a vector along the last axis, or as large as the place. */
export interface Addition extends Region {
  plus: Float32Array;
}

export type Edit = Replacement | Addition;

interface Shaped {
  place: Place;
  shape: readonly number[];
}

/** Inputs of a program whose taps are open for the edits. @throws {LensError} for values or regions that do not fit */
export function feedsOf(edits: readonly Edit[], shaped: (name: string) => Shaped): Feeds {
  const feeds: Record<string, Float32Array | Uint8Array> = {};
  const array = <T extends Float32Array | Uint8Array>(name: string, make: () => T): T => {
    const made = (feeds[name] ?? make()) as T;
    feeds[name] = made;
    return made;
  };
  for (const edit of edits) {
    const { place, shape } = shaped(edit.at);
    const size = shape.reduce((a, b) => a * b, 1);
    const given = "to" in edit ? edit.to : edit.plus;
    const value = readerOf(edit.at, given, shape, size);
    const inside = insideOf(edit, place, shape);
    if ("to" in edit) {
      const where = array(`where:${edit.at}`, () => new Uint8Array(size));
      const values = array(`value:${edit.at}`, () => new Float32Array(size));
      for (const n of inside) {
        where[n] = 1;
        values[n] = value(n);
      }
    } else {
      const values = array(`add:${edit.at}`, () => new Float32Array(size));
      for (const n of inside) values[n] = (values[n] as number) + value(n);
    }
  }
  return feeds;
}

function readerOf(
  name: string,
  given: Float32Array | number,
  shape: readonly number[],
  size: number,
): (index: number) => number {
  if (typeof given === "number") return () => given;
  const last = shape.at(-1) ?? 1;
  const row = size / (shape[0] ?? 1);
  if (![size, row, last].includes(given.length))
    throw new LensError(
      `${given.length} numbers do not fit ${name}, which is ${shape.join(" x ")}`,
      `Give ${size} for the whole batch, ${row} for each row, or ${last} for its last axis.`,
    );
  return (index) => given[index % given.length] as number;
}

/** Flat indices of a region. */
function* insideOf(region: Region, { name, axes }: Place, shape: readonly number[]): Generator<number> {
  const along = (axis: Axis): readonly number[] | undefined =>
    ({ batch: region.rows, pos: region.positions, query: region.positions, head: region.heads })[axis as string];
  for (const [what, wanted] of [
    ["rows", "batch"],
    ["positions", "pos"],
    ["heads", "head"],
  ] as const) {
    const has = axes.includes(wanted) || (wanted === "pos" && axes.includes("query"));
    if (region[what] && !has) throw new LensError(`${name} has no ${what}`, `Its axes are ${axes.join(", ")}.`);
  }
  const chosen = axes.map((axis, n) => {
    const extent = shape[n] ?? 0;
    const some = along(axis) ?? Array.from({ length: extent }, (_, index) => index);
    const bad = some.find((index) => !Number.isInteger(index) || index < 0 || index >= extent);
    if (bad !== undefined) throw new LensError(`${name} has ${extent} along ${axis}: there is no ${bad}`);
    return some;
  });
  const walk = function* (axis: number, base: number): Generator<number> {
    const indices = chosen[axis];
    if (!indices) {
      yield base;
      return;
    }
    for (const index of indices) yield* walk(axis + 1, base * (shape[axis] ?? 1) + index);
  };
  yield* walk(0, 0);
}
