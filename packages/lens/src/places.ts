/** The places of a decoder that can be read and edited, named and shaped as in TransformerLens. */
import type { DecoderConfig } from "@candor/transformer";
import { distance } from "fastest-levenshtein";
import { LensError } from "./lens-error.ts";

export type Axis = "batch" | "pos" | "head" | "d_head" | "query" | "key" | "d_model" | "d_mlp" | "one";

/** A place's axes with their extents; those of `batch` and of positions depend on the run. */
export interface Place {
  readonly name: string;
  readonly axes: readonly Axis[];
  readonly heads?: number;
}

/** Every place of a model, in the order in which it computes them. */
export function placesOf(config: DecoderConfig): Map<string, Place> {
  const places = new Map<string, Place>();
  const add = (name: string, axes: readonly Axis[], heads?: number): void => {
    places.set(name, { name, axes, ...(heads !== undefined && { heads }) });
  };
  const stream = ["batch", "pos", "d_model"] as const;
  const norm = (name: string): void => {
    if (config.norm.kind === "none") return;
    add(`${name}.hook_scale`, ["batch", "pos", "one"]);
    add(`${name}.hook_normalized`, stream);
  };
  const { heads, kvHeads, layers } = config;
  add("hook_embed", stream);
  if (config.positions.kind === "learned") add("hook_pos_embed", ["pos", "d_model"]);
  for (let layer = 0; layer < layers; layer++) {
    const block = `blocks.${layer}`;
    const attention = `${block}.attn`;
    const perHead = ["batch", "pos", "head", "d_head"] as const;
    add(`${block}.hook_resid_pre`, stream);
    norm(`${block}.ln1`);
    add(`${attention}.hook_q`, perHead, heads);
    add(`${attention}.hook_k`, perHead, kvHeads);
    add(`${attention}.hook_v`, perHead, kvHeads);
    if (config.positions.kind === "rotary") {
      add(`${attention}.hook_rot_q`, perHead, heads);
      add(`${attention}.hook_rot_k`, perHead, kvHeads);
    }
    add(`${attention}.hook_attn_scores`, ["batch", "head", "query", "key"], heads);
    add(`${attention}.hook_pattern`, ["batch", "head", "query", "key"], heads);
    add(`${attention}.hook_z`, perHead, heads);
    add(`${block}.hook_attn_out`, stream);
    if (config.mlpWidth > 0) {
      if (!config.parallelResidual) add(`${block}.hook_resid_mid`, stream);
      norm(`${block}.ln2`);
      add(`${block}.mlp.hook_pre`, ["batch", "pos", "d_mlp"]);
      if (config.gated) add(`${block}.mlp.hook_pre_linear`, ["batch", "pos", "d_mlp"]);
      add(`${block}.mlp.hook_post`, ["batch", "pos", "d_mlp"]);
      add(`${block}.hook_mlp_out`, stream);
    }
    add(`${block}.hook_resid_post`, stream);
  }
  if (config.normPlacement === "pre") norm("ln_final");
  add("unembed.hook_in", stream);
  return places;
}

export function shapeOf({ axes, heads = 0 }: Place, config: DecoderConfig, batch: number, time: number): number[] {
  const extent: Record<Axis, number> = {
    ...{ batch, pos: time, query: time, key: time, head: heads, d_head: config.headDim },
    ...{ d_model: config.width, d_mlp: config.mlpWidth, one: 1 },
  };
  return axes.map((axis) => extent[axis]);
}

/** Names that are asked for: all, those that a function says yes to, or a list. */
export type Names = "all" | readonly string[] | ((name: string) => boolean);

/** @throws {LensError} for a name that is no place, with the nearest ones */
export function chosen(places: ReadonlyMap<string, Place>, names: Names): Place[] {
  if (names === "all") return [...places.values()];
  if (typeof names === "function") return [...places.values()].filter(({ name }) => names(name));
  return names.map((name) => placeNamed(places, name));
}

export function placeNamed(places: ReadonlyMap<string, Place>, name: string): Place {
  const found = places.get(name);
  if (found) return found;
  const near = [...places.keys()]
    .map((each) => ({ each, far: distance(name, each) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3);
  throw new LensError(`The model has no place ${name}`, `The nearest are ${near.map(({ each }) => each).join(", ")}.`);
}
