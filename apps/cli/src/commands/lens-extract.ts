/** `candor lens extract`: what a circuit does, written as a TypeScript program and run beside the model. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  acdc,
  agreementWith,
  CircuitFinder,
  connected,
  type CircuitEdge as Edge,
  extractProgram,
  Lens,
  modelHash,
  toTypeScript,
} from "@candor/lens";
import { textsOfFile } from "@candor/server";
import { badInput, VERSION } from "@candor/server/outside";
import { openModel } from "@candor/training";
import { answer } from "../context.ts";
import { dim, print } from "../screen/style.ts";
import type { ExtractFlags } from "./lens.ts";
import { interruptible } from "./train/settings.ts";

/** Longest inputs, and most of them: tables are over pairs of positions. */
const [ROW, MOST] = [64, 512];
/** Inputs that a circuit is cut down on: as many as ACDC is run on. */
const CUT = 48;
/** Of the inputs, kept to try the program on. */
const HELD_OUT = 0.25;

export async function extractFrom(folder: string, flags: ExtractFlags): Promise<void> {
  const { inputs: file, out, threshold, from } = flags;
  if (!/\.[cm]?ts$/.test(out)) throw badInput(`${out} is no name of a TypeScript file`, "Give one that ends in .ts.");
  const model = await openModel(folder);
  await using lens = new Lens(model.config.decoder, model.weights, { tokenizer: model.tokenizer });
  const longest = Math.min(ROW, lens.config.context);
  const rows = (await textsOfFile(file, MOST))
    .map((text) => model.tokenizer.encode(text, { added: "text" }).slice(0, longest))
    .filter((row) => row.length > from);
  if (rows.length < 4) throw badInput(`${file} has ${rows.length} inputs that are long enough`, "Give at least four.");
  const every = Math.round(1 / HELD_OUT);
  const heldOut = rows.filter((_, n) => n % every === every - 1);
  const read = rows.filter((_, n) => n % every !== every - 1);
  const name = namesOf(model.config.decoder.vocab, (token) => model.tokenizer.decode([token]));
  const screen = process.stderr;
  const circuit =
    threshold === undefined
      ? undefined
      : await interruptible((signal) =>
          circuitOf(lens, read, { threshold, from, signal, say: (line) => screen.write(`${line}\n`) }),
        );
  const { program, parts } = await extractProgram(lens, read, {
    ...(circuit && { edges: circuit.edges }),
    ...{ name, from },
  });
  const hash = modelHash(lens);
  const data = createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 16);
  const source = toTypeScript(program, {
    title: `What the model ${hash} does, as tables over named features; by candor ${VERSION} of ${file} (${data}).`,
    notes: [
      `candor lens extract ${folder} --inputs ${file}${threshold === undefined ? "" : ` --threshold ${threshold}`}${from > 0 ? ` --from ${from}` : ""}`,
    ],
  });
  writeFileSync(out, source);
  // The file itself is tried, not what it was made from.
  const { answer: written } = (await import(`${pathToFileURL(resolve(out)).href}?${data}${Date.now()}`)) as {
    answer(tokens: readonly string[]): string[];
  };
  const agreement = await agreementWith(lens, written, heldOut, { name, from });
  const told = { out, model: hash, data, parts, agreement, inputs: { read: read.length, heldOut: heldOut.length } };
  answer(flags, { ...told, ...(circuit && { edges: circuit.edges.length }) }, () => {
    if (circuit) print(dim(`a circuit of ${circuit.edges.length} of ${circuit.of} edges`));
    print(dim("part      explained  entries  reads"));
    for (const { name: part, explained, size, reads } of parts)
      print(
        `${part.padEnd(9)} ${`${(100 * explained).toFixed(1)} %`.padStart(9)} ${String(size).padStart(8)}  ${reads.join(", ")}`,
      );
    print(
      `on ${heldOut.length} other inputs it says what the model says at ${(100 * agreement.positions).toFixed(1)} % of ${agreement.of} positions, all through ${(100 * agreement.inputs).toFixed(1)} % of the inputs`,
    );
    print(dim(`${out} holds the program: ${program.features.length} features`));
  });
}

interface Cut {
  threshold: number;
  from: number;
  signal: AbortSignal;
  say(line: string): void;
}

/** By ACDC under mean ablation, on inputs of the length that most of them have. */
async function circuitOf(
  lens: Lens,
  inputs: readonly (readonly number[])[],
  { threshold, from, signal, say }: Cut,
): Promise<{ edges: Edge[]; of: number }> {
  const byLength = [...Map.groupBy(inputs, ({ length }) => length).values()];
  const clean = byLength.reduce((a, b) => (b.length > a.length ? b : a)).slice(0, CUT);
  if (clean.length < 2)
    throw badInput("no two inputs are of one length", "A circuit is cut by what inputs of one length have in common.");
  await using finder = await CircuitFinder.open(lens, { clean, ablation: "mean", from });
  say(`cutting ${finder.edges.length} edges on ${clean.length} inputs of ${clean[0]?.length} tokens`);
  const { kept, runs } = await acdc(finder, { threshold, signal });
  const leads = connected(finder.wiring, kept);
  const edges = finder.edges.filter((_, n) => leads[n]);
  say(`${edges.length} are left after ${runs} runs`);
  if (edges.length === 0)
    throw badInput(`no edge is worth ${threshold}`, "Give a lower --threshold, or none for the whole model.");
  return { edges, of: finder.edges.length };
}

/** Tokens as they are written; those that are written alike with their numbers. */
function namesOf(vocab: number, text: (token: number) => string): (token: number) => string {
  const all = Array.from({ length: vocab }, (_, token) => text(token));
  const counts = Map.groupBy(all, (each) => each);
  const names = all.map((each, token) => ((counts.get(each)?.length ?? 0) > 1 ? `${each}#${token}` : each));
  return (token) => names[token] ?? `#${token}`;
}
