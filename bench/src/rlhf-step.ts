/** `node rlhf-step.ts FOLDER ALGORITHM STEPS`: learns as `candor train` does, and says when each step ended. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  isOffline,
  modelRewards,
  onlineShape,
  openModel,
  parsePosttrainConfig,
  promptTokens,
  readPrompts,
  trainOffline,
  trainOnline,
} from "@candor/training";
import { RLHF_ALGORITHMS, SETTINGS } from "./rlhf-task.ts";

const [folder = "", name = "", steps = "0"] = process.argv.slice(2);
const algorithm = RLHF_ALGORITHMS.find((each) => each === name);
if (!algorithm) throw new Error(`there is no algorithm ${name}`);
const out = mkdtempSync(join(tmpdir(), "candor-rlhf-out-"));
const config = parsePosttrainConfig(
  {
    algorithm,
    steps: Number(steps),
    ...SETTINGS[algorithm],
    rate: { kind: "constant", peak: 1e-5 },
    optimiser: { clip: 1 },
    checkpoint: { every: 1_000_000 },
    samples: { every: 0 },
    ...(algorithm === "dpo" || algorithm === "reward" ? { validation: { fraction: 0 } } : { stop: { kl: 1e9 } }),
  },
  "the bench",
);
const model = await openModel(join(folder, "model"));
const times: number[] = [];
let last = performance.now();
const hooks = {
  started: () => {
    last = performance.now();
  },
  measured: () => {
    const now = performance.now();
    times.push(now - last);
    last = now;
  },
};
if (isOffline(config)) await trainOffline({ config, model, data: join(folder, "pairs.jsonl"), out, threads: 2 }, hooks);
else {
  const prompts = readPrompts(join(folder, "prompts.jsonl"));
  const reward = await openModel(join(folder, "reward"));
  const shape = onlineShape(model, promptTokens(model, prompts), config);
  await using rewards = await modelRewards({ models: [reward], policy: model, shape, threads: 2 });
  await trainOnline({ config, model, prompts, rewards, value: reward, out, threads: 2 }, hooks);
}
rmSync(out, { recursive: true, force: true });
console.log(JSON.stringify({ times, peak_mb: process.resourceUsage().maxRSS / 1024 }));
process.exit(0);
