/** A model's folder, opened and ready to answer. */
import { readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import {
  Engine,
  type EngineOptions,
  mustFit,
  openPretrained,
  openTokenizer,
  Scheduler,
  type Tokenizer,
  TransformerError,
} from "@candor/transformer";
import { z } from "zod";
import { type ChatTemplate, openChatTemplate } from "./chat-template.ts";

export interface ServedModel extends AsyncDisposable {
  name: string;
  /** Seconds since 1970. */
  created: number;
  context: number;
  parameters: number;
  tokenizer: Tokenizer;
  template: ChatTemplate;
  scheduler: Scheduler;
}

/** @throws {TransformerError} when the folder holds no model that can be used, or it would not fit into memory */
export async function openModel(folder: string, options: EngineOptions & { name?: string } = {}): Promise<ServedModel> {
  await using pretrained = await openPretrained(folder);
  const { decoder, tokens, scored } = pretrained.config;
  if (scored)
    throw new TransformerError(
      `${folder} is a reward model: it gives scores, not answers`,
      "candor serve-model --rewards serves it.",
    );
  const tokenizer = await openTokenizer(folder, decoder.vocab);
  const template = await openChatTemplate(folder, tokenizer);
  mustFit(decoder, options);
  const weights = new Map<string, Float32Array>();
  for await (const { name, values } of pretrained.weights()) weights.set(name, values);
  const engine = await Engine.create(decoder, weights, options);
  const end = template.end === undefined ? undefined : tokenizer.idOf(template.end);
  const ends = [...tokens.end, ...(await generationEnds(folder)), ...(end === undefined ? [] : [end])];
  return {
    name: options.name ?? basename(resolve(folder)),
    created: Math.floor(Date.now() / 1000),
    context: engine.context,
    parameters: [...weights.values()].reduce((sum, { length }) => sum + length, 0),
    tokenizer,
    template,
    scheduler: new Scheduler({ engine, tokenizer, ends }),
    [Symbol.asyncDispose]: () => engine.close(),
  };
}

const GenerationConfig = z.object({ eos_token_id: z.union([z.int(), z.array(z.int())]).nullish() });

/** Chat models end their turns by more tokens than `config.json` names. */
async function generationEnds(folder: string): Promise<number[]> {
  const text = await readFile(join(folder, "generation_config.json"), "utf8").catch(() => "{}");
  try {
    return [GenerationConfig.parse(JSON.parse(text)).eos_token_id ?? []].flat();
  } catch {
    return [];
  }
}
