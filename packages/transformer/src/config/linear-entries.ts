/** Entries of families whose layers are PyTorch's Linear. */
import type { WeightEntry } from "./weight-layout.ts";

export interface EntryList {
  readonly entries: WeightEntry[];
  plain(name: string, part: string, shape: readonly number[]): void;
  /** [in, out] here, [out, in] there. */
  linear(name: string, part: string, from: number, to: number, bias: boolean): void;
}

export function entryList(): EntryList {
  const entries: WeightEntry[] = [];
  const plain: EntryList["plain"] = (name, part, shape) =>
    void entries.push({ name, shape, layout: { kind: "plain" }, parts: [{ name: part, shape }] });
  return {
    entries,
    plain,
    linear(name, part, from, to, bias) {
      const parts = [{ name: `${part}.weight`, shape: [from, to] }];
      entries.push({ name: `${name}.weight`, shape: [to, from], layout: { kind: "transposed" }, parts });
      if (bias) plain(`${name}.bias`, `${part}.bias`, [to]);
    },
  };
}
