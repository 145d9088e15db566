/** Convolution and pooling over images [n, channels, height, width]. */
import { GraphError } from "../errors.ts";
import { at, type Shape, show } from "../shape.ts";
import { build, type Convolution, constant, mustBeFloat, Node, type Pooling, type Tensor } from "../tensor.ts";
import { broadcastTo } from "./shape.ts";

export interface Conv2dOptions {
  stride?: number;
  /** Zeros on each side. */
  padding?: number;
  groups?: number;
}

/** @param kernel [out, channels / groups, height, width] */
export function conv2d(x: Tensor, kernel: Tensor, { stride = 1, padding = 0, groups = 1 }: Conv2dOptions = {}): Tensor {
  return conv2dWith(x, kernel, { strides: [stride, stride], pads: [padding, padding, padding, padding], groups });
}

export function conv2dWith(x: Tensor, kernel: Tensor, attributes: Convolution): Tensor {
  mustBeFloat("conv2d", x, kernel);
  const described = `${show(x.shape)} by ${show(kernel.shape)}`;
  if (x.rank !== 4 || kernel.rank !== 4) throw new GraphError("conv2d", `${described}: both need four axes`);
  const { groups } = attributes;
  if (at(x.shape, 1) !== at(kernel.shape, 1) * groups || at(kernel.shape, 0) % groups !== 0)
    throw new GraphError("conv2d", `${described}: channels do not fit with ${groups} groups`);
  const [height, width] = windows(
    x.shape,
    [at(kernel.shape, 2), at(kernel.shape, 3)],
    attributes.strides,
    attributes.pads,
  );
  if (height < 1 || width < 1) throw new GraphError("conv2d", `${described}: the kernel is larger than the image`);
  return build("conv2d", attributes, [x, kernel], {
    shape: [at(x.shape, 0), at(kernel.shape, 0), height, width],
    dtype: x.dtype,
  });
}

/** The gradient of `conv2d` by its input. */
export const conv2dInput = (shape: Shape, grad: Tensor, kernel: Tensor, attributes: Convolution): Tensor =>
  build("conv2dInput", { ...attributes, shape }, [grad, kernel], { shape, dtype: grad.dtype });

/** The gradient of `conv2d` by its kernel. */
export const conv2dKernel = (shape: Shape, x: Tensor, grad: Tensor, attributes: Convolution): Tensor =>
  build("conv2dKernel", { ...attributes, shape }, [x, grad], { shape, dtype: grad.dtype });

export function windows(
  shape: Shape,
  [kh, kw]: readonly [number, number],
  [sh, sw]: readonly [number, number],
  [top, left, bottom, right]: readonly [number, number, number, number],
): [number, number] {
  return [
    Math.floor((at(shape, 2) + top + bottom - kh) / sh) + 1,
    Math.floor((at(shape, 3) + left + right - kw) / sw) + 1,
  ];
}

/** The largest of each window, and its int64 place in the flattened input. */
export function maxPoolWithPlaces(x: Tensor, size: number, stride = size): { values: Tensor; places: Tensor } {
  mustBeFloat("maxPool", x);
  if (x.rank !== 4) throw new GraphError("maxPool", `${show(x.shape)} needs four axes`);
  const pooling: Pooling = { kernel: [size, size], strides: [stride, stride] };
  const [height, width] = windows(x.shape, pooling.kernel, pooling.strides, [0, 0, 0, 0]);
  if (height < 1 || width < 1) throw new GraphError("maxPool", `${show(x.shape)} is smaller than a window of ${size}`);
  const shape = [at(x.shape, 0), at(x.shape, 1), height, width];
  const { outputs } = new Node(
    "maxPool",
    pooling,
    [x],
    [
      { shape, dtype: x.dtype },
      { shape, dtype: "int64" },
    ],
  );
  const [values, places] = outputs as [Tensor, Tensor];
  return { values, places };
}

export const maxPool = (x: Tensor, size: number, stride = size): Tensor => maxPoolWithPlaces(x, size, stride).values;

/** The mean of each window: a convolution of each channel with equal weights. */
export function averagePool(x: Tensor, size: number, stride = size): Tensor {
  mustBeFloat("averagePool", x);
  if (x.rank !== 4) throw new GraphError("averagePool", `${show(x.shape)} needs four axes`);
  const channels = at(x.shape, 1);
  const kernel = broadcastTo(constant(1 / (size * size), [], x.dtype), [channels, 1, size, size]);
  return conv2d(x, kernel, { stride, groups: channels });
}
