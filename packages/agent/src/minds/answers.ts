/** Schemas of what a mind's process may say. The only place where its words are let in. */
import { Decision, EffectClass } from "@candor/store";
import { z } from "zod";

const InferenceRequest = z.object({
  system: z.string().max(200_000),
  messages: z.array(z.object({ role: z.enum(["user", "assistant"]), content: z.string().max(2_000_000) })).max(1_000),
  tools: z
    .array(
      z.object({
        name: z.string(),
        description: z.string(),
        effect: EffectClass,
        parameters: z.record(z.string(), z.unknown()),
      }),
    )
    .max(500),
  maxTokens: z.number().int().positive().max(1_000_000),
  grammar: z.string().max(200_000).optional(),
});

export const Answer = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready") }),
  z.object({ type: z.literal("infer"), id: z.number().int(), call: z.number().int(), request: InferenceRequest }),
  z.object({ type: z.literal("decided"), id: z.number().int(), decision: Decision }),
  z.object({ type: z.literal("failed"), id: z.number().int(), reason: z.string() }),
]);
export type Answer = z.infer<typeof Answer>;

/**
 * Parses one line from a mind's process.
 * @returns the answer, or a clause that says what is wrong with it
 */
export function parseAnswer(line: string): { answer: Answer } | { wrong: string } {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return { wrong: `wrote a line that is not JSON: ${excerpt(line)}` };
  }
  const parsed = Answer.safeParse(json);
  if (parsed.success) return { answer: parsed.data };
  const issue = parsed.error.issues[0];
  const where = issue?.path.join(".") || "the message";
  const about =
    typeof json === "object" && json !== null && "type" in json && json.type === "decided"
      ? "proposed something that is not a decision"
      : "wrote a message of an unknown form";
  return { wrong: `${about} (${where}: ${issue?.message ?? "invalid"})` };
}

/** At most 120 characters of it, on one line, without control characters. */
export function excerpt(text: string, length = 120): string {
  const line = text.replace(/[\p{C}\s]+/gu, " ").trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
