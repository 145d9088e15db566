/** Operations on each element by itself; shapes of several operands are broadcast. */
import { type DType, isFloat } from "../dtype.ts";
import { GraphError } from "../errors.ts";
import { broadcastShapes, show } from "../shape.ts";
import {
  type ArithmeticName,
  build,
  type ComparisonName,
  constant,
  mustBeFloat,
  type Operand,
  pair,
  Tensor,
  type UnaryName,
} from "../tensor.ts";

const unary =
  (op: UnaryName) =>
  (x: Tensor): Tensor => {
    if (op === "not" ? x.dtype !== "bool" : x.dtype === "bool") throw new GraphError(op, `does not take ${x.dtype}`);
    if (op !== "not" && op !== "neg" && op !== "abs" && op !== "sign") mustBeFloat(op, x);
    return build(op, {}, [x], { shape: x.shape, dtype: x.dtype });
  };

export const neg = unary("neg");
export const exp = unary("exp");
export const log = unary("log");
export const sqrt = unary("sqrt");
export const tanh = unary("tanh");
/** The error function. */
export const erf = unary("erf");
export const sigmoid = unary("sigmoid");
export const abs = unary("abs");
export const sign = unary("sign");
export const relu = unary("relu");
export const sin = unary("sin");
export const cos = unary("cos");
export const floor = unary("floor");
export const not = unary("not");
export const reciprocal = unary("reciprocal");

function joined(op: string, a: Tensor, b: Tensor) {
  const shape = broadcastShapes(a.shape, b.shape);
  if (!shape) throw new GraphError(op, `${show(a.shape)} and ${show(b.shape)} do not broadcast`);
  if (a.dtype !== b.dtype)
    throw new GraphError(op, `${a.dtype}${show(a.shape)} and ${b.dtype}${show(b.shape)} differ in type`);
  return shape;
}

const arithmetic =
  (op: ArithmeticName) =>
  (left: Operand, right: Operand): Tensor => {
    const [a, b] = pair(left, right);
    if (a.dtype === "bool") throw new GraphError(op, "does not take bool");
    return build(op, {}, [a, b], { shape: joined(op, a, b), dtype: a.dtype });
  };

export const add = arithmetic("add");
export const sub = arithmetic("sub");
export const mul = arithmetic("mul");
export const div = arithmetic("div");
export const pow = arithmetic("pow");
export const maximum = arithmetic("maximum");
export const minimum = arithmetic("minimum");

const comparison =
  (op: ComparisonName) =>
  (left: Operand, right: Operand): Tensor => {
    const [a, b] = pair(left, right);
    if ((op === "and" || op === "or") && a.dtype !== "bool") throw new GraphError(op, `takes bool, not ${a.dtype}`);
    return build(op, {}, [a, b], { shape: joined(op, a, b), dtype: "bool" });
  };

export const equal = comparison("equal");
export const less = comparison("less");
export const lessEqual = comparison("lessEqual");
export const and = comparison("and");
export const or = comparison("or");
export const greater = (a: Operand, b: Operand): Tensor => less(b, a);
export const greaterEqual = (a: Operand, b: Operand): Tensor => lessEqual(b, a);

/** `a` where the condition holds, `b` elsewhere. */
export function where(condition: Tensor, left: Operand, right: Operand): Tensor {
  const [a, b] = pair(left, right);
  if (condition.dtype !== "bool") throw new GraphError("where", `the condition is ${condition.dtype}, not bool`);
  const shape = broadcastShapes(condition.shape, joined("where", a, b));
  if (!shape)
    throw new GraphError(
      "where",
      `condition ${show(condition.shape)}, ${show(a.shape)} and ${show(b.shape)} do not broadcast`,
    );
  return build("where", {}, [condition, a, b], { shape, dtype: a.dtype });
}

export const cast = (x: Tensor, to: DType): Tensor =>
  x.dtype === to ? x : build("cast", { to }, [x], { shape: x.shape, dtype: to });

export const square = (x: Tensor): Tensor => mul(x, x);

/** Hendrycks and Gimpel 2016 (arXiv 1606.08415); `tanh` is GPT-2's approximation. */
export function gelu(x: Tensor, approximate: "none" | "tanh" = "none"): Tensor {
  mustBeFloat("gelu", x);
  return build("gelu", { approximate }, [x], { shape: x.shape, dtype: x.dtype });
}

/** x * sigmoid(x), also called swish. */
export const silu = (x: Tensor): Tensor => mul(x, sigmoid(x));

/** The value itself; no gradient passes. */
export const stopGradient = (x: Tensor): Tensor => build("stopGradient", {}, [x], { shape: x.shape, dtype: x.dtype });

/** Names a value, so that a run can read, replace or add to it there. */
export const tap = (name: string, x: Tensor): Tensor => build("tap", { name }, [x], { shape: x.shape, dtype: x.dtype });

export const zerosLike = (x: Tensor): Tensor => constantLike(x, 0);
export const onesLike = (x: Tensor): Tensor => constantLike(x, 1);

function constantLike(x: Tensor, value: number): Tensor {
  const scalar = constant(value, [], x.dtype);
  return x.rank === 0 ? scalar : build("broadcast", { shape: x.shape }, [scalar], { shape: x.shape, dtype: x.dtype });
}

export const isFloatTensor = (x: Tensor): boolean => x instanceof Tensor && isFloat(x.dtype);
