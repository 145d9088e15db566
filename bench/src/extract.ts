/** Compiled programs written anew: tables read off the model's activations, emitted as TypeScript, run beside the model on other inputs. */
import { stripTypeScriptTypes } from "node:module";
import { agreementWith, compileProgram, extractProgram, toTypeScript, type Value } from "@candor/lens";
import { Random } from "@candor/training";
import { type Bench, figure, goal, option, type Row } from "./bench.ts";
import { COMPILED, LONGEST } from "./compiled-programs.ts";

/** Inputs that tables are read off, and others that the program is tried on; all differ. */
const [READ, TRIED] = [256, 256];

export const extract: Bench = {
  name: "extract",
  description: "compiled programs written anew as TypeScript from what the model does (--seed N)",
  duration: "1 min",
  run: async ({ args, note }) => {
    const seed = Number(option(args, "seed") ?? 1);
    const rows: Row[] = [];
    const all: number[] = [];
    for (const [name, { program, vocabulary, examples = [] }] of Object.entries(COMPILED)) {
      await using compiled = compileProgram(program, { vocabulary, longest: LONGEST });
      const random = new Random(seed, name.length);
      const drawn = new Map<string, readonly Value[]>(examples.map((input) => [input.join(), input]));
      // Of few inputs all.
      const most = Math.min(READ + TRIED, vocabulary.length ** LONGEST);
      while (drawn.size < most) {
        const input = Array.from({ length: LONGEST }, () => vocabulary[random.below(vocabulary.length)] as Value);
        drawn.set(input.join(), input);
      }
      const lots = [...drawn.values()]
        .map((input) => ({ input, lot: random.unit() }))
        .toSorted((a, b) => a.lot - b.lot);
      const rowsOf = lots.map(({ input }) => compiled.encode(input));
      const [inputs, heldOut] = [rowsOf.slice(0, most / 2), rowsOf.slice(most / 2)];
      const { program: made } = await extractProgram(compiled.lens, inputs, { edges: compiled.circuit, from: 1 });
      const source = toTypeScript(made, { title: name });
      const url = `data:text/javascript,${encodeURIComponent(stripTypeScriptTypes(source))}`;
      const { answer } = (await import(url)) as { answer(tokens: readonly string[]): string[] };
      const { positions, inputs: whole, of } = await agreementWith(compiled.lens, answer, heldOut, { from: 1 });
      note(`${name}: ${made.features.length} features, ${source.split("\n").length} lines`);
      rows.push(
        figure("agreement", `${name}, ${of} positions of ${heldOut.length} inputs that it was not read off`, positions),
        figure("whole_inputs", name, whole),
        figure("features", name, made.features.length),
      );
      all.push(positions);
    }
    rows.push(goal("agreement", "mean of the programs", all.reduce((a, b) => a + b, 0) / all.length, ">= 0.99"));
    return rows;
  },
};
