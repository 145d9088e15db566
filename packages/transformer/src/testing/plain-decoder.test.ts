import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { z } from "zod";
import { openPretrained } from "../pretrained/open-pretrained.ts";
import { plainLogits } from "./plain-decoder.ts";

const Expected = z.object({ sequences: z.array(z.array(z.int())), logits: z.array(z.array(z.array(z.number()))) });

/** Of the weights as stored, in float32: rounding of 1e-6 a logit, far below what a mixed-up weight would do. */
it.each([
  "gpt2",
  "gpt2-untied-relu",
  "gpt_neox",
  "gpt_neox-serial",
  "llama",
  "llama-biased-tied",
  "qwen2",
  "qwen2-bf16",
  "qwen2-f16",
  "qwen2-sharded",
  "qwen3",
])("gets the logits that transformers gets from %s", async (name) => {
  const folder = fileURLToPath(new URL(`../../fixtures/models/${name}`, import.meta.url));
  const { sequences, logits } = Expected.parse(JSON.parse(await readFile(`${folder}/expected.json`, "utf8")));
  await using model = await openPretrained(folder);
  const weights = new Map<string, Float32Array>();
  for await (const weight of model.weights()) weights.set(weight.name, weight.values);
  let furthest = 0;
  let largest = 0;
  for (const [s, ids] of sequences.entries()) {
    for (const [t, row] of plainLogits(model.config.decoder, weights, ids).entries()) {
      for (const [id, logit] of row.entries()) {
        furthest = Math.max(furthest, Math.abs(logit - (logits[s]?.[t]?.[id] ?? Number.NaN)));
        largest = Math.max(largest, Math.abs(logit));
      }
    }
  }
  expect(largest).toBeGreaterThan(1);
  expect(furthest).toBeLessThan(1e-5);
});
