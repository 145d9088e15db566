/** Random numbers that are a function of a key and a place: the same whenever and wherever they are drawn. */
import { GraphError } from "../errors.ts";
import type { Shape } from "../shape.ts";
import { build, mustBeFloat, type Tensor } from "../tensor.ts";
import { cast, less, mul, where } from "./elementwise.ts";

/** Uniform in [0, 1) with 24 bits, float32. @param key an int64 scalar; another key, other numbers */
export function random(key: Tensor, shape: Shape): Tensor {
  if (key.dtype !== "int64" || key.size !== 1) throw new GraphError("random", `the key is one int64, not ${key}`);
  return build("random", { shape }, [key], { shape, dtype: "float32" });
}

/** Zeroes each element with a probability and scales the others, so that the mean stays. */
export function dropout(x: Tensor, probability: number, key: Tensor): Tensor {
  mustBeFloat("dropout", x);
  if (!(probability >= 0 && probability < 1))
    throw new GraphError("dropout", `${probability} is no probability below 1`);
  if (probability === 0) return x;
  const dropped = less(cast(random(key, x.shape), x.dtype), probability);
  return where(dropped, 0, mul(x, 1 / (1 - probability)));
}
