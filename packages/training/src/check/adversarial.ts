/** Teaching against attacks: the policy learns on, asked in the ways that got the better of it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parsePosttrainConfig } from "../posttrain/config.ts";
import { type OpenModel, openModel } from "../posttrain/model.ts";
import { trainOnline } from "../posttrain/online.ts";
import { onlineShape, promptTokens } from "../posttrain/online-shape.ts";
import { modelRewards } from "../posttrain/rewards/models.ts";
import type { Attacked } from "./jailbreaks.ts";

export interface AdversarialInput {
  model: OpenModel;
  reward: OpenModel;
  /** On other concepts than it will be measured on. */
  attacks: readonly Attacked[];
  seed: number;
  steps?: number;
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
}

export async function trainAdversarially(given: AdversarialInput): Promise<OpenModel> {
  const { model, reward, attacks, seed, steps = 60, threads, signal } = given;
  const prompts = attacks.flatMap(({ prompts: asked }) => asked.map(({ text }) => text));
  const config = parsePosttrainConfig(
    { algorithm: "grpo", steps, beta: 0.1, max_completion_length: 32, samples: { every: 0 }, seed },
    "adversarial teaching",
  );
  if (config.algorithm !== "grpo") throw new RangeError("it is GRPO");
  // What leaves no room for an answer cannot be asked.
  const { context } = model.config.decoder;
  const fits = prompts.filter(
    (prompt) => model.tokenizer.encode(prompt, { added: "text" }).length + config.max_completion_length <= context,
  );
  const shape = onlineShape(model, promptTokens(model, fits), config);
  await using rewards = await modelRewards({ models: [reward], policy: model, shape, threads });
  const folder = mkdtempSync(join(tmpdir(), "candor-adversarial-"));
  try {
    const out = join(folder, "policy");
    await trainOnline({ config, model, prompts: fits, rewards, out, threads, signal });
    return await openModel(out);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
