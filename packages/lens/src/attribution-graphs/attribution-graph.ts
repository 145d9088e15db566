/**
 * Attribution graphs (Ameisen et al. 2025, "Circuit Tracing"): what the features of transcoders, the tokens, and what transcoders miss give to
 * an answer and to each other on one prompt, with attention and norms as they were, so that what is given adds up.
 */
import { Session } from "@candor/graph";
import { readOut } from "../attribution.ts";
import type { Dictionary } from "../dictionaries/dictionary.ts";
import { dot } from "../directions.ts";
import type { Lens } from "../lens.ts";
import { LensError } from "../lens-error.ts";
import { modelHash } from "../model-hash.ts";
import { frozenName, frozenProgram, mustBeSerial } from "./frozen-stream.ts";

export type GraphNode =
  | { kind: "token"; position: number; token: number }
  /** A transcoder's feature where it speaks. */
  | { kind: "feature"; layer: number; position: number; feature: number; activation: number }
  /** What a layer's MLP says and its transcoder does not. */
  | { kind: "error"; layer: number; position: number }
  | { kind: "answer"; position: number };

export interface GraphEdge {
  /** Places in `nodes`. */
  from: number;
  to: number;
  /** In what the reader says: logits, or a feature's activation before its gate. */
  weight: number;
}

export interface AttributionGraph {
  nodes: GraphNode[];
  edges: GraphEdge[];
  /** Of each node, the share of the answer that comes by way of it; the answer's is 1. */
  influence: number[];
  /** What the answer is, and the part of it that no node gives: biases. */
  answer: number;
  constant: number;
}

export interface AttributionGraphOptions {
  /** Tokens with weights whose logits at the last position are the answer. */
  answer: readonly (readonly [token: number, weight: number])[];
  /** Features whose own sources are looked for, those of the most influence first. */
  expanded?: number;
  threads?: number;
}

interface Source {
  node: GraphNode;
  /** `embedded`, or an MLP's name. */
  place: string;
  vector: Float32Array;
}

/**
 * @param transcoders of some layers, which read `blocks.L.hook_resid_mid` or `blocks.L.ln2.hook_normalized` and write `blocks.L.hook_mlp_out`
 * @throws {LensError} for a model or transcoders that graphs are not of
 */
export async function attributionGraph(
  lens: Lens,
  transcoders: readonly Dictionary[],
  tokens: readonly number[],
  { answer, expanded = 48, threads }: AttributionGraphOptions,
): Promise<AttributionGraph> {
  const { config } = lens;
  mustBeSerial(config);
  const { time } = lens.sizeOf([tokens]);
  const byLayer = layersOf(lens, transcoders);
  const { cache, logits } = await lens.run([[...tokens]], { read: (name) => READ.test(name) || reads(byLayer, name) });
  const { width, layers, vocab } = config;
  const program = frozenProgram(config, time);
  await using session = await Session.create(program, threads === undefined ? {} : { threads });
  await session.hold(Object.fromEntries([...lens.weights].filter(([name]) => name in program.inputs)));
  const rowAt = (name: string, position: number): Float32Array =>
    cache.at(name).values.slice(position * width, (position + 1) * width);
  const inverse = (name: string): Float32Array =>
    config.norm.kind === "none" ? new Float32Array(time).fill(1) : cache.at(name).values.map((scale) => 1 / scale);

  const embedded = cache.at("hook_embed").values.slice();
  if (config.positions.kind === "learned")
    for (const [n, value] of cache.at("hook_pos_embed").values.entries()) embedded[n] = (embedded[n] as number) + value;
  const sources: Source[] = tokens.map((token, position) => ({
    node: { kind: "token", position, token },
    place: "embedded",
    vector: embedded.slice(position * width, (position + 1) * width),
  }));
  const held: Record<string, Float32Array> = { embedded };
  for (let layer = 0; layer < layers; layer++) {
    held[frozenName.pattern(layer)] = cache.at(`blocks.${layer}.attn.hook_pattern`).values;
    held[frozenName.scale(layer)] = inverse(`blocks.${layer}.ln1.hook_scale`);
    const out = `blocks.${layer}.hook_mlp_out`;
    held[frozenName.mlp(layer)] = cache.at(out).values;
    sources.push(...(await saidIn(byLayer.get(layer), { layer, time, width, rowAt: (at) => rowAt(out, at), cache })));
  }
  const inputs = (values: Record<string, Float32Array>) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => name in program.inputs));
  await session.hold(inputs(held));

  const places = [...Array(layers).keys(), "end"] as const;
  const nothing = new Float32Array(time * width);
  /** What each source gives along a direction at one place and position, and the whole of what is said there. */
  const given = async (at: number | "end", position: number, direction: Float32Array) => {
    const towards = new Float32Array(time * width);
    towards.set(direction, position * width);
    const values = await session.run(
      inputs(Object.fromEntries(places.map((place) => [frozenName.towards(place), place === at ? towards : nothing]))),
    );
    const weights = sources.map(({ node, place, vector }) => {
      const slopes = values[frozenName.slope(place)] as Float32Array;
      return dot(slopes.subarray(node.position * width, (node.position + 1) * width), vector);
    });
    return { whole: Number(values.target?.[0]), weights };
  };

  const last = time - 1;
  const { vector, bias } = readOut(config, lens.weights, answer);
  const spread = config.norm.kind === "none" ? 1 : (cache.at("ln_final.hook_scale").values[last] as number);
  const first = await given(
    "end",
    last,
    Float32Array.from(vector, (x) => x / spread),
  );
  const nodes: GraphNode[] = [...sources.map(({ node }) => node), { kind: "answer", position: last }];
  const goal = nodes.length - 1;
  const rows = new Map<number, number[]>([[goal, first.weights]]);
  let influence = influences(nodes, rows, goal);
  while (rows.size <= expanded) {
    const next = nodes.reduce(
      (best, node, n) =>
        node.kind === "feature" && !rows.has(n) && (influence[n] as number) > (influence[best] ?? 0) ? n : best,
      -1,
    );
    const node = nodes[next];
    if (node?.kind !== "feature") break;
    const { weights } = await given(node.layer, node.position, readBy(byLayer, node, cache, config));
    rows.set(next, weights);
    influence = influences(nodes, rows, goal);
  }
  const told = answer.reduce((all, [token, weight]) => all + weight * (logits[last * vocab + token] as number), 0);
  return {
    nodes,
    influence,
    edges: [...rows].flatMap(([to, weights]) =>
      weights.flatMap((weight, from) => (weight === 0 ? [] : [{ from, to, weight }])),
    ),
    answer: told,
    constant: first.whole + bias - first.weights.reduce((a, b) => a + b, 0),
  };
}

