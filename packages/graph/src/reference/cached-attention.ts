/** The kernel of `cachedAttention`. */
import type { Kernel } from "./kernel.ts";

export const cachedAttention: Kernel<"cachedAttention"> = ({ inputs, attributes: { heads, kvHeads, scale } }) => {
  const [q, k, v, pastKeys, pastValues, last] = inputs.map(({ data }) => data) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const [batch = 0, time = 0] = inputs[0]?.shape ?? [];
  const [, , capacity = 0, headDim = 0] = inputs[3]?.shape ?? [];
  const keys = pastKeys.slice();
  const values = pastValues.slice();
  const mixed = new Float64Array(q.length);
  for (let row = 0; row < batch; row++) {
    const before = (last[row] as number) - time + 1;
    const place = (head: number, position: number): number => ((row * kvHeads + head) * capacity + position) * headDim;
    for (let t = 0; t < time; t++)
      for (let head = 0; head < kvHeads; head++) {
        const from = ((row * time + t) * kvHeads + head) * headDim;
        keys.set(k.subarray(from, from + headDim), place(head, before + t));
        values.set(v.subarray(from, from + headDim), place(head, before + t));
      }
    for (let t = 0; t < time; t++)
      for (let head = 0; head < heads; head++) {
        const shared = Math.floor(head / (heads / kvHeads));
        const at = ((row * time + t) * heads + head) * headDim;
        const scores = Array.from({ length: before + t + 1 }, (_, position) => {
          let score = 0;
          for (let n = 0; n < headDim; n++)
            score += (q[at + n] as number) * (keys[place(shared, position) + n] as number);
          return score * scale;
        });
        const top = Math.max(...scores);
        const weights = scores.map((score) => Math.exp(score - top));
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        for (const [position, weight] of weights.entries())
          for (let n = 0; n < headDim; n++)
            mixed[at + n] =
              (mixed[at + n] as number) + (weight / total) * (values[place(shared, position) + n] as number);
      }
  }
  return [mixed, keys, values];
};
