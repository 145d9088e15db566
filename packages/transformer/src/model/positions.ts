/** Rotary positions (Su et al. 2021, arXiv 2104.09864): halves of a head are turned against each other. */
import { add, concat, constant, gather, mul, neg, slice, type Tensor } from "@candor/graph";
import type { DecoderConfig, Positions, RotaryScaling } from "../config/decoder-config.ts";

type Rotary = Extract<Positions, { kind: "rotary" }>;

export interface Rotation {
  /** [..., time, turned / 2] each. */
  cosines: Tensor;
  sines: Tensor;
  /** Leading dimensions of a head that are turned. */
  turned: number;
}

/** @param positions int64 [time], or undefined for 0, 1, 2 ... of `time` */
export function rotation(config: DecoderConfig, rotary: Rotary, time: number, positions?: Tensor): Rotation {
  const turned = 2 * Math.floor((config.headDim * rotary.fraction) / 2);
  const frequencies = Array.from({ length: turned / 2 }, (_, n) =>
    stretched(rotary.base ** ((-2 * n) / turned), rotary.scaling),
  );
  const rows = positions ? config.context : time;
  const table = (f: (angle: number) => number): Tensor => {
    const values = new Float32Array(rows * frequencies.length);
    for (let row = 0; row < rows; row++)
      for (const [n, frequency] of frequencies.entries()) values[row * frequencies.length + n] = f(row * frequency);
    const whole = constant(values, [rows, frequencies.length]);
    return positions ? gather(whole, positions) : whole;
  };
  return { cosines: table(Math.cos), sines: table(Math.sin), turned };
}

/** Llama 3.1's: long waves are slowed by a factor, short ones are not, those between are blended. */
function stretched(frequency: number, scaling: RotaryScaling): number {
  if (scaling.kind === "none") return frequency;
  const { factor, lowFrequency, highFrequency, originalContext } = scaling;
  const turns = (originalContext * frequency) / (2 * Math.PI);
  const share = Math.min(1, Math.max(0, (turns - lowFrequency) / (highFrequency - lowFrequency)));
  return (1 - share) * (frequency / factor) + share * frequency;
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
