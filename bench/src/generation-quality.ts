/** What int8 costs: the loss of a trained model on text it never saw, with weights of four bytes and of one. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPretrainData, parsePretrainConfig, presets, pretrain } from "@candor/training";
import { Engine, openPretrained, type Precision } from "@candor/transformer";
import { type BenchContext, figure, goal, type Row } from "./bench.ts";

const ROWS = 16;

export async function qualityRows(file: string, steps: number, { note }: BenchContext): Promise<Row[]> {
  if (!existsSync(file)) {
    note(`${file} is not there: give tinyshakespeare.txt with --file; no loss was measured.`);
    return [];
  }
  const folder = mkdtempSync(join(tmpdir(), "candor-quality-"));
  try {
    const settings = { ...presets["nanogpt-cpu"], steps, samples: { every: 0 } };
    const config = parsePretrainConfig(settings, "nanogpt-cpu");
    const data = await openPretrainData([file], folder, config);
    await pretrain({ config, data, out: folder, threads: 2 }, {});
    const { validation } = data.dataset;
    const tokens = new Int32Array(validation.length);
    validation.copy(0, validation.length, tokens, 0);
    data.dataset.close();
    const exact = await lossOf(join(folder, "best"), "float32", tokens);
    const bytes = await lossOf(join(folder, "best"), "int8", tokens);
    const name = `4 x 128 characters, ${steps} steps, held-out text`;
    return [
      figure("loss_float32", name, exact, "nats/char"),
      figure("loss_int8", name, bytes, "nats/char"),
      goal("int8_loss_raised", name, 100 * (bytes / exact - 1), "<= 1", "%"),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Mean over 160 windows of the text, spread over all of it, by the programs that generate. */
async function lossOf(folder: string, precision: Precision, tokens: Int32Array): Promise<number> {
  await using model = await openPretrained(folder);
  const { decoder } = model.config;
  const weights = new Map<string, Float32Array>();
  for await (const { name, values } of model.weights()) weights.set(name, values);
  await using engine = await Engine.create(decoder, weights, { batch: ROWS, precision, threads: 2 });
  const windows = 10;
  const stride = Math.floor((tokens.length - engine.context - 1) / (windows * ROWS));
  let sum = 0;
  let count = 0;
  for (let round = 0; round < windows; round++) {
    const starts = Array.from({ length: ROWS }, (_, row) => (round * ROWS + row) * stride);
    for (const row of starts.keys()) engine.rewind(row);
    for (let place = 0; place < engine.context; place++) {
      const logits = await engine.step(starts.map((start) => tokens[start + place] ?? 0));
      for (const [row, start] of starts.entries()) {
        const own = logits.subarray(row * decoder.vocab, (row + 1) * decoder.vocab);
        sum -= logProbability(own, tokens[start + place + 1] ?? 0);
        count++;
      }
    }
  }
  return sum / count;
}

function logProbability(logits: Float32Array, token: number): number {
  const most = logits.reduce((a, b) => Math.max(a, b));
  const total = logits.reduce((all, logit) => all + Math.exp(logit - most), 0);
  return (logits[token] ?? Number.NaN) - most - Math.log(total);
}
