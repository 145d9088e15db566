/** What a model did on some inputs: where its heads looked, and what each part wrote. */
import type { Lens } from "../lens.ts";

export interface Observed {
  /** [query][key], before and after the softmax. */
  scores(row: number, layer: number, head: number): { raw: Float32Array; pattern: Float32Array };
  /** What a part writes: of each input [pos, width]. */
  written(part: string): Float32Array[];
  /** Of each input [pos, vocab]. */
  logits: Float32Array[];
}

export async function observed(lens: Lens, inputs: readonly (readonly number[])[]): Promise<Observed> {
  const { layers, heads, headDim, width, vocab, mlpWidth } = lens.config;
  const raw: Float32Array[][] = inputs.map(() => []);
  const pattern: Float32Array[][] = inputs.map(() => []);
  const written = new Map<string, Float32Array[]>();
  const logits: Float32Array[] = [];
  const put = (part: string, row: number, values: Float32Array): void => {
    const all = written.get(part) ?? [];
    all[row] = values;
    written.set(part, all);
  };
  const read = (name: string): boolean => /hook_attn_scores|hook_pattern|hook_z|hook_mlp_out/.test(name);
  for (const [time, group] of Map.groupBy(inputs.entries(), ([, { length }]) => length)) {
    const { cache, logits: said } = await lens.run(
      group.map(([, tokens]) => tokens),
      { read },
    );
    for (const [n, [row]] of group.entries()) {
      logits[row] = said.slice(n * time * vocab, (n + 1) * time * vocab);
      for (let layer = 0; layer < layers; layer++) {
        const block = `blocks.${layer}`;
        const size = heads * time * time;
        raw[row]?.push(cache.at(`${block}.attn.hook_attn_scores`).values.slice(n * size, (n + 1) * size));
        pattern[row]?.push(cache.at(`${block}.attn.hook_pattern`).values.slice(n * size, (n + 1) * size));
        const z = cache.at(`${block}.attn.hook_z`).values;
        const out = lens.weights.get(`${block}.attn.o.weight`) ?? new Float32Array();
        for (let head = 0; head < heads; head++) {
          const own = new Float32Array(time * width);
          for (let pos = 0; pos < time; pos++)
            for (let k = 0; k < headDim; k++) {
              const active = z[((n * time + pos) * heads + head) * headDim + k] as number;
              if (active === 0) continue;
              const from = (head * headDim + k) * width;
              for (let d = 0; d < width; d++)
                own[pos * width + d] = (own[pos * width + d] as number) + active * (out[from + d] as number);
            }
          put(`a${layer}.${head}`, row, own);
        }
        if (mlpWidth > 0) {
          const { values } = cache.at(`${block}.hook_mlp_out`);
          put(`m${layer}`, row, values.slice(n * time * width, (n + 1) * time * width));
        }
      }
    }
  }
  return {
    logits,
    written: (part) => written.get(part) ?? [],
    scores: (row, layer, head) => {
      const [scores, seen] = [raw[row]?.[layer], pattern[row]?.[layer]];
      const size = (scores?.length ?? 0) / heads;
      const own = (values: Float32Array | undefined): Float32Array =>
        (values ?? new Float32Array()).subarray(head * size, (head + 1) * size);
      return { raw: own(scores), pattern: own(seen) };
    },
  };
}
