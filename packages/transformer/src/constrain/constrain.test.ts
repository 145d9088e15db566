import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Answer } from "../generate/answer.ts";
import { uniforms } from "../generate/testing/tiny-models.ts";
import { bytesTokenizer } from "../tokenizers/simple-tokenizers.ts";
import { trainBpe } from "../tokenizers/train-bpe.ts";
import { byteLanguage } from "./byte-language.ts";
import { type CodeRange, characters, type Grammar } from "./expression.ts";
import { parseGrammar } from "./gbnf.ts";
import { wholeNumbers } from "./json-numbers.ts";
import { jsonGrammar, jsonSchemaGrammar } from "./json-schema.ts";
import type { ByteLanguage } from "./language.ts";
import { parseRegularExpression } from "./regular-expression.ts";
import { sortedVocabulary, TokenMask } from "./token-mask.ts";
import { utf8Ranges } from "./utf8-ranges.ts";

const encoder = new TextEncoder();

function holds(language: ByteLanguage, text: string): boolean {
  let state: number | undefined = language.start;
  for (const byte of encoder.encode(text)) state = state === undefined ? undefined : language.next(state, byte);
  return state !== undefined && language.accepts(state);
}

const languageOf = (expression: Grammar["root"]): ByteLanguage => byteLanguage({ root: expression, rules: new Map() });

/** A text of a language that random logits would write, with tokens of several bytes and pieces of characters among them. */
const tokenizer = await trainBpe(
  ['{"name": "Zoë", "n": [1, 2, 30, true, false, null]} äöü 日本 \\n \\u00e4 '.repeat(9)],
  {
    vocabSize: 300,
    special: ["<|end|>"],
  },
);
const vocabulary = sortedVocabulary(tokenizer);
const END = tokenizer.idOf("<|end|>") as number;

function randomText(grammar: Grammar, seed: number, maxTokens: number): string {
  const draw = uniforms(seed);
  const answer = new Answer({
    request: { prompt: [], temperature: 1, seed },
    prompt: [],
    tokenizer,
    ends: new Set([END]),
    spelt: new Set(vocabulary.all),
    mask: new TokenMask(byteLanguage(grammar), vocabulary),
    maxTokens,
  });
  let text = "";
  for (;;) {
    const { piece, finish } = answer.take(Float32Array.from({ length: tokenizer.vocabSize }, () => 8 * draw()));
    text += piece?.text ?? "";
    if (finish) return text;
  }
}

describe("UTF-8", () => {
  test("ranges of code points are ranges of their bytes", () => {
    const code = fc.integer({ min: 0, max: 0x10ffff }).filter((each) => each < 0xd800 || each > 0xdfff);
    fc.assert(
      fc.property(code, code, fc.array(code, { minLength: 20, maxLength: 20 }), (a, b, others) => {
        const range: CodeRange = [Math.min(a, b), Math.max(a, b)];
        const language = languageOf(characters(range));
        for (const each of [...others, a, b, range[0] - 1, range[1] + 1]) {
          if (each < 0 || each > 0x10ffff || (each >= 0xd800 && each <= 0xdfff)) continue;
          expect(holds(language, String.fromCodePoint(each))).toBe(range[0] <= each && each <= range[1]);
        }
      }),
    );
    expect(utf8Ranges([0, 0x7f])).toEqual([[[0, 0x7f]]]);
  });
});

describe("whole numbers", () => {
  test("between bounds are those and no others", () => {
    const number = fc.integer({ min: -1_200, max: 1_200 });
    fc.assert(
      fc.property(number, number, (a, b) => {
        const [least, most] = [Math.min(a, b), Math.max(a, b)];
        const language = languageOf(wholeNumbers(least, most) ?? characters());
        for (let n = -1_300; n <= 1_300; n += 1) expect(holds(language, String(n))).toBe(least <= n && n <= most);
        for (const other of ["-0", "01", "", "-", "1.0"]) expect(holds(language, other)).toBe(false);
      }),
      { numRuns: 30 },
    );
  });
});

describe("regular expressions", () => {
  test.each([
    "a|b+",
    "(?:ab){2,3}c?",
    String.raw`[^a-c]\d*`,
    String.raw`\w+\s[x-z]`,
    String.raw`(?<year>\d{2})-\u0061`,
    "(a*)*b",
    "(|a)b",
    String.raw`.[\]\-]`,
    "(<a>)?é{1,}",
  ])("/%s/ holds of what JavaScript says", (source) => {
    const language = languageOf(parseRegularExpression(source).expression);
    const exact = new RegExp(`^(?:${source})$`, "u");
    const letters = fc.string({ unit: fc.constantFrom(..."abcxz019 -]_<>é\n"), maxLength: 8 });
    fc.assert(
      fc.property(fc.oneof(letters, fc.stringMatching(exact)), (text) => {
        expect(holds(language, text)).toBe(exact.test(text));
      }),
    );
  });

  test.each(["(?=a)", String.raw`\b`, String.raw`(a)\1`, "(a", "a)", "[a", "*", "a{3,2}", "a^", "^a|b"])(
    "/%s/ is refused",
    (source) => {
      expect(() => parseRegularExpression(source)).toThrow("cannot be used");
    },
  );
});