const READ =
  /^(hook_embed|hook_pos_embed|blocks\.\d+\.(attn\.hook_pattern|ln[12]\.hook_scale|hook_mlp_out)|ln_final\.hook_scale)$/;

type Layers = ReadonlyMap<number, Dictionary>;
type Cache = Awaited<ReturnType<Lens["run"]>>["cache"];

const reads = (byLayer: Layers, name: string): boolean =>
  [...byLayer.values()].some(({ origin }) => origin.reads === name);

function layersOf(lens: Lens, transcoders: readonly Dictionary[]): Map<number, Dictionary> {
  const byLayer = new Map<number, Dictionary>();
  const hash = modelHash(lens);
  for (const transcoder of transcoders) {
    transcoder.mustFit(hash);
    const { reads: from, writes: to } = transcoder.origin;
    const layer = Number(/^blocks\.(\d+)\.(?:hook_resid_mid|ln2\.hook_normalized)$/.exec(from)?.[1] ?? Number.NaN);
    if (Number.isNaN(layer) || to !== `blocks.${layer}.hook_mlp_out`)
      throw new LensError(
        `A transcoder from ${from} to ${to} does not stand for an MLP`,
        "Train one from blocks.L.hook_resid_mid to blocks.L.hook_mlp_out.",
      );
    byLayer.set(layer, transcoder);
  }
  return byLayer;
}

interface Said {
  layer: number;
  time: number;
  width: number;
  rowAt(position: number): Float32Array;
  cache: Cache;
}

/** What a layer's MLP says: its transcoder's features where they speak, and what those leave. */
async function saidIn(
  transcoder: Dictionary | undefined,
  { layer, time, width, rowAt, cache }: Said,
): Promise<Source[]> {
  const place = frozenName.mlp(layer);
  const error = (position: number, vector: Float32Array): Source => ({
    ...{ node: { kind: "error", layer, position }, place, vector },
  });
  if (!transcoder) return Array.from({ length: time }, (_, position) => error(position, rowAt(position)));
  const { acts, made } = await transcoder.read(cache.at(transcoder.origin.reads).values);
  const { features } = transcoder.shape;
  return Array.from({ length: time }, (_, position): Source[] => {
    const spoken: Source[] = [];
    for (let feature = 0; feature < features; feature++) {
      const activation = acts[position * features + feature] as number;
      if (activation === 0) continue;
      spoken.push({
        node: { kind: "feature", layer, position, feature, activation },
        ...{ place, vector: transcoder.direction(feature).map((x) => activation * x) },
      });
    }
    const left = rowAt(position).map((x, n) => x - (made[position * width + n] as number));
    return [...spoken, error(position, left)];
  }).flat();
}

/** The direction of the stream that a feature reads, as the norm before it lets it. */
function readBy(
  byLayer: Layers,
  { layer, position, feature }: Extract<GraphNode, { kind: "feature" }>,
  cache: Cache,
  { norm, width }: Lens["config"],
): Float32Array {
  const transcoder = byLayer.get(layer) as Dictionary;
  const { features } = transcoder.shape;
  const encoder = transcoder.weights.get("W_enc") ?? new Float32Array();
  const column = Float32Array.from({ length: width }, (_, n) => encoder[n * features + feature] as number);
  if (transcoder.origin.reads.endsWith("hook_resid_mid")) return column;
  const scale = norm.kind === "none" ? 1 : (cache.at(`blocks.${layer}.ln2.hook_scale`).values[position] as number);
  const centre = norm.kind === "layer" ? column.reduce((a, b) => a + b, 0) / width : 0;
  return column.map((x) => (x - centre) / scale);
}

/** Shares of each reader's sources by size, followed from the answer down; what is not expanded passes nothing on. */
function influences(nodes: readonly GraphNode[], rows: ReadonlyMap<number, number[]>, goal: number): number[] {
  const influence = nodes.map((_, n) => Number(n === goal));
  const depth = (n: number): number => {
    const node = nodes[n];
    return node?.kind === "feature" ? node.layer : Number.POSITIVE_INFINITY;
  };
  for (const reader of [...rows.keys()].sort((a, b) => depth(b) - depth(a))) {
    const weights = rows.get(reader) ?? [];
    const all = weights.reduce((sum, weight) => sum + Math.abs(weight), 0);
    if (all === 0) continue;
    for (const [n, weight] of weights.entries())
      influence[n] = (influence[n] as number) + ((influence[reader] as number) * Math.abs(weight)) / all;
  }
  return influence;
}
