/** A mind that asks a language model, through the warden. It holds no key and knows no provider. */
import type { Mind } from "../../mind.ts";
import { buildPrompt, type PromptOptions } from "./prompt.ts";
import { readAnswer } from "./read-answer.ts";

/** Fits the context of small local models; hosted ones need no more for one decision. */
const DEFAULTS: PromptOptions = { promptTokens: 7_000, answerTokens: 1_000 };

export function createLlm(options: Partial<PromptOptions> = {}): Mind {
  const limits = { ...DEFAULTS, ...options };
  return {
    async decide(view, powers) {
      return readAnswer(await powers.infer(buildPrompt(view, limits)));
    },
  };
}

export const llm: Mind = createLlm();