describe("grammars", () => {
  test("of sums nest to any depth", () => {
    const language = byteLanguage(
      parseGrammar(`root ::= term ("+" term)*   # a sum
        term ::= [0-9]{1,3} | "(" root ")"`),
    );
    for (const text of ["1", "1+23", "((1+2)+(3))+4"]) expect(holds(language, text)).toBe(true);
    for (const text of ["", "1+", "(1", "1234", "1))"]) expect(holds(language, text)).toBe(false);
  });

  test.each([
    ['root ::= root "a" | "b"', "begins with itself"],
    ['root ::= x\nx ::= "a" x', "never ends"],
    ["root ::= y", "has no rule y"],
    ['x ::= "a"', "no rule root"],
    ['root ::= "a"\nroot ::= "b"', "line 2: root is there twice"],
    ['root ::= ("a"', "a group is not closed"],
    ["root ::= @", 'line 1: "@" is not understood'],
  ])("%s is refused", (source, why) => {
    expect(() => byteLanguage(parseGrammar(source))).toThrow(why);
  });

  test("the fewest bytes to an end are counted", () => {
    const language = byteLanguage(parseGrammar(`root ::= "abc" | "(" root ")" | "x"*`));
    expect(language.distance(language.start)).toBe(0);
    const open = language.next(language.start, 0x28) as number;
    expect(language.distance(open)).toBe(1);
    expect(language.distance(language.next(open, 0x61) as number)).toBe(3);
  });
});

const SCHEMAS: Record<string, z.ZodType> = {
  person: z.object({
    name: z.string().max(6),
    age: z.int().min(0).max(150),
    tags: z.array(z.enum(["a", "bb"])).max(2),
  }),
  optional: z.object({
    a: z.boolean().optional(),
    b: z.null(),
    c: z.number().optional(),
    d: z.literal("x").optional(),
  }),
  "one of several": z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("move"), by: z.int().min(-7).max(12) }),
    z.object({ kind: z.literal("say"), text: z.string().min(1).max(4) }),
  ]),
  tree: z.object({
    value: z.int(),
    get children() {
      return z
        .array(z.object({ leaf: z.string().max(2) }))
        .min(1)
        .max(3);
    },
  }),
  pattern: z.object({ id: z.string().regex(/^[A-Z]{2}-\d{1,3}"?$/), any: z.string().regex(/ab/) }),
  map: z.record(z.string(), z.union([z.number(), z.array(z.boolean()).max(2), z.null()])),
  tuple: z.array(z.object({ 'a key "~/': z.string() })).min(1),
};

describe("JSON schemas", () => {
  test.each(Object.entries(SCHEMAS))("%s: whatever the logits, the answer parses and satisfies it", (_, schema) => {
    const grammar = jsonSchemaGrammar(z.toJSONSchema(schema));
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 90, max: 140 }), (seed, maxTokens) => {
        const text = randomText(grammar, seed, maxTokens);
        const parsed = schema.safeParse(JSON.parse(text));
        expect(parsed.success, text).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test("a schema may refer to itself", () => {
    const schema = {
      $ref: "#/$defs/tree",
      $defs: {
        tree: {
          type: "object",
          properties: { n: { type: "integer" }, children: { type: "array", items: { $ref: "#/$defs/tree" } } },
          required: ["n", "children"],
          additionalProperties: false,
        },
      },
    };
    const language = byteLanguage(jsonSchemaGrammar(schema));
    expect(holds(language, '{"n":1,"children":[{"n": 2, "children":[]}]}')).toBe(true);
    expect(holds(language, '{"n":1,"children":[{"n": 2}]}')).toBe(false);
    fc.assert(
      fc.property(fc.nat(), (seed) => void JSON.parse(randomText(jsonSchemaGrammar(schema), seed, 60))),
      {
        numRuns: 20,
      },
    );
  });

  test("any document that JSON.stringify writes is of the language of JSON", () => {
    const language = byteLanguage(jsonGrammar());
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        // More digits than are exact are not written.
        fc.pre(!/\d{16}|e[+-]\d{3}|-0(?!\.)/.test(text) && text.isWellFormed());
        expect(holds(language, text), text).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.nat(), (seed) => void JSON.parse(randomText(jsonGrammar(), seed, 40))),
      { numRuns: 30 },
    );
  });

  test.each([
    [{ type: "number", minimum: 3 }, "bounds of a number"],
    [{ type: "string", contentEncoding: "base64" }, "contentEncoding"],
    [{ type: "array", uniqueItems: true }, "uniqueItems"],
    [{ $ref: "https://example.com/x" }, "is not within the schema"],
    [{ $ref: "#/$defs/x" }, "leads nowhere"],
    [{ oneOf: [{ type: "string" }, { type: "string", maxLength: 3 }] }, "might both hold"],
    [{ type: "object", required: ["a"], properties: {} }, 'required names "a"'],
    [{ type: "integer", minimum: 3, maximum: 2 }, "no integer is within"],
    [{ type: "string", minItems: 1 }, "minItems without the type array"],
    [{ enum: ["a"], maxLength: 3 }, "together with maxLength"],
  ])("%j is refused, not half kept", (schema, why) => {
    expect(() => jsonSchemaGrammar(schema)).toThrow(why);
  });
});

test("too few tokens, or a tokenizer that cannot spell the answer, are said in a line", () => {
  const grammar = jsonSchemaGrammar({ const: "a long constant" });
  expect(() => randomText(grammar, 1, 5)).toThrow(/needs \d+ more tokens to end as it must, and 5 are left/);
  const digits = sortedVocabulary({ ...bytesTokenizer(), bytes: (id: number) => Uint8Array.of(0x30 + (id % 10)) });
  const mask = new TokenMask(byteLanguage(grammar), digits);
  expect(() => mask.allowed(mask.language.start, 99, new Set())).toThrow("no token with which the answer could go on");
});
