/** `candor lens dictionary`: from texts to a sparse dictionary that the pages show. */
import { resolve } from "node:path";
import {
  activationStream,
  type DictionaryShape,
  dictionaryReport,
  Lens,
  modelHash,
  saveDictionary,
  trainDictionary,
  widthAt,
} from "@candor/lens";
import { noteModel, textsOfFile } from "@candor/server";
import { badInput } from "@candor/server/outside";
import { openModel, Random } from "@candor/training";
import { answer, home } from "../context.ts";
import { dim, print } from "../screen/style.ts";
import type { DictionaryFlags } from "./lens.ts";
import { interruptible } from "./train/settings.ts";

const BATCH = 512;
const ROW = 64;
const ROWS = 16;
/** Of the texts, kept for the report. */
const HELD_OUT = 0.1;
const SPARSITY = { topk: 0, jumprelu: 1e-2, gated: 0.1, relu: 0.1 } as const;

export async function trainOn(folder: string, flags: DictionaryFlags): Promise<void> {
  const { place, to, out, gate, k, steps, seed, threads, json } = flags;
  if (!(gate in SPARSITY)) throw badInput(`there is no gate ${gate}`, "Take topk, jumprelu, gated or relu.");
  const model = await openModel(folder);
  await using lens = new Lens(model.config.decoder, model.weights, {
    tokenizer: model.tokenizer,
    ...(threads !== undefined && { threads }),
  });
  const rows = rowsOf(
    (await textsOfFile(flags.texts, Number.POSITIVE_INFINITY)).map((text) => [
      ...model.tokenizer.encode(text, { added: "text" }),
      model.end,
    ]),
    lens.config.context,
  );
  if (rows.length < 2 * ROWS)
    throw badInput(
      `${flags.texts} makes ${rows.length} rows of ${ROW} tokens`,
      `Give a file of at least ${2 * ROWS * ROW} tokens.`,
    );
  const cut = Math.max(ROWS, Math.round(HELD_OUT * rows.length));
  const [heldOut, taught] = [rows.slice(0, cut).slice(0, 2 * ROWS), rows.slice(cut)];
  const inWidth = widthAt(lens, place);
  const writes = to ?? place;
  const shape: DictionaryShape = {
    gate: gate === "topk" ? { kind: gate, k } : { kind: gate },
    ...{
      inWidth,
      outWidth: widthAt(lens, writes),
      features: flags.features ?? 8 * inWidth,
      transcodes: writes !== place,
    },
  };
  const random = new Random(seed, 1);
  const texts = function* (): Generator<number[][]> {
    for (;;) yield Array.from({ length: ROWS }, () => taught[random.below(taught.length)] as number[]);
  };
  const next = activationStream(lens, texts(), {
    ...{ reads: place, batch: BATCH, buffer: 16 * BATCH, lot: () => random.unit() },
    ...(to !== undefined && { writes: to }),
  });
  const screen = json ? process.stderr : process.stdout;
  const origin = { model: modelHash(lens), reads: place, writes };
  const options = {
    steps,
    batch: BATCH,
    seed,
    sparsity: flags.sparsity ?? SPARSITY[gate],
    ...(threads !== undefined && { threads }),
  };
  const dictionary = await interruptible((signal) =>
    trainDictionary(
      shape,
      origin,
      () => {
        signal.throwIfAborted();
        return next();
      },
      options,
      ({ step, error, active, dead }) => {
        if (step % 100 === 0 || step === steps)
          screen.write(`step ${step}  error ${error.toPrecision(4)}  speaking ${active.toFixed(1)}  dead ${dead}\n`);
      },
    ).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    }),
  );
  if (!dictionary) {
    screen.write("stopped; nothing was written\n");
    process.exitCode = 130;
    return;
  }
  await using trained = dictionary;
  const report = await dictionaryReport(lens, trained, heldOut);
  await saveDictionary(out, trained);
  noteModel(home(), { folder: resolve(folder), dictionaries: [resolve(out)] });
  answer(flags, { out, ...report }, () => {
    print(
      `${report.l0.toFixed(1)} of ${shape.features} features speak at a position; ${Math.round(100 * report.explainedVariance)} % of the variance is explained`,
    );
    print(
      `the model loses ${report.loss.whole.toFixed(3)} nats a token, ${report.loss.through.toFixed(3)} through the dictionary, ${report.loss.without.toFixed(3)} without that place`,
    );
    print(
      dim(
        `${Math.round(100 * report.deadShare)} % spoke of none of ${heldOut.length * ROW} positions that were held out`,
      ),
    );
    print(dim(`${out} holds it, as SAELens reads it; candor lens ${folder} shows it`));
  });
}

/** Texts one after the other, cut into rows of one length. */
function rowsOf(texts: readonly (readonly number[])[], context: number): number[][] {
  const all = texts.flat();
  const length = Math.min(ROW, context);
  return Array.from({ length: Math.floor(all.length / length) }, (_, n) => all.slice(n * length, (n + 1) * length));
}
