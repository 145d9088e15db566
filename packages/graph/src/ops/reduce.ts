/** Many elements to one. */
import { GraphError } from "../errors.ts";
import { at, reducedShape, show, withExtent } from "../shape.ts";
import { axisOf, build, mustBeFloat, Node, type ReductionName, type Tensor } from "../tensor.ts";

export interface ReduceOptions {
  /** Leave reduced axes with extent 1. */
  keep?: boolean;
}

const reduction =
  (op: ReductionName) =>
  /** @param over the axes; all where none are given */
  (x: Tensor, over?: number | readonly number[], { keep = false }: ReduceOptions = {}): Tensor => {
    if (op === "mean") mustBeFloat(op, x);
    if (x.dtype === "bool") throw new GraphError(op, "does not take bool");
    const asked = over === undefined ? x.shape.map((_, axis) => axis) : typeof over === "number" ? [over] : over;
    const axes = asked.map((axis) => axisOf(op, x, axis)).sort((a, b) => a - b);
    if (new Set(axes).size !== axes.length) throw new GraphError(op, `names an axis of ${show(x.shape)} twice`);
    if (axes.length === 0) return x;
    return build(op, { axes, keep }, [x], { shape: reducedShape(x.shape, axes, keep), dtype: x.dtype });
  };

export const sum = reduction("sum");
export const mean = reduction("mean");
export const max = reduction("max");
export const min = reduction("min");

/** The place of the largest element along an axis, int64; of the first where several are. */
export function argmax(x: Tensor, axis = -1): Tensor {
  const place = axisOf("argmax", x, axis);
  return build("argmax", { axis: place }, [x], { shape: reducedShape(x.shape, [place], false), dtype: "int64" });
}

/** The k largest along an axis, largest first, and their places. */
export function topK(x: Tensor, k: number, axis = -1): { values: Tensor; indices: Tensor } {
  const place = axisOf("topK", x, axis);
  if (!(k >= 1 && k <= at(x.shape, place)))
    throw new GraphError("topK", `there are no ${k} largest along axis ${place} of ${show(x.shape)}`);
  const shape = withExtent(x.shape, place, k);
  const { outputs } = new Node(
    "topK",
    { k, axis: place },
    [x],
    [
      { shape, dtype: x.dtype },
      { shape, dtype: "int64" },
    ],
  );
  const [values, indices] = outputs as [Tensor, Tensor];
  return { values, indices };
}

export function cumulativeSum(x: Tensor, axis = -1, { reverse = false } = {}): Tensor {
  const place = axisOf("cumulativeSum", x, axis);
  return build("cumulativeSum", { axis: place, reverse }, [x], { shape: x.shape, dtype: x.dtype });
}
