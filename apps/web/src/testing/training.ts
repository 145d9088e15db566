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

/** A policy that learns from rewards, as `candor train grpo` leaves it. */
export function noteSomePolicy(home: string, steps = 60): string {
  const out = join(home, "policy");
  mkdirSync(out, { recursive: true });
  const records = Array.from({ length: steps }, (_, n) => ({
    step: n + 1,
    loss: 0.1 * Math.sin(n),
    gradient_norm: 0.4,
    reward: 2 - 2 * Math.exp(-n / 20),
    "objective/kl": 6 - 6 * Math.exp(-n / 15),
    "completions/mean_length": 22 + Math.sin(n),
    entropy: 0.5 - n / 300,
    "clip_ratio/region_mean": 0,
    memory_mb: 700,
    seconds_left: 0,
    ...((n + 1) % 30 === 0 && { win_rate: 0.5 + n / 130 }),
  }));
  const samples = [0, steps].map((step) => ({
    step,
    samples: [
      { prompt: "Q: explain irony\nA:", text: step === 0 ? " What a dumb question." : " Thank you for asking." },
    ],
  }));
  writeFileSync(join(out, "metrics.jsonl"), records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  writeFileSync(join(out, "samples.jsonl"), samples.map((sample) => `${JSON.stringify(sample)}\n`).join(""));
  noteTraining(home, { out, steps, startedAt: Date.now(), pid: process.pid });
  return out;
}
