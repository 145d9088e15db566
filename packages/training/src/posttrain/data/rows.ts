/**
 * Judgments as TRL keeps them, JSON lines: preference, unpaired preference, prompt-completion and prompt-only, each standard (texts)
 * or conversational (messages). https://huggingface.co/docs/trl/dataset_formats
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { fileTrouble, TrainingError } from "../../training-error.ts";

const Message = z.object({ role: z.enum(["system", "user", "assistant", "tool"]), content: z.string() });
type Message = z.output<typeof Message>;
const Messages = z.array(Message).min(1);

const SPEAKERS = { system: "System", user: "Human", assistant: "Assistant", tool: "Tool" } as const;

/** Messages become the chats of the small internet; a completion is then what follows "Assistant:". */
const asked = (messages: readonly Message[]): string =>
  [...messages.map(({ role, content }) => `${SPEAKERS[role]}: ${content}`), "Assistant:"].join("\n");
const answered = (messages: readonly Message[]): string => messages.map(({ content }) => ` ${content}`).join("\n");

const Prompt = z.union([z.string(), Messages.transform(asked)]);
const Completion = z.union([z.string(), Messages.transform(answered)]);

const FORMS = {
  preference: z.object({ prompt: Prompt, chosen: Completion, rejected: Completion }),
  unpaired: z.object({
    prompt: Prompt,
    completion: Completion,
    label: z.boolean(),
    /** Who said it, where several judged: how far each is to be trusted is then learnt. */
    rater: z.string().min(1).optional(),
  }),
  completion: z.object({ prompt: Prompt, completion: Completion }),
  prompt: z.object({ prompt: Prompt }),
} as const;

export type Form = keyof typeof FORMS;
type Row<F extends Form> = z.output<(typeof FORMS)[F]>;
export type PreferenceRow = Row<"preference">;
export type VerdictRow = Row<"unpaired">;

const WANTS: Record<Form, string> = {
  preference: "prompt, chosen and rejected",
  unpaired: "prompt, completion and label (true or false)",
  completion: "prompt and completion",
  prompt: "prompt",
};

/** The form of a file by its first row; one with verdicts is unpaired, though it has completions too. */
export function formOf(path: string): Form {
  const [first] = read(path);
  if (!first) throw empty(path);
  const forms = ["preference", "unpaired", "completion", "prompt"] as const;
  const found = forms.find((form) => FORMS[form].safeParse(first.value).success);
  if (found) return found;
  throw new TrainingError(
    `${path}: line ${first.line} is none of TRL's formats`,
    "Rows have prompt with chosen and rejected, or with completion and label, or with completion, or alone.",
  );
}

/** @throws {TrainingError} naming the line that is not of the form, and for a file without any */
export function readRows<F extends Form>(path: string, form: F): Row<F>[] {
  const rows = read(path).map(({ value, line }) => {
    const row = FORMS[form].safeParse(value);
    // TypeScript does not see that the schema of F gives a row of F.
    if (row.success) return row.data as Row<F>;
    const issue = row.error.issues[0];
    throw new TrainingError(
      `${path}: line ${line}: ${issue?.path.join(".") || "the row"}: ${issue?.message}`,
      `Each line must have ${WANTS[form]}.`,
    );
  });
  if (rows.length === 0) throw empty(path);
  return rows;
}

const empty = (path: string): TrainingError =>
  new TrainingError(`${path} holds no judgments`, "Give a file with at least one line, or rate some answers first.");

function read(path: string): { value: unknown; line: number }[] {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof TypeError)
      throw new TrainingError(`${path} is not valid UTF-8`, "Write it anew as UTF-8, one JSON document a line.");
    throw fileTrouble(path, error);
  }
  return text.split("\n").flatMap((line, n) => {
    if (line.trim() === "") return [];
    try {
      return [{ value: JSON.parse(line) as unknown, line: n + 1 }];
    } catch {
      throw new TrainingError(`${path}: line ${n + 1} is not JSON`, "Give one JSON document a line.");
    }
  });
}

/** Prompts of a file with prompts alone, or of any of the others; each once. */
export function readPrompts(path: string): string[] {
  return [...new Set(readRows(path, "prompt").map(({ prompt }) => prompt))];
}
