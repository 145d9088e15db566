import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Lens } from "../lens.ts";
import { CircuitFinder } from "./circuit-finder.ts";
import { PathPatcher } from "./path-patching.ts";

const MODELS = join(import.meta.dirname, "../../../transformer/fixtures/models");
const clean = [
  [3, 1, 4, 1, 5],
  [9, 2, 6, 5, 3],
];
const corrupted = [
  [2, 7, 1, 8, 2],
  [8, 1, 8, 2, 8],
];
const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (x, n) => Math.abs(x - (b[n] ?? Number.NaN))));

describe("a path", () => {
  it("of one edge is that edge cut", async () => {
    await using lens = await Lens.open(join(MODELS, "gpt2"), { threads: 1 });
    await using finder = await CircuitFinder.open(lens, { clean, corrupted, ablation: "resample", threads: 1 });
    await using patcher = await PathPatcher.open(lens, { clean, corrupted, threads: 1 });
    expect(apart(patcher.clean, finder.whole)).toBeLessThan(1e-5);
    for (const from of ["tokens", "a0.1", "m0"]) {
      const kept = finder.edges.map((edge) => Number(!(edge.from === from && edge.to === "logits")));
      expect(apart(await patcher.logits([from, "logits"]), await finder.logits(kept))).toBeLessThan(1e-4);
    }
  });

  it("through an MLP changes what that says to the logits, and nothing else", async () => {
    await using lens = await Lens.open(join(MODELS, "gpt2"), { threads: 1 });
    const { heads, headDim, width, layers } = lens.config;
    const [z, out] = ["blocks.0.attn.hook_z", "blocks.0.hook_mlp_out"];
    const [own, other] = [await lens.run(clean, { read: [z, out] }), await lens.run(corrupted, { read: [z] })];
    const weights = lens.weights.get("blocks.0.attn.o.weight") ?? new Float32Array();
    const positions = clean.flat().length;
    // What head 0 of layer 0 says more in the corrupted run.
    const more = new Float32Array(positions * width);
    for (let at = 0; at < positions; at++)
      for (let k = 0; k < headDim; k++) {
        const from = at * heads * headDim + k;
        const by = (other.cache.at(z).values[from] as number) - (own.cache.at(z).values[from] as number);
        for (let d = 0; d < width; d++)
          more[at * width + d] = (more[at * width + d] as number) + by * (weights[k * width + d] as number);
      }
    const changed = await lens.run(clean, { read: [out], edits: [{ at: "blocks.0.hook_resid_mid", plus: more }] });
    const said = changed.cache.at(out).values.map((x, n) => x - (own.cache.at(out).values[n] as number));
    const { logits } = await lens.run(clean, { edits: [{ at: `blocks.${layers - 1}.hook_resid_post`, plus: said }] });
    await using patcher = await PathPatcher.open(lens, { clean, corrupted, threads: 1 });
    expect(apart(await patcher.logits(["a0.0", "m0", "logits"]), logits)).toBeLessThan(1e-4);
    const [effect] = await patcher.effects([["a0.0", "m0", "logits"]], (row) => row[7] ?? 0);
    const { vocab } = lens.config;
    const [row, time] = [logits.length / clean.length, 5];
    const lasts = clean.map((_, n) => n * row + (time - 1) * vocab + 7);
    const expected = lasts.reduce((sum, n) => sum + (logits[n] ?? 0) - (patcher.clean[n] ?? 0), 0) / clean.length;
    expect(effect).toBeCloseTo(expected, 4);
  });

  it("goes through queries, keys and values of a rotary model alike, and from end to end", async () => {
    await using lens = await Lens.open(join(MODELS, "gpt_neox-serial"), { threads: 1 });
    await using patcher = await PathPatcher.open(lens, { clean, corrupted, threads: 1 });
    const before = patcher.clean;
    for (const part of ["q", "k", "v"])
      expect(apart(await patcher.logits(["tokens", `a1.0.${part}`, "logits"]), before)).toBeGreaterThan(1e-6);
    // A pair of the same prompts brings nothing.
    await using same = await PathPatcher.open(lens, { clean, corrupted: clean, threads: 1 });
    expect(apart(await same.logits(["tokens", "m0", "a1.0.q", "logits"]), same.clean)).toBeLessThan(1e-5);
  });

  it("is of parts that follow each other, and of prompts of one length", async () => {
    await using lens = await Lens.open(join(MODELS, "gpt2"), { threads: 1 });
    await using patcher = await PathPatcher.open(lens, { clean, corrupted, threads: 1 });
    await expect(patcher.logits(["a1.0", "a0.0.q", "logits"])).rejects.toThrow("Nothing goes from a1.0 to a0.0.q");
    await expect(patcher.logits(["a0.0", "m0"])).rejects.toThrow("ends at logits");
    await expect(patcher.logits(["logits"])).rejects.toThrow(/writes and ends|Nothing goes/);
    await expect(PathPatcher.open(lens, { clean, corrupted: [[1, 2]] })).rejects.toThrow("are no pairs");
  });
});
