import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { SHIPPED } from "@candor/small-mind";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toFailure } from "../failure.ts";
import { findingsOf, forgetFinding, lookAgain, saveFinding } from "./findings.ts";
import { Lenses, type OpenLens } from "./lenses.ts";
import { circuitOf, cutOf, editOf, featuresOf, readingOf, viewOf } from "./looking.ts";
import { lensModels, noteModel } from "./models.ts";
import { textsOfFile } from "./texts.ts";

const MODELS = resolve(import.meta.dirname, "../../../../packages/transformer/fixtures/models");
let home = "";
let small: OpenLens;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "lens-"));
  small = await new Lenses(home).of("small-mind");
});
afterAll(async () => {
  await small[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

const refused = async (doing: Promise<unknown>) => {
  const failure = toFailure(
    await doing.then(
      () => new Error("it was not refused"),
      (error: unknown) => error,
    ),
  );
  return { message: failure.message, exit: failure.exit };
};

describe("models to look into", () => {
  it("are the small mind and what is noted, each once, as long as it is there", () => {
    const folder = join(MODELS, "gpt2");
    const id = noteModel(home, { folder, dictionaries: ["a"] });
    noteModel(home, { folder, dictionaries: ["b"] });
    noteModel(home, { folder: join(home, "gone") });
    expect(lensModels(home).map(({ id: each }) => each)).toEqual(["small-mind", id]);
    expect(lensModels(home)[1]).toMatchObject({ folder, name: "models/gpt2", dictionaries: ["a", "b"] });
  });

  it("that are not there are refused", async () => {
    expect(await refused(new Lenses(home).of("0123456789ab"))).toMatchObject({ exit: 2, message: /there is no model/ });
  });

  it("are shown with texts of a file, or with what they would write themselves", async () => {
    const file = join(home, "texts.txt");
    await writeFile(file, "one two \n\nthree\nfour\n\n\n");
    expect(await textsOfFile(file)).toEqual(["one two ", "three\nfour", "\n"].slice(0, 2));
    expect((await refused(textsOfFile(join(home, "none.txt")))).message).toMatch(/cannot be read/);
    const copy = join(home, "copy");
    await cp(SHIPPED, copy, { recursive: true });
    await using other = await new Lenses(home).of(noteModel(home, { folder: copy }));
    expect((await other.rows()).length).toBeGreaterThan(4);
  });
});

describe("the small mind, looked into", () => {
  it("is told part by part", async () => {
    const view = await viewOf(small);
    const { embedding, positions, unembedding, layers, parameters, shape } = view;
    const inLayers = layers.reduce((sum, { attention, mlp, norms }) => sum + attention + mlp + norms, 0);
    // What is left is the last norm.
    expect(parameters - embedding - positions - unembedding - inLayers).toBe(shape.width);
    expect(view.example).toMatch(/ then $/);
  });

  it("reads a prompt: chances, layers, heads, and what each token gave", async () => {
    const { example } = await viewOf(small);
    const reading = await readingOf(small, { text: example, layer: 1, head: 1 });
    const count = reading.tokens.length;
    expect(reading.tokens.map(({ text }) => text).join("")).toBe(example);
    const { logits } = await small.lens.run([small.tokens(example)], {});
    const last = Array.from(logits.slice(-small.lens.config.vocab));
    const total = last.reduce((sum, x) => sum + Math.exp(x), 0);
    const [first] = reading.next;
    expect(first?.probability).toBeCloseTo(Math.exp(Math.max(...last)) / total, 4);
    expect(first?.token).toBe(last.indexOf(Math.max(...last)));
    // The last layer says what the model says.
    expect(reading.layers.at(-1)?.at(-1)?.[0]).toEqual(first);
    expect(Buffer.from(reading.pattern, "base64").length).toBe(count * count);
    expect(reading.attribution).toHaveLength(count);
    // The first head written by slopes, checked by taking its row of the pattern.
    const { cache } = await small.lens.run([small.tokens(example)], { read: ["blocks.1.attn.hook_pattern"] });
    const pattern = cache.at("blocks.1.attn.hook_pattern").values.subarray(count * count, 2 * count * count);
    expect((Buffer.from(reading.pattern, "base64")[count * count - 1] ?? 0) / 255).toBeCloseTo(
      pattern[count * count - 1] ?? 0,
      2,
    );
  });

  it("has circuits, which are cut until nothing is left", async () => {
    const { example } = await viewOf(small);
    const { next } = await readingOf(small, { text: example, layer: 0, head: 0 });
    const pair = {
      ...{ clean: example, corrupted: example.replace("pages many", "pages none") },
      ...{ right: next[0]?.text ?? "", wrong: next[1]?.text ?? "" },
    };
    const circuit = await circuitOf(small, pair);
    expect(circuit.curve.at(-1)).toMatchObject({ edges: circuit.count });
    expect(circuit.curve.at(-1)?.faithfulness).toBeCloseTo(1, 3);
    const all = await cutOf(small, { ...pair, threshold: 0, without: [] });
    expect(all.faithfulness).toBeCloseTo(1, 3);
    const without = await cutOf(small, { ...pair, threshold: 0, without: ["m1"] });
    expect(without.kept.some(({ from, to }) => from === "m1" || to === "m1")).toBe(false);
    expect(await refused(cutOf(small, { ...pair, threshold: 1e6, without: [] }))).toMatchObject({
      exit: 2,
      message: /No edge of an effect of at least 1000000/,
    });
    expect((await refused(circuitOf(small, { ...pair, corrupted: "steps " }))).message).toMatch(/and 1 tokens/);
    expect((await refused(circuitOf(small, { ...pair, right: "steps many " }))).message).toMatch(/is 2 tokens/);
    expect((await refused(circuitOf(small, { ...pair, corrupted: example }))).message).toMatch(/says the same/);
  });

  it("has neurons that speak where their boards say", async () => {
    const { features } = await featuresOf(small, { of: { layer: 0 } });
    expect(features.length).toBe(12);
    for (const { most, examples, density } of features) {
      expect(examples[0]?.value).toBeCloseTo(most, 5);
      expect(density).toBeGreaterThan(0);
    }
    expect((await refused(featuresOf(small, { of: { layer: 9 } }))).message).toBe("there are no neurons in layer 9");
    expect((await refused(featuresOf(small, { of: { layer: 0 }, feature: 1e6 }))).message).toMatch(
      /no feature 1000000/,
    );
  });

  it("is edited in a copy", async () => {
    const { example } = await viewOf(small);
    const before = await readingOf(small, { text: example, layer: 0, head: 0 });
    const target = before.next[2]?.text ?? "";
    const heads = await editOf(small, { edit: { kind: "heads", heads: [[0, 0]], scale: 1 }, prompt: example, target });
    expect(heads.next.after).toEqual(heads.next.before);
    expect(heads.neighbourhood.same).toBe(1);
    const made = await editOf(small, {
      edit: { kind: "rank-one", layer: 2, subject: "then" },
      prompt: example,
      target,
    });
    expect(made.next.after[0]?.text).toBe(target);
    expect(await readingOf(small, { text: example, layer: 0, head: 0 })).toMatchObject({ next: before.next });
    const edit = { kind: "rank-one", layer: 0, subject: "elephant" } as const;
    expect((await refused(editOf(small, { edit, prompt: example, target }))).message).toMatch(/is not in the prompt/);
  });
});

describe("findings", () => {
  it("are kept with what was seen and of what, looked at again, and forgotten", async () => {
    const text = (await viewOf(small)).example;
    const look = { tab: "prompt", text, layer: 0, head: 1 } as const;
    const kept = await saveFinding(home, small, { name: "what it says first", look });
    expect(kept).toMatchObject({ model: "small-mind", name: "what it says first", look });
    expect(kept.seen).toMatch(/^".+" comes next with [\d.]+ %/);
    const pair = {
      clean: text,
      corrupted: text.replace("name/yours", "nobody/yours"),
      right: "given ",
      wrong: "found ",
    };
    const cut = { tab: "circuit" as const, ...pair, threshold: 0, without: [] };
    const other = await saveFinding(home, small, { name: "a circuit", look: cut });
    expect(findingsOf(home, "small-mind").map(({ id }) => id)).toEqual([other.id, kept.id]);
    for (const each of [kept, other]) {
      const again = await lookAgain(home, small, each.id);
      expect(again).toMatchObject({ seen: each.seen, changed: { model: false, data: false, version: false } });
    }
    // A file that somebody changed by hand is no finding.
    await writeFile(join(home, "lens/findings/small-mind", `${other.id}.json`), "{}");
    expect(findingsOf(home, "small-mind").map(({ id }) => id)).toEqual([kept.id]);
    expect((await refused(lookAgain(home, small, other.id))).exit).toBe(2);
    forgetFinding(home, "small-mind", kept.id);
    expect(findingsOf(home, "small-mind")).toEqual([]);
    expect(() => forgetFinding(home, "small-mind", kept.id)).toThrow("there is no finding");
  });

  it("say when the model, or the texts, are others than they were", async () => {
    const folder = join(home, "copied");
    await cp(SHIPPED, folder, { recursive: true });
    const texts = join(home, "looked-with.txt");
    await writeFile(texts, "steps many \n");
    const id = noteModel(home, { folder, texts });
    await using before = await new Lenses(home).of(id);
    const look = { tab: "prompt", text: "steps many ", layer: 0, head: 0 } as const;
    const { id: finding } = await saveFinding(home, before, { name: "x", look });
    await writeFile(texts, "pages many \n");
    await using after = await new Lenses(home).of(id);
    expect((await lookAgain(home, after, finding)).changed).toEqual({ model: false, data: true, version: false });
  });
});
