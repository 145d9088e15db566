/** A training as `candor train pretrain` leaves it, noted in a home, for tests and pictures of its page. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { noteTraining } from "@candor/server";

/** @param done how many of its 400 steps are in its files */
export function noteSomeTraining(home: string, done = 260): string {
  const out = join(home, "model");
  mkdirSync(out, { recursive: true });
  const records = Array.from({ length: done / 10 }, (_, n) => {
    const step = 10 * (n + 1);
    const loss = 1.5 + 3 * Math.exp(-step / 90) + 0.06 * Math.sin(step);
    return {
      step,
      loss,
      gradient_norm: 0.5 + 1 / (1 + n),
      rate: 1e-3,
      tokens_per_second: 12_400,
      memory_mb: 412,
      seconds_left: (400 - step) * 0.06,
      ...(step % 50 === 0 && { validation_loss: loss + 0.1 }),
    };
  });
  const samples = [100, 200].map((step) => ({
    step,
    samples: [{ prompt: "Q: explain deontology\nA:", text: ` Deontology is a moral theory, says step ${step}.` }],
  }));
  writeFileSync(join(out, "metrics.jsonl"), records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  writeFileSync(join(out, "samples.jsonl"), samples.map((sample) => `${JSON.stringify(sample)}\n`).join(""));
  noteTraining(home, { out, steps: 400, startedAt: Date.now() - 60_000, pid: process.pid });
  return out;
}
