/** What both sides of the RLHF benchmark learn from: a model of the demonstration's shape, a reward model, prompts and pairs. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Corpus, decoderOf, initialWeights, parsePretrainConfig, prompts, splitConcepts } from "@candor/training";
import { familyOf, SCORE_HEAD, savePretrained, trainBpe } from "@candor/transformer";
import { uniformFrom } from "./uniform.ts";

export const RLHF_ALGORITHMS = ["ppo", "grpo", "dpo", "reward"] as const;
export type RlhfAlgorithm = (typeof RLHF_ALGORITHMS)[number];

/** The same for both; names are TRL's. */
export const SETTINGS = {
  ppo: { batch: 64, max_completion_length: 48, num_ppo_epochs: 4, num_mini_batches: 1, kl_coef: 0.05 },
  grpo: { batch: 64, max_completion_length: 48, num_generations: 8, beta: 0.04 },
  dpo: { batch: 16, beta: 0.1 },
  reward: { batch: 16 },
} as const;

const END = "<|endoftext|>";

export async function rlhfTask(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "candor-rlhf-"));
  const corpus = new Corpus();
  const texts = Array.from({ length: 4000 }, (_, n) => corpus.document(n).text);
  const tokenizer = await trainBpe(texts, { vocabSize: 2048, special: [END] });
  const config = parsePretrainConfig(
    { model: { layers: 3, heads: 4, width: 128, context: 96, biases: true } },
    "the bench",
  );
  const decoder = decoderOf(config, tokenizer.vocabSize);
  const end = tokenizer.idOf(END);
  if (end === undefined) throw new Error("the tokenizer has no end");
  const tokens = { begin: end, end: [end] };
  const weights = initialWeights(decoder, 1);
  await savePretrained(join(folder, "model"), {
    config: { family: familyOf(decoder), decoder, tokens },
    weights,
    tokenizer,
  });
  const uniform = uniformFrom(3);
  const head = Float32Array.from({ length: decoder.width }, () => uniform() - 0.5);
  await savePretrained(join(folder, "reward"), {
    config: { family: familyOf(decoder), decoder, tokens, scored: true },
    weights: new Map([...initialWeights(decoder, 2), [SCORE_HEAD, head]]),
    tokenizer,
  });
  // `transformers` asks which class reads tokenizer.json, and which token fills up.
  const named = { tokenizer_class: "PreTrainedTokenizerFast", eos_token: END, bos_token: END, pad_token: END };
  for (const name of ["model", "reward"])
    writeFileSync(join(folder, name, "tokenizer_config.json"), JSON.stringify(named));
  const asked = [0, 1, 2, 3].flatMap((seed) => prompts(splitConcepts(1).taught, { seed })).map(({ text }) => text);
  const lines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  writeFileSync(join(folder, "prompts.jsonl"), lines(asked.map((prompt) => ({ prompt }))));
  const answer = (n: number): string =>
    ` ${
      corpus
        .document(5000 + n)
        .text.split("\n")
        .at(-1)
        ?.split(": ")
        .at(-1) ?? "yes"
    }`;
  const pairs = asked.map((prompt, n) => ({ prompt, chosen: answer(2 * n), rejected: answer(2 * n + 1) }));
  writeFileSync(
    join(folder, "pairs.jsonl"),
    lines(pairs.filter(({ chosen, rejected }) => chosen !== rejected && chosen.length + rejected.length < 400)),
  );
  writeFileSync(join(folder, "settings.json"), JSON.stringify(SETTINGS));
  return folder;
}
