import { readFileSync } from "node:fs";
import { Tokenizer as HuggingFace } from "@huggingface/tokenizers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { tokenizerFromJson } from "./document-tokenizer.ts";
import { streamDecoder } from "./stream-decoder.ts";
import { trainBpe } from "./train-bpe.ts";

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../fixtures/tokenizers/${name}.json`, import.meta.url), "utf8"));

const NAMES = ["gpt2", "gpt_neox", "llama3", "qwen2"] as const;
const ids = z.array(z.array(z.int()));
const made = z.object({ template: ids, bare: ids, decoded: z.array(z.string()), skipped: z.array(z.string()) });
const expected = z
  .object({ texts: z.array(z.string()), gpt2: made, gpt_neox: made, llama3: made, qwen2: made })
  .parse(fixture("expected"));

describe.each(NAMES)("a %s tokenizer.json", (name) => {
  const tokenizer = tokenizerFromJson(fixture(name));
  const theirs = expected[name];

  it("encodes and decodes as the Python library does", () => {
    for (const [i, text] of expected.texts.entries()) {
      expect(tokenizer.encode(text, { template: true }), JSON.stringify(text)).toEqual(theirs.template[i]);
      const bare = tokenizer.encode(text);
      expect(bare, JSON.stringify(text)).toEqual(theirs.bare[i]);
      expect(tokenizer.decode(bare)).toBe(theirs.decoded[i]);
      expect(tokenizer.decode(theirs.template[i] ?? [], { skipSpecial: true })).toBe(theirs.skipped[i]);
    }
  });

  // Its \s is JavaScript's, where U+FEFF is a space and U+0085 is not; the Python library (above) has it the other way round.
  const anyText = fc
    .oneof(fc.string({ unit: "binary", maxLength: 60 }), fc.string({ unit: "grapheme", maxLength: 60 }), fc.string())
    .map((text) => text.replaceAll(/[\ufeff\u0085]/g, "x"));

  it("agrees with @huggingface/tokenizers on random Unicode", () => {
    const peer = new HuggingFace(fixture(name) as object, {});
    fc.assert(
      fc.property(fc.array(fc.oneof(anyText, fc.constantFrom("<|endoftext|>", "  ", "'LL", "\r\n"))), (parts) => {
        const text = parts.join("");
        const encoded = tokenizer.encode(text, { template: true });
        expect(encoded).toEqual(peer.encode(text).ids);
        expect(tokenizer.decode(encoded)).toBe(encoded.length === 0 ? "" : peer.decode(encoded));
      }),
      { numRuns: 300 },
    );
  });

  it("gives any text back, in normal form where it normalizes", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const back = tokenizer.decode(tokenizer.encode(text, { added: "text" }));
        expect(back).toBe(name === "gpt2" || name === "llama3" ? text : text.normalize("NFC"));
      }),
    );
  });

  it("streams what decode gives, and never half a character", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(tokenizer.vocabSize - 1)), (some) => {
        const known = some.filter((id) => id < tokenizer.vocabSize);
        const decoder = streamDecoder(tokenizer);
        expect(known.map((id) => decoder.push(id)).join("") + decoder.end()).toBe(tokenizer.decode(known));
      }),
    );
    const decoder = streamDecoder(tokenizer);
    const pushed = tokenizer.encode("日👩‍👧é!").map((id) => decoder.push(id));
    expect(pushed.join("")).toBe("日👩‍👧é!");
    expect(pushed.join("")).not.toContain("\ufffd");
  });

  it("is the same after toJSON", () => {
    const again = tokenizerFromJson(JSON.parse(JSON.stringify(tokenizer)));
    for (const text of expected.texts) expect(again.encode(text)).toEqual(tokenizer.encode(text));
  });

  it("spells special tokens out when told that they are text", () => {
    const spelt = tokenizer.encode("a<|endoftext|>b", { added: "text" });
    expect(spelt.some((id) => tokenizer.isSpecial(id))).toBe(false);
    expect(tokenizer.decode(spelt)).toBe("a<|endoftext|>b");
    expect(tokenizer.encode("a<|endoftext|>b").some((id) => tokenizer.isSpecial(id))).toBe(true);
  });
});

describe("training BPE", () => {
  const { texts } = expected;

  it("learns what the Python trainer learnt, merge by merge", async () => {
    const corpus = (fixture("corpus") as string[]).flatMap((text) => [text, text, text]);
    const trained = await trainBpe(corpus, { vocabSize: 420, special: ["<|endoftext|>"] });
    const { model } = tokenizerFromJson(fixture("gpt2")).toJSON();
    expect(trained.toJSON().model).toEqual(model);
  });

  it("makes a tokenizer that any text survives and that @huggingface/tokenizers reads alike", async () => {
    for (const pattern of ["gpt2", "llama3", "qwen2"] as const) {
      const trained = await trainBpe(texts, { vocabSize: 600, special: ["<|endoftext|>", "<|user|>"], pattern });
      const peer = new HuggingFace(trained.toJSON(), {});
      fc.assert(
        fc.property(fc.string({ unit: "grapheme" }), (text) => {
          const encoded = trained.encode(text);
          expect(encoded).toEqual(peer.encode(text).ids);
          expect(trained.decode(encoded)).toBe(text);
        }),
      );
    }
  });

  it("never learns across a special token, and stops when nothing repeats", async () => {
    const trained = await trainBpe(["ab<|x|>ab<|x|>"], { vocabSize: 5_000, special: ["<|x|>"] });
    expect(trained.vocabSize).toBe(258);
    expect(trained.token(257)).toBe("ab");
    expect(trained.encode("ab<|x|>ab")).toEqual([257, 0, 257]);
  });

  it("stops when told to, and refuses a vocabulary that is smaller than the bytes", async () => {
    const signal = AbortSignal.abort();
    await expect(trainBpe(["a"], { vocabSize: 300, signal })).rejects.toThrow("aborted");
    await expect(trainBpe(["a"], { vocabSize: 200 })).rejects.toThrow("A vocabulary of 200 tokens cannot be");
  });
});
