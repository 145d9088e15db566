/** Each operation in plain TypeScript and float64: slow, and right. What has no kernel elsewhere runs here, and tests compare with it. */
import { sizeOf } from "../shape.ts";
import { cachedAttention } from "./cached-attention.ts";
import { convolutions } from "./convolution.ts";
import { elementwise } from "./elementwise.ts";
import { gathering } from "./gather.ts";
import { type Kernels, operand } from "./kernel.ts";
import { products } from "./matmul.ts";
import { normalising } from "./normalise.ts";
import { reductions } from "./reductions.ts";
import { shapes } from "./shapes.ts";
import { uniform } from "./uniform.ts";

export const kernels: Kernels = {
  ...elementwise,
  ...reductions,
  ...shapes,
  ...gathering,
  ...products,
  ...normalising,
  ...convolutions,
  cachedAttention,
  constant: ({ attributes: { data } }) => [Float64Array.from(data as ArrayLike<number | bigint>, Number)],
  random: ({ inputs, attributes: { shape } }) => [uniform(operand(inputs).data[0] ?? 0, sizeOf(shape))],
};
