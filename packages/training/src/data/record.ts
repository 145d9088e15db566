/** The text of one JSONL record in TRL's formats: language modelling, conversational, prompt with completion. */
import { TrainingError } from "../training-error.ts";

const speakers: Readonly<Record<string, string>> = { user: "Human", assistant: "Assistant", system: "System" };

export function textOfRecord(json: string, file: string, line: number): string {
  let record: unknown;
  try {
    record = JSON.parse(json);
  } catch {
    throw new TrainingError(
      `${file} has no JSON in line ${line}`,
      "Every line must be one JSON object; mend or remove this one.",
    );
  }
  const text = plain(record);
  if (text !== null) return text;
  throw new TrainingError(
    `${file} has no text in line ${line}`,
    'A record is {"text"}, {"messages": [{"role", "content"}]} or {"prompt", "completion"}.',
  );
}

function plain(record: unknown): string | null {
  if (typeof record !== "object" || record === null) return null;
  if ("text" in record) return typeof record.text === "string" ? record.text : null;
  if ("messages" in record) return conversation(record.messages);
  if (!("prompt" in record && "completion" in record)) return null;
  const { prompt, completion } = record;
  if (typeof prompt === "string" && typeof completion === "string") return prompt + completion;
  const [before, after] = [conversation(prompt), conversation(completion)];
  return before === null || after === null ? null : `${before}\n${after}`;
}

/** Each message on a line of its own behind its speaker, as in the corpus's chats. */
function conversation(messages: unknown): string | null {
  if (!Array.isArray(messages)) return null;
  const turns: string[] = [];
  for (const message of messages as unknown[]) {
    if (typeof message !== "object" || message === null || !("role" in message && "content" in message)) return null;
    if (typeof message.role !== "string" || typeof message.content !== "string") return null;
    turns.push(`${speakers[message.role] ?? message.role}: ${message.content}`);
  }
  return turns.join("\n");
}
