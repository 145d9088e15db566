/** Lines brought to a common scale: softmax, layer norm, RMS norm; and the losses that stand on them. */
import { GraphError } from "../errors.ts";
import { at, sameShape, show } from "../shape.ts";
import { axisOf, build, mustBeFloat, Node, type Tensor } from "../tensor.ts";
import { neg } from "./elementwise.ts";
import { takeAlong } from "./gather.ts";
import { mean } from "./reduce.ts";
import { reshape } from "./shape.ts";

export function softmax(x: Tensor, axis = -1): Tensor {
  mustBeFloat("softmax", x);
  return build("softmax", { axis: axisOf("softmax", x, axis) }, [x], { shape: x.shape, dtype: x.dtype });
}

export function logSoftmax(x: Tensor, axis = -1): Tensor {
  mustBeFloat("logSoftmax", x);
  return build("logSoftmax", { axis: axisOf("logSoftmax", x, axis) }, [x], { shape: x.shape, dtype: x.dtype });
}

function mustFit(operation: string, x: Tensor, ...vectors: Tensor[]): void {
  mustBeFloat(operation, x, ...vectors);
  for (const vector of vectors)
    if (vector.rank !== 1 || vector.shape[0] !== at(x.shape, -1))
      throw new GraphError(operation, `${show(vector.shape)} does not fit the last axis of ${show(x.shape)}`);
}

export interface Normalised {
  /** Shaped as the input. */
  result: Tensor;
  /** 1 / the spread that was divided by: [..., 1]. */
  inverseScale: Tensor;
}

/** Ba, Kiros and Hinton 2016 (arXiv 1607.06450), over the last axis. */
export function layerNorm(x: Tensor, weight: Tensor, bias?: Tensor, epsilon = 1e-5): Tensor {
  return layerNormWithScale(x, weight, bias, epsilon).result;
}

export function layerNormWithScale(x: Tensor, weight: Tensor, bias?: Tensor, epsilon = 1e-5): Normalised {
  mustFit("layerNorm", x, weight, ...(bias ? [bias] : []));
  const line = { shape: [...x.shape.slice(0, -1), 1], dtype: x.dtype };
  const { outputs } = new Node("layerNorm", { epsilon }, bias ? [x, weight, bias] : [x, weight], [
    { shape: x.shape, dtype: x.dtype },
    line,
    line,
  ]);
  const [result, , inverseScale] = outputs as [Tensor, Tensor, Tensor];
  return { result, inverseScale };
}

/** Zhang and Sennrich 2019 (arXiv 1910.07467), over the last axis. */
export function rmsNorm(x: Tensor, weight: Tensor, epsilon = 1e-6): Tensor {
  return rmsNormWithScale(x, weight, epsilon).result;
}

export function rmsNormWithScale(x: Tensor, weight: Tensor, epsilon = 1e-6): Normalised {
  mustFit("rmsNorm", x, weight);
  const line = { shape: [...x.shape.slice(0, -1), 1], dtype: x.dtype };
  const { outputs } = new Node("rmsNorm", { epsilon }, [x, weight], [{ shape: x.shape, dtype: x.dtype }, line]);
  const [result, inverseScale] = outputs as [Tensor, Tensor];
  return { result, inverseScale };
}

/** log p(target) for each line: logits [..., classes], int64 targets [...]. */
export function logProbability(logits: Tensor, targets: Tensor): Tensor {
  if (!sameShape(targets.shape, logits.shape.slice(0, -1)))
    throw new GraphError("logProbability", `targets ${show(targets.shape)} do not fit logits ${show(logits.shape)}`);
  return reshape(takeAlong(logSoftmax(logits), reshape(targets, [...targets.shape, 1])), targets.shape);
}

/** Mean of -log p(target), in nats. */
export const crossEntropy = (logits: Tensor, targets: Tensor): Tensor => mean(neg(logProbability(logits, targets)));
