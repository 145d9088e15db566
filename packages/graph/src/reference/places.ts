/** Where the elements of a tensor lie: row-major, counted from 0. */
import { at, type Shape, sizeOf, stridesOf } from "../shape.ts";
import type { Value } from "./kernel.ts";

/** For each element of a shape: its place in a tensor that is broadcast to it. */
export function places(from: Shape, to: Shape): Int32Array {
  const strides = stridesOf(from);
  const lead = to.length - from.length;
  const steps = to.map((_, axis) => (axis < lead || from[axis - lead] === 1 ? 0 : at(strides, axis - lead)));
  return walk(to, steps, 0);
}

/** For each element of a shape in order: start + sum of index * step. */
export function walk(shape: Shape, steps: readonly number[], start: number): Int32Array {
  const found = new Int32Array(sizeOf(shape));
  const index = new Array<number>(shape.length).fill(0);
  let place = start;
  for (let n = 0; n < found.length; n++) {
    found[n] = place;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = at(index, axis) + 1;
      place += at(steps, axis);
      if (at(index, axis) < at(shape, axis)) break;
      place -= at(index, axis) * at(steps, axis);
      index[axis] = 0;
    }
  }
  return found;
}

/** Calls for each line along an axis with its start and its stride. */
export function lines(shape: Shape, axis: number, f: (start: number, stride: number, length: number) => void): void {
  const stride = at(stridesOf(shape), axis);
  const length = at(shape, axis);
  const total = sizeOf(shape);
  for (let block = 0; block < total; block += stride * length)
    for (let n = 0; n < stride; n++) f(block + n, stride, length);
}

export const taken = ({ data }: Value, from: Int32Array): Float64Array =>
  Float64Array.from(from, (place) => data[place] as number);
