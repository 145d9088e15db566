import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { logitAttribution } from "../attribution.ts";
import { Dictionary } from "../dictionaries/dictionary.ts";
import { Lens } from "../lens.ts";
import { modelHash } from "../model-hash.ts";
import { attributionGraphPicture } from "../pictures/attribution-graph.ts";
import { attributionGraph, type GraphNode } from "./attribution-graph.ts";
import { groupGraph, pruneGraph } from "./prune.ts";

const MODELS = join(import.meta.dirname, "../../../transformer/fixtures/models");
const FEATURES = 24;
const tokens = [3, 1, 4, 1, 5];
const answer = [
  [7, 1],
  [9, -1],
] as const;

/** Transcoders of lots: what they miss is told as errors. */
function transcodersOf(lens: Lens, reads: (layer: number) => string): Dictionary[] {
  const { width, layers } = lens.config;
  let state = 11;
  const lot = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  const numbers = (size: number, scale: number): Float32Array =>
    Float32Array.from({ length: size }, () => scale * lot());
  return Array.from({ length: layers }, (_, layer) => {
    const weights = new Map([
      ["W_enc", numbers(width * FEATURES, 0.5)],
      ["W_dec", numbers(FEATURES * width, 0.2)],
      ["b_enc", numbers(FEATURES, 0.1)],
      ["b_dec", new Float32Array(width)],
    ]);
    return new Dictionary(
      { gate: { kind: "relu" }, inWidth: width, outWidth: width, features: FEATURES, transcodes: true },
      weights,
      { model: modelHash(lens), reads: reads(layer), writes: `blocks.${layer}.hook_mlp_out` },
      { threads: 1 },
    );
  });
}

const middle = (layer: number): string => `blocks.${layer}.hook_resid_mid`;
const normed = (layer: number): string => `blocks.${layer}.ln2.hook_normalized`;
const last = (nodes: readonly GraphNode[]): number => nodes.length - 1;

describe.each([
  ["gpt2", middle],
  ["gpt2", normed],
  ["llama", normed],
  ["gpt_neox-serial", middle],
])("the attribution graph of a %s", (name, reads) => {
  it("adds up to the answer, and to what each feature reads", async () => {
    await using lens = await Lens.open(join(MODELS, name), { threads: 1 });
    const transcoders = transcodersOf(lens, reads);
    const graph = await attributionGraph(lens, transcoders, tokens, { answer, expanded: 12, threads: 1 });
    const { vocab, layers, width, norm } = lens.config;
    const { logits, cache } = await lens.run([tokens], { read: transcoders.map(({ origin }) => origin.reads) });
    const row = logits.slice(-vocab);
    expect(graph.answer).toBeCloseTo((row[7] ?? 0) - (row[9] ?? 0), 4);
    const into = (to: number): number =>
      graph.edges.reduce((sum, edge) => (edge.to === to ? sum + edge.weight : sum), 0);
    const goal = last(graph.nodes);
    expect(into(goal) + graph.constant).toBeCloseTo(graph.answer, 3);
    // Without biases everything comes from tokens and MLPs.
    const isPlain = norm.kind === "rms" && !lens.config.biases.qkv;
    if (isPlain) expect(graph.constant).toBeCloseTo(0, 3);
    // What the last MLP gives at the last position is what direct logit attribution says.
    const parts = await logitAttribution(lens, [tokens], [answer]);
    const direct = parts.find(({ part }) => part === `${layers - 1}.mlp`)?.values[0];
    const given = graph.edges.reduce((sum, { from, to, weight }) => {
      const node = graph.nodes[from];
      const isIt = node && "layer" in node && node.layer === layers - 1 && node.position === tokens.length - 1;
      return to === goal && isIt ? sum + weight : sum;
    }, 0);
    expect(given).toBeCloseTo(direct ?? Number.NaN, 3);
    // A feature of the first layer reads tokens alone.
    const readers = new Set(graph.edges.map(({ to }) => to));
    expect(readers.size).toBeGreaterThan(5);
    for (const to of readers) {
      const node = graph.nodes[to];
      if (node?.kind !== "feature") continue;
      for (const { from } of graph.edges.filter((edge) => edge.to === to)) {
        const source = graph.nodes[from];
        if (source && "layer" in source) expect(source.layer).toBeLessThan(node.layer);
        expect(source?.position).toBeLessThanOrEqual(node.position);
      }
      if (!isPlain) continue;
      const transcoder = transcoders[node.layer] as Dictionary;
      const x = cache.at(transcoder.origin.reads).values.subarray(node.position * width, (node.position + 1) * width);
      const encoder = transcoder.weights.get("W_enc") ?? new Float32Array();
      const says = x.reduce((sum, value, n) => sum + value * (encoder[n * FEATURES + node.feature] ?? 0), 0);
      expect(into(to)).toBeCloseTo(says, 3);
    }
    for (const transcoder of transcoders) await transcoder[Symbol.asyncDispose]();
  });
});

describe("a graph", () => {
  it("is pruned to what most of the influence goes through, grouped and drawn", async () => {
    await using lens = await Lens.open(join(MODELS, "gpt2"), { threads: 1 });
    const transcoders = transcodersOf(lens, middle);
    const graph = await attributionGraph(lens, transcoders, tokens, { answer, expanded: 20, threads: 1 });
    const small = pruneGraph(graph);
    expect(small.nodes.length).toBeLessThan(graph.nodes.length);
    expect(small.edges.length).toBeLessThan(graph.edges.length);
    expect(small.nodes.at(-1)).toMatchObject({ kind: "answer" });
    const told = (of: typeof graph): number => of.influence.slice(0, -1).reduce((a, b) => a + b, 0);
    expect(told(small)).toBeGreaterThanOrEqual(0.8 * told(graph));
    const grouped = groupGraph(small);
    expect(grouped.members.reduce((a, b) => a + b, 0)).toBe(small.nodes.length);
    const into = (of: typeof graph): number =>
      of.edges.reduce((sum, { to, weight }) => (to === last(of.nodes) ? sum + weight : sum), 0);
    expect(into(grouped)).toBeCloseTo(into(small), 4);
    const drawn = attributionGraphPicture(grouped, { title: "why", answer: "7 over 9", token: (token) => `t${token}` });
    expect(drawn).toMatch(/^<svg/);
    expect(drawn).toContain("7 over 9");
    expect(drawn.match(/<path/g)?.length).toBe(grouped.edges.length);
    for (const transcoder of transcoders) await transcoder[Symbol.asyncDispose]();
  });

  it("is of transcoders of this model's MLPs, and of models whose MLPs come after attention", async () => {
    await using lens = await Lens.open(join(MODELS, "gpt2"), { threads: 1 });
    const wrong = transcodersOf(lens, (layer) => `blocks.${layer}.hook_resid_pre`);
    await expect(attributionGraph(lens, wrong, tokens, { answer })).rejects.toThrow("does not stand for an MLP");
    await using other = await Lens.open(join(MODELS, "gpt_neox"), { threads: 1 });
    await expect(attributionGraph(other, [], tokens, { answer })).rejects.toThrow("MLPs come after attention");
    const [strange] = transcodersOf(lens, middle);
    await using neox = await Lens.open(join(MODELS, "gpt_neox-serial"), { threads: 1 });
    await expect(attributionGraph(neox, strange ? [strange] : [], tokens, { answer })).rejects.toThrow(
      "made for the model",
    );
  });
});
