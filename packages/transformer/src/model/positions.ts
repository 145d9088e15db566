/** Rotary positions (Su et al. 2021, arXiv 2104.09864): halves of a head are turned against each other. */
import { add, concat, constant, gather, mul, neg, slice, type Tensor } from "@candor/graph";
import type { DecoderConfig } from "../config/decoder-config.ts";
import { rotaryFrequencies } from "../config/rotary.ts";

export interface Rotation {
  /** [..., time, turned / 2] each. */
  cosines: Tensor;
  sines: Tensor;
  /** Leading dimensions of a head that are turned. */
  turned: number;
}

/** @param positions int64 [time], or undefined for 0, 1, 2 ... of `time` */
export function rotation(config: DecoderConfig, time: number, positions?: Tensor): Rotation {
  const frequencies = rotaryFrequencies(config);
  const rows = positions ? config.context : time;
  const table = (f: (angle: number) => number): Tensor => {
    const values = new Float32Array(rows * frequencies.length);
    for (let row = 0; row < rows; row++)
      for (const [n, frequency] of frequencies.entries()) values[row * frequencies.length + n] = f(row * frequency);
    const whole = constant(values, [rows, frequencies.length]);
    return positions ? gather(whole, positions) : whole;
  };
  return { cosines: table(Math.cos), sines: table(Math.sin), turned: 2 * frequencies.length };
}

/** @param x [..., time, headDim] */
export function rotate(x: Tensor, { cosines, sines, turned }: Rotation): Tensor {
  const half = turned / 2;
  const axis = x.rank - 1;
  const first = slice(x, { axis, end: half });
  const second = slice(x, { axis, start: half, end: turned });
  const parts = [
    add(mul(first, cosines), neg(mul(second, sines))),
    add(mul(second, cosines), mul(first, sines)),
    ...(turned < (x.shape[axis] ?? 0) ? [slice(x, { axis, start: turned })] : []),
  ];
  return concat(parts, axis);
}
