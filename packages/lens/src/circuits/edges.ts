/** A decoder as a graph of parts that write to the residual stream and parts that read from it (Elhage et al. 2021). */
import type { DecoderConfig } from "@candor/transformer";
import { LensError } from "../lens-error.ts";

/** `tokens`, `positions`, `a0.1` for head 1 of layer 0, `m0` for its MLP, in the order in which they write. */
export type WriterName = string;
/** `a0.1.q`, `a0.1.k`, `a0.1.v`, `m0`, `logits`. */
export type ReaderName = string;

/** Readers of one place in the order of computation: all see the first so many writers. */
export interface ReaderGroup {
  /** `a0`, `m0` or `logits`. */
  name: string;
  readers: readonly ReaderName[];
  writers: number;
  /** Where its edges begin among all; reader r and writer w have edge `start + r * writers + w`. */
  start: number;
}

export interface Edge {
  from: WriterName;
  to: ReaderName;
}

export interface Wiring {
  writers: readonly WriterName[];
  groups: readonly ReaderGroup[];
  edges: readonly Edge[];
}

/** @throws {LensError} for decoders whose parts do not simply add up */
export function wiringOf(config: DecoderConfig): Wiring {
  if (config.normPlacement !== "pre")
    throw new LensError("Edges are of decoders whose norms come before attention and MLP", "Take another model.");
  if (config.heads !== config.kvHeads)
    throw new LensError("Edges are of decoders whose heads have keys and values of their own", "Take another model.");
  const writers: WriterName[] = ["tokens", ...(config.positions.kind === "learned" ? ["positions"] : [])];
  const groups: ReaderGroup[] = [];
  const edges: Edge[] = [];
  const read = (name: string, readers: readonly ReaderName[], seen: number): void => {
    groups.push({ name, readers, writers: seen, start: edges.length });
    for (const to of readers) for (const from of writers.slice(0, seen)) edges.push({ from, to });
  };
  for (let layer = 0; layer < config.layers; layer++) {
    const heads = Array.from({ length: config.heads }, (_, head) => `a${layer}.${head}`);
    const before = writers.length;
    read(
      `a${layer}`,
      ["q", "k", "v"].flatMap((part) => heads.map((head) => `${head}.${part}`)),
      before,
    );
    writers.push(...heads);
    if (config.mlpWidth === 0) continue;
    read(`m${layer}`, [`m${layer}`], config.parallelResidual ? before : writers.length);
    writers.push(`m${layer}`);
  }
  read("logits", ["logits"], writers.length);
  return { writers, groups, edges };
}

/** Of some edges those that lie on a way from the input to the logits: others can change nothing. */
export function connected({ edges }: Wiring, kept: readonly boolean[]): boolean[] {
  const partOf = (reader: ReaderName): WriterName => reader.replace(/\.[qkv]$/, "");
  // Edges stand in the order of their readers, so that one walk each way is enough.
  const reached = new Set(["tokens", "positions"]);
  const forward = edges.map(({ from, to }, n) => {
    const is = kept[n] === true && reached.has(from);
    if (is) reached.add(partOf(to));
    return is;
  });
  const useful = new Set(["logits"]);
  const both = forward.slice();
  for (let n = edges.length - 1; n >= 0; n--) {
    const { from, to } = edges[n] as Edge;
    if (!forward[n] || !useful.has(partOf(to))) both[n] = false;
    else useful.add(from);
  }
  return both;
}
