/** Fields that every kind of training is told. */
import { z } from "zod";
import type { Schedule } from "../schedule/schedule.ts";
import { TrainingError } from "../training-error.ts";

export const Count = z.int().positive();
export const Share = z.number().min(0).lt(1);

export const Rate = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("constant"), peak: z.number(), warmup: z.int().default(0) }),
  z.strictObject({ kind: z.literal("cosine"), peak: z.number(), min: z.number(), warmup: z.int().default(0) }),
  z.strictObject({ kind: z.literal("linear"), peak: z.number(), min: z.number(), warmup: z.int().default(0) }),
  z.strictObject({
    kind: z.literal("wsd"),
    peak: z.number(),
    min: z.number(),
    warmup: z.int().default(0),
    decay: z.int(),
    shape: z.enum(["linear", "sqrt"]).default("linear"),
  }),
]);
export type Rate = z.output<typeof Rate>;

/** The decay of a schedule ends with the run. */
export const scheduleFor = (rate: Rate, steps: number): Schedule =>
  rate.kind === "constant" ? rate : { ...rate, steps };

/** @param where names the document in errors @param page of docs/ that lists its fields */
export function parseSettings<T>(schema: z.ZodType<T>, document: unknown, where: string, page: string): T {
  const read = schema.safeParse(document);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const path = issue?.path.map(String).join(".");
  throw new TrainingError(
    `${where}: ${path ? `${path}: ` : ""}${issue?.message ?? "it is no configuration"}`,
    `docs/${page} lists every field.`,
  );
}
