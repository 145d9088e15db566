import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileProgram } from "./compile.ts";
import * as library from "./library.ts";
import {
  aggregate,
  indices,
  isNumeric,
  map,
  number,
  run,
  type Sequence,
  select,
  tokens,
  type Value,
  zip,
} from "./program.ts";

const LONGEST = 5;
const letters = ["a", "b", "c"];
const brackets = ["(", ")"];
const programs: [name: string, program: Sequence, vocabulary: readonly string[]][] = [
  ["length", library.length(), letters],
  ["reverse", library.reverse(), letters],
  ["histogram", library.histogram(), letters],
  ["proportion", library.proportion("a"), letters],
  ["previous token", library.previousToken(), letters],
  ["sort", library.sort(letters, LONGEST), letters],
  ["sort by frequency", library.sortByFrequency(LONGEST), letters],
  ["without duplicates", library.withoutDuplicates(letters, LONGEST), letters],
  ["balanced brackets", library.balanced("(", ")"), brackets],
  [
    "a map of a pair",
    zip(
      map(tokens, (x) => x === "a"),
      indices,
      (is, n) => (is ? Number(n) % 2 : 2),
    ),
    letters,
  ],
  [
    "a number shifted",
    aggregate(
      select(indices, indices, (k, q) => Number(k) === (Number(q) + 1) % LONGEST),
      number(indices),
    ),
    letters,
  ],
];
const word = (vocabulary: readonly string[]): fc.Arbitrary<string[]> =>
  fc.array(fc.constantFrom(...vocabulary), { minLength: 1, maxLength: LONGEST });

describe("programs", () => {
  const said = (program: Sequence, input: string): Value[] => run(program, [...input]).map((x) => x ?? "?");
  it.each([
    [library.reverse(), "abc", ["c", "b", "a"]],
    [library.histogram(), "abba", [2, 2, 2, 2]],
    [library.proportion("l"), "hello", [0, 0, 1 / 3, 1 / 2, 2 / 5]],
    [library.previousToken(), "abc", ["?", "a", "b"]],
    [library.sort(letters, LONGEST), "cabac", ["a", "a", "b", "c", "c"]],
    [library.sortByFrequency(LONGEST), "abbcb", ["b", "b", "b", "a", "c"]],
    [library.withoutDuplicates(letters, LONGEST), "abac", ["a", "b", "_", "c"]],
    [library.balanced("(", ")"), "(())", [true, true, true, true]],
    [library.balanced("(", ")"), "())(", [false, false, false, false]],
    [library.balanced("(", ")"), "((", [false, false]],
  ])("say what they are for (%#)", (program, input, expected) => {
    expect(said(program, input)).toEqual(expected);
  });
});

describe.each(programs)("%s, compiled", (_, program, vocabulary) => {
  it("is the program on every input", async () => {
    await using compiled = compileProgram(program, { vocabulary, longest: LONGEST, threads: 1 });
    await fc.assert(
      fc.asyncProperty(word(vocabulary), async (input) => {
        const row = compiled.encode(input);
        const { logits } = await compiled.lens.run([row]);
        const now = compiled.decode(logits, row.length);
        for (const [n, expected] of run(program, input).entries()) {
          if (expected === undefined) continue;
          if (isNumeric(program)) expect(now[n]).toBeCloseTo(Number(expected), 4);
          else expect(now[n]).toBe(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("has a circuit of edges that there are", async () => {
    await using compiled = compileProgram(program, { vocabulary, longest: LONGEST, threads: 1 });
    const { wiringOf } = await import("../circuits/edges.ts");
    const { edges } = wiringOf(compiled.lens.config);
    for (const { from, to } of compiled.circuit)
      expect(
        edges.some((edge) => edge.from === from && edge.to === to),
        `${from} to ${to}`,
      ).toBe(true);
  });
});

it("says in one line which tokens it does not know and what is too long", async () => {
  await using compiled = compileProgram(library.reverse(), { vocabulary: letters, longest: 3 });
  expect(() => compiled.encode(["a", "z"])).toThrow("does not know z");
  expect(() => compiled.encode([])).toThrow("takes 1 to 3 tokens");
  expect(() => compiled.encode(["a", "a", "a", "a"])).toThrow("not 4");
});
