/** Elements by their places, and the sums that go the other way. */
import { GraphError } from "../errors.ts";
import { type Shape, sameShape, show, withExtent } from "../shape.ts";
import { axisOf, build, constant, type Tensor } from "../tensor.ts";
import { cast, equal } from "./elementwise.ts";
import { reshape } from "./shape.ts";

function mustBeInt64(operation: string, indices: Tensor): void {
  if (indices.dtype !== "int64")
    throw new GraphError(operation, `indices are int64, not ${indices.dtype}${show(indices.shape)}`);
}

/** Rows of a table: `x` along `axis` at int64 `indices` of any shape, which takes the axis's place. */
export function gather(x: Tensor, indices: Tensor, axis = 0): Tensor {
  mustBeInt64("gather", indices);
  const place = axisOf("gather", x, axis);
  const shape = [...x.shape.slice(0, place), ...indices.shape, ...x.shape.slice(place + 1)];
  return build("gather", { axis: place }, [x, indices], { shape, dtype: x.dtype });
}

/** Zeros of `shape` with row n of `updates` added to row indices[n]: the gradient of `gather` along axis 0. */
export function scatterAdd(shape: Shape, indices: Tensor, updates: Tensor): Tensor {
  mustBeInt64("scatterAdd", indices);
  if (!sameShape(updates.shape, [...indices.shape, ...shape.slice(1)]))
    throw new GraphError(
      "scatterAdd",
      `updates ${show(updates.shape)} at ${show(indices.shape)} do not fit into ${show(shape)}`,
    );
  return build("scatterAdd", { shape }, [indices, updates], { shape, dtype: updates.dtype });
}

function mustAgree(operation: string, indices: Tensor, shape: Shape, axis: number): void {
  mustBeInt64(operation, indices);
  if (!sameShape(withExtent(indices.shape, axis, 0), withExtent(shape, axis, 0)))
    throw new GraphError(operation, `indices ${show(indices.shape)} and ${show(shape)} differ besides axis ${axis}`);
}

/** For each line of `x` along an axis the elements at `indices`, whose shape is x's but for that axis. */
export function takeAlong(x: Tensor, indices: Tensor, axis = -1): Tensor {
  const place = axisOf("takeAlong", x, axis);
  mustAgree("takeAlong", indices, x.shape, place);
  return build("takeAlong", { axis: place }, [x, indices], { shape: indices.shape, dtype: x.dtype });
}

/** Zeros of `shape` with `updates` added at `indices` of each line: the gradient of `takeAlong`. */
export function putAlong(shape: Shape, indices: Tensor, updates: Tensor, axis: number): Tensor {
  mustAgree("putAlong", indices, shape, axis);
  if (!sameShape(indices.shape, updates.shape))
    throw new GraphError("putAlong", `updates ${show(updates.shape)} and indices ${show(indices.shape)} differ`);
  return build("putAlong", { axis, shape }, [indices, updates], { shape, dtype: updates.dtype });
}

/** 1 at each index along a new last axis, 0 elsewhere. */
export function oneHot(indices: Tensor, classes: number, dtype: "float32" | "float64" = "float32"): Tensor {
  mustBeInt64("oneHot", indices);
  const places = constant(
    Array.from({ length: classes }, (_, n) => n),
    [classes],
    "int64",
  );
  return cast(equal(reshape(indices, [...indices.shape, 1]), places), dtype);
}
