/** The same elements in another arrangement. */
import { GraphError } from "../errors.ts";
import { at, broadcastShapes, type Shape, sameShape, show, sizeOf, withExtent } from "../shape.ts";
import { axisOf, build, Node, type Tensor } from "../tensor.ts";

/** @param shape one extent may be -1: what is left */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const known = sizeOf(shape.filter((extent) => extent !== -1));
  const full = shape.map((extent) => (extent === -1 ? x.size / known : extent));
  if (
    shape.filter((extent) => extent === -1).length > 1 ||
    full.some((extent) => !Number.isInteger(extent)) ||
    sizeOf(full) !== x.size
  )
    throw new GraphError("reshape", `the ${x.size} elements of ${show(x.shape)} do not fill ${show(shape)}`);
  return sameShape(full, x.shape) ? x : build("reshape", { shape: full }, [x], { shape: full, dtype: x.dtype });
}

/** @param permutation reversed axes where none is given */
export function transpose(
  x: Tensor,
  permutation: readonly number[] = x.shape.map((_, axis) => x.rank - 1 - axis),
): Tensor {
  const axes = permutation.map((axis) => axisOf("transpose", x, axis));
  if (axes.length !== x.rank || new Set(axes).size !== x.rank)
    throw new GraphError("transpose", `${show(permutation)} is no order of the axes of ${show(x.shape)}`);
  if (axes.every((axis, n) => axis === n)) return x;
  return build("transpose", { permutation: axes }, [x], {
    shape: axes.map((axis) => at(x.shape, axis)),
    dtype: x.dtype,
  });
}

/** Swaps the last two axes. */
export function swapLast(x: Tensor): Tensor {
  if (x.rank < 2) throw new GraphError("transpose", `${show(x.shape)} has no two axes to swap`);
  const axes = x.shape.map((_, axis) => axis);
  return transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}

export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const full = broadcastShapes(x.shape, shape);
  if (!full || !sameShape(full, shape))
    throw new GraphError("broadcast", `${show(x.shape)} does not extend to ${show(shape)}`);
  return build("broadcast", { shape }, [x], { shape, dtype: x.dtype });
}

export interface Range {
  axis: number;
  /** Below zero: from the end. */
  start?: number;
  end?: number;
  step?: number;
}

export function slice(x: Tensor, ...ranges: Range[]): Tensor {
  const starts = x.shape.map(() => 0);
  const ends = [...x.shape];
  const steps = x.shape.map(() => 1);
  for (const { axis, start = 0, end, step = 1 } of ranges) {
    const place = axisOf("slice", x, axis);
    const extent = at(x.shape, place);
    const from = start < 0 ? start + extent : start;
    const to = end === undefined ? extent : end < 0 ? end + extent : end;
    if (!(from >= 0 && from <= to && to <= extent && step >= 1))
      throw new GraphError("slice", `${show(x.shape)} has no ${from}..${to} by ${step} along axis ${place}`);
    starts[place] = from;
    ends[place] = to;
    steps[place] = step;
  }
  const shape = ends.map((end, axis) => Math.ceil((end - at(starts, axis)) / at(steps, axis)));
  if (sameShape(shape, x.shape)) return x;
  return build("slice", { starts, ends, steps }, [x], { shape, dtype: x.dtype });
}

/** Puts a value around. */
export function pad(x: Tensor, before: readonly number[], after: readonly number[], value = 0): Tensor {
  if (before.length !== x.rank || after.length !== x.rank)
    throw new GraphError("pad", `${show(before)} and ${show(after)} do not fit ${show(x.shape)}`);
  if ([...before, ...after].every((extent) => extent === 0)) return x;
  const shape = x.shape.map((extent, axis) => extent + at(before, axis) + at(after, axis));
  return build("pad", { before: [...before], after: [...after], value }, [x], { shape, dtype: x.dtype });
}

export function concat(parts: readonly Tensor[], axis: number): Tensor {
  const [first] = parts;
  if (!first) throw new GraphError("concat", "has nothing to join");
  if (parts.length === 1) return first;
  const place = axisOf("concat", first, axis);
  for (const part of parts)
    if (
      part.rank !== first.rank ||
      !sameShape(withExtent(part.shape, place, 0), withExtent(first.shape, place, 0)) ||
      part.dtype !== first.dtype
    )
      throw new GraphError(
        "concat",
        `${first.dtype}${show(first.shape)} and ${part.dtype}${show(part.shape)} differ besides axis ${place}`,
      );
  const extent = parts.reduce((total, part) => total + at(part.shape, place), 0);
  return build("concat", { axis: place }, parts, { shape: withExtent(first.shape, place, extent), dtype: first.dtype });
}

/** Equal parts along an axis. */
export function split(x: Tensor, parts: number, axis: number): Tensor[] {
  const place = axisOf("split", x, axis);
  const extent = at(x.shape, place) / parts;
  if (!Number.isInteger(extent))
    throw new GraphError("split", `axis ${place} of ${show(x.shape)} has no ${parts} equal parts`);
  if (parts === 1) return [x];
  const output = { shape: withExtent(x.shape, place, extent), dtype: x.dtype };
  return [
    ...new Node(
      "split",
      { axis: place, parts },
      [x],
      Array.from({ length: parts }, () => output),
    ).outputs,
  ];
}
