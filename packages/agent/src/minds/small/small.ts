/** A mind of a million numbers: a transformer that reads the view as words of a grammar and answers in that grammar. */
import type { Mind } from "../../mind.ts";
import { MindError } from "../mind-error.ts";
import { grammarOf, readAnswer } from "./answer.ts";
import { optionsOf } from "./options.ts";
import { promptOf } from "./prompt.ts";

/** More words than any answer has. */
const ANSWER_TOKENS = 40;

export const small: Mind = {
  async decide(view, { infer }) {
    if (view.kind !== "audit") throw new MindError("failed", "The small mind knows self-audits only.");
    const options = optionsOf(view);
    const { text } = await infer({
      system: "",
      messages: [{ role: "user", content: promptOf(options) }],
      tools: [],
      maxTokens: ANSWER_TOKENS,
      grammar: grammarOf(options),
    });
    return readAnswer(options, text);
  },
};
