import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tokenizerFromJson } from "./document-tokenizer.ts";
import { bytesTokenizer, charactersTokenizer } from "./simple-tokenizers.ts";

describe("bytes", () => {
  it("are their own ids, through tokenizer.json too", () => {
    const tokenizer = tokenizerFromJson(JSON.parse(JSON.stringify(bytesTokenizer({ special: ["<|end|>"] }))));
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(tokenizer.encode(text)).toEqual([...Buffer.from(text)]);
        expect(tokenizer.decode(Buffer.from(text))).toBe(text);
      }),
    );
    expect(tokenizer.encode("a<|end|>")).toEqual([97, 256]);
    expect(tokenizer.decode([97, 256], { skipSpecial: true })).toBe("a");
    expect(tokenizer.decode([0xef, 0xbb, 0xbf, 0xff])).toBe("\ufeff\ufffd");
  });

  it("turn half of a surrogate pair into U+FFFD", () => {
    expect(bytesTokenizer().encode("\ud83d")).toEqual([0xef, 0xbf, 0xbd]);
  });
});

describe("characters", () => {
  it("are numbered by code point, and come back", () => {
    const tokenizer = charactersTokenizer("hello\n😀ﬁ__proto__", { special: ["<|end|>"] });
    expect(tokenizer.token(0)).toBe("\n");
    const again = tokenizerFromJson(JSON.parse(JSON.stringify(tokenizer)));
    for (const text of ["oh\n", "😀ﬁ", ""]) {
      expect(again.encode(text)).toEqual(tokenizer.encode(text));
      expect(again.decode(again.encode(text))).toBe(text);
    }
    expect(tokenizer.encode("h<|end|>").length).toBe(2);
  });

  it("name the character they do not know, or use the token for it", () => {
    expect(() => charactersTokenizer("abc").encode("abx")).toThrow('The vocabulary has no "x"');
    const tokenizer = charactersTokenizer("abc", { unknown: "<unk>" });
    expect(tokenizer.encode("axb")).toEqual([0, 3, 1]);
  });
});

describe("a tokenizer.json that cannot be used", () => {
  const bytes = bytesTokenizer().toJSON();
  const broken: [why: string, document: unknown, message: RegExp][] = [
    [
      "another model",
      { ...bytes, model: { type: "Unigram", vocab: [] } },
      /model\.type is "Unigram", which is not supp/,
    ],
    ["another normalizer", { ...bytes, normalizer: { type: "Lowercase" } }, /normalizer\.type is "Lowercase"/],
    ["another pre-tokenizer", { ...bytes, pre_tokenizer: { type: "Metaspace" } }, /pre_tokenizer\.type is "Metaspace"/],
    ["no pre-tokenizer", { ...bytes, pre_tokenizer: null }, /no ByteLevel/],
    ["no decoder", { ...bytes, decoder: null }, /decoder is missing/],
    ["a merge of no token", { ...bytes, model: { ...bytes.model, merges: ["a b"] } }, /merges\.0 needs "ab"/],
    ["a merge that is none", { ...bytes, model: { ...bytes.model, merges: ["ab"] } }, /merges\.0 is "ab", not a pair/],
    ["a vocabulary of no numbers", { ...bytes, model: { ...bytes.model, vocab: { a: "1" } } }, /model\.vocab/],
    ["merges of numbers", { ...bytes, model: { ...bytes.model, merges: [[1, 2]] } }, /model\.merges/],
    ["one id for two", { ...bytes, added_tokens: [{ id: 97, content: "<x>" }] }, /id 97 is both "a" and "<x>"/],
    ["two ids for one", { ...bytes, added_tokens: [{ id: 300, content: "a" }] }, /"a" has two ids, 97 and 300/],
    ["an array", [], /the document/],
    ["nothing", null, /the document/],
    [
      "a pattern beyond JavaScript",
      {
        ...bytes,
        pre_tokenizer: {
          type: "Sequence",
          pretokenizers: [
            { type: "Split", pattern: { Regex: "a++" }, behavior: "Isolated" },
            { type: "ByteLevel", use_regex: false, add_prefix_space: false },
          ],
        },
      },
      /JavaScript has no equal for the pattern "a\+\+"/,
    ],
  ];
  it.each(broken)("says so in one line: %s", (_, document, message) => {
    expect(() => tokenizerFromJson(document, "t.json")).toThrow(message);
    expect(() => tokenizerFromJson(document, "t.json")).toThrow(/^t\.json: [^\n]+$/);
  });

  it("is not one with a token called __proto__", () => {
    const vocab = Object.fromEntries([...Object.entries(bytes.model.vocab), ["__proto__", 256]]);
    const document = { ...bytes, model: { ...bytes.model, vocab, ignore_merges: true } };
    const tokenizer = tokenizerFromJson(JSON.parse(JSON.stringify(document)));
    expect(tokenizer.encode("__proto__")).toEqual([256]);
    expect(JSON.parse(JSON.stringify(tokenizer)).model.vocab).toEqual(vocab);
  });

  it("is told at the first byte that it cannot spell", () => {
    const { a, b } = bytes.model.vocab;
    const tokenizer = tokenizerFromJson({ ...bytes, model: { ...bytes.model, vocab: { a, b } } });
    expect(tokenizer.encode("ab")).toEqual([97, 98]);
    expect(() => tokenizer.encode("abc")).toThrow("cannot spell the byte 0x63");
    expect(() => tokenizer.decode([5])).toThrow("Token 5 is not in the vocabulary");
  });
});
