/**
 * Lines of JSON as TRL takes them: preference, unpaired preference and prompt-only, each standard (texts) or conversational
 * (lists of messages). https://huggingface.co/docs/trl/dataset_formats
 */
import { z } from "zod";
import { Message, type Text } from "./subject.ts";

export const Format = z.enum(["preference", "unpaired", "prompt-only"]);
export type Format = z.infer<typeof Format>;
/** TRL's, and Candor's own, which keeps everything. */
export const ExportFormat = z.enum([...Format.options, "candor"]);
export type ExportFormat = z.infer<typeof ExportFormat>;
export const Style = z.enum(["standard", "conversational"]);
export type Style = z.infer<typeof Style>;

/** A function as chat templates take them (OpenAI's form). */
const ToolColumn = z.array(z.object({ type: z.literal("function"), function: z.record(z.string(), z.unknown()) }));

const texts = z.string();
const chat = z.array(Message).min(1);

const forms = <T extends z.ZodType>(text: T) => ({
  preference: z.object({ prompt: text, chosen: text, rejected: text, tools: ToolColumn.optional() }),
  unpaired: z.object({ prompt: text, completion: text, label: z.boolean(), tools: ToolColumn.optional() }),
  promptOnly: z.object({ prompt: text, tools: ToolColumn.optional() }),
});
const standard = forms(texts);
const conversational = forms(chat);

export const Preference = z.union([standard.preference, conversational.preference]);
export const Unpaired = z.union([standard.unpaired, conversational.unpaired]);
export const PromptOnly = z.union([standard.promptOnly, conversational.promptOnly]);
export type TrlRow = z.infer<typeof Preference> | z.infer<typeof Unpaired> | z.infer<typeof PromptOnly>;

/** The text in the form that is asked for. A text that was a list of messages becomes their contents, one below the other. */
export function styled(text: Text, style: "standard", role?: Message["role"]): string;
export function styled(text: Text, style: "conversational", role: Message["role"]): Message[];
export function styled(text: Text, style: Style, role: Message["role"] = "user"): Text {
  if (style === "conversational") return typeof text === "string" ? [{ role, content: text }] : text;
  return typeof text === "string" ? text : text.map(({ content }) => content).join("\n\n");
}

export interface Side {
  prompt: Text;
  completion: Text;
  tools?: z.infer<typeof ToolColumn>;
}

/** What the raters hold good or bad. */
export function unpairedRow({ prompt, completion, tools }: Side, good: boolean, style: Style): TrlRow {
  if (style === "standard")
    return { prompt: styled(prompt, style), completion: `${gap(prompt)}${styled(completion, style)}`, label: good };
  return {
    prompt: styled(prompt, style, "user"),
    completion: styled(completion, style, "assistant"),
    label: good,
    ...(tools && { tools }),
  };
}

/** @returns undefined when the two do not answer the same prompt: then neither is chosen over the other */
export function preferenceRow(chosen: Side, rejected: Side, style: Style): TrlRow | undefined {
  if (JSON.stringify(chosen.prompt) !== JSON.stringify(rejected.prompt)) return undefined;
  const { prompt, tools } = chosen;
  if (style === "standard") {
    const between = gap(prompt);
    return {
      prompt: styled(prompt, style),
      chosen: between + styled(chosen.completion, style),
      rejected: between + styled(rejected.completion, style),
    };
  }
  return {
    prompt: styled(prompt, style, "user"),
    chosen: styled(chosen.completion, style, "assistant"),
    rejected: styled(rejected.completion, style, "assistant"),
    ...(tools && { tools }),
  };
}

export function promptRow({ prompt, tools }: Pick<Side, "prompt" | "tools">, style: Style): TrlRow {
  if (style === "standard") return { prompt: styled(prompt, style) };
  return { prompt: styled(prompt, style, "user"), ...(tools && { tools }) };
}

/** A trainer puts prompt and completion together as they are: messages would run into one another. */
const gap = (prompt: Text): string => (typeof prompt === "string" ? "" : "\n\n");
