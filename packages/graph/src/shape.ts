/** Static shapes: row-major, every extent known when the graph is built. */

export type Shape = readonly number[];

export const sizeOf = (shape: Shape): number => shape.reduce((product, extent) => product * extent, 1);

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((extent, n) => extent === b[n]);

export const show = (shape: Shape): string => `[${shape.join(", ")}]`;

/** Elements from one index to the next, for each axis. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  for (let axis = shape.length - 1, stride = 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= at(shape, axis);
  }
  return strides;
}

/** @returns the shape that both extend to by NumPy's rules, or undefined where there is none */
export function broadcastShapes(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return undefined;
    shape.push(left === 1 ? right : left);
  }
  return shape;
}

/** Axes of `to` along which `from` is repeated. */
export function repeatedAxes(from: Shape, to: Shape): number[] {
  const lead = to.length - from.length;
  return to.flatMap((extent, axis) => (axis < lead || (from[axis - lead] === 1 && extent !== 1) ? [axis] : []));
}

/** Like `shape[axis]`, for an axis that is known to be there. */
export function at(shape: Shape, axis: number): number {
  const extent = shape[axis < 0 ? axis + shape.length : axis];
  if (extent === undefined) throw new RangeError(`${show(shape)} has no axis ${axis}`);
  return extent;
}

export const withExtent = (shape: Shape, axis: number, extent: number): Shape =>
  shape.map((old, n) => (n === axis ? extent : old));

/** The shape after a reduction. */
export const reducedShape = (shape: Shape, axes: readonly number[], keep: boolean): Shape =>
  shape.flatMap((extent, axis) => (axes.includes(axis) ? (keep ? [1] : []) : [extent]));
