import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Lens } from "../lens.ts";
import { compileProgram } from "../rasp/compile.ts";
import * as library from "../rasp/library.ts";
import type { Sequence } from "../rasp/program.ts";
import { agreementWith } from "./agreement.ts";
import { extractProgram } from "./extract-program.ts";
import { runTables } from "./table-program.ts";
import { toTypeScript } from "./typescript.ts";

const MODELS = join(import.meta.dirname, "../../../transformer/fixtures/models");
const LONGEST = 5;
const letters = ["a", "b", "c"];

const lots = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};

async function answerOf(source: string): Promise<(tokens: readonly string[]) => string[]> {
  const url = `data:text/javascript,${encodeURIComponent(stripTypeScriptTypes(source))}`;
  return ((await import(/* @vite-ignore */ url)) as { answer(tokens: readonly string[]): string[] }).answer;
}

function inputsOf(encode: (input: readonly string[]) => number[], vocabulary: readonly string[], count: number) {
  const lot = lots(count);
  return Array.from({ length: count }, () =>
    encode(Array.from({ length: LONGEST }, () => vocabulary[Math.floor(lot() * vocabulary.length)] ?? "")),
  );
}

const programs: [name: string, program: Sequence, vocabulary: readonly string[]][] = [
  ["reverse", library.reverse(), letters],
  ["previous token", library.previousToken(), letters],
  ["histogram", library.histogram(), letters],
  ["sort", library.sort(letters, LONGEST), letters],
  ["without duplicates", library.withoutDuplicates(letters, LONGEST), letters],
  ["balanced brackets", library.balanced("(", ")"), ["(", ")"]],
];

describe("a program written from a model", () => {
  it.each(programs)(
    "says what a model says that was compiled from %s, on other inputs",
    async (name, program, words) => {
      await using compiled = compileProgram(program, { vocabulary: words, longest: LONGEST, threads: 1 });
      const inputs = inputsOf(compiled.encode, words, 160);
      const heldOut = inputsOf(compiled.encode, words, 60);
      for (const edges of [undefined, compiled.circuit]) {
        const { program: made, parts } = await extractProgram(compiled.lens, inputs, {
          from: 1,
          ...(edges && { edges }),
        });
        expect(parts.at(-1)?.explained).toBeGreaterThan(0.99);
        const source = toTypeScript(made, { title: name });
        const answer = await answerOf(source);
        const told = await agreementWith(compiled.lens, answer, heldOut, { from: 1 });
        expect(told.positions).toBeGreaterThan(0.97);
        expect(told.of).toBeGreaterThan(60);
        // The source is the tables.
        const known = await agreementWith(compiled.lens, (tokens) => runTables(made, tokens), heldOut, { from: 1 });
        expect(Math.abs(known.positions - told.positions)).toBeLessThan(0.02);
      }
    },
  );

  it("reads what is written: reverse is one head that looks at the opposite position", async () => {
    await using compiled = compileProgram(library.reverse(), { vocabulary: letters, longest: LONGEST, threads: 1 });
    const { program } = await extractProgram(compiled.lens, inputsOf(compiled.encode, letters, 120), { from: 1 });
    expect(program.features).toHaveLength(1);
    expect(program.features[0]).toMatchObject({ kind: "attention", moves: "token" });
    const source = toTypeScript(program, { title: "reverse" });
    expect(source).toContain("select(position, position, ATTENDS_");
    // The first token stands before them: position 1 looks at the last, 5.
    expect(source).toMatch(/"1": \[\["5"\]/);
  });

  it("of a model that is no table says how little it explains", async () => {
    await using lens = await Lens.open(join(MODELS, "gpt2"), { threads: 1 });
    const lot = lots(3);
    const rows = Array.from({ length: 24 }, () =>
      Array.from({ length: 6 }, () => Math.floor(lot() * lens.config.vocab)),
    );
    const { program, parts } = await extractProgram(lens, rows.slice(0, 12));
    for (const { explained } of parts) {
      expect(explained).toBeGreaterThanOrEqual(-1e-6);
      expect(explained).toBeLessThanOrEqual(1 + 1e-6);
    }
    const answer = await answerOf(toTypeScript(program, { title: "a model of lots" }));
    const { positions } = await agreementWith(lens, answer, rows.slice(12));
    expect(positions).toBeLessThan(0.9);
  });

  it("needs inputs", async () => {
    await using lens = await Lens.open(join(MODELS, "gpt2"), { threads: 1 });
    await expect(extractProgram(lens, [])).rejects.toThrow("nothing to read a program off");
  });
});
