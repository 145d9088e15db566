/** Why a step was taken, as the API tells it. */
import { z } from "@hono/zod-openapi";

const Option = z.object({
  /** In the mind's words. */
  call: z.string(),
  tool: z.string(),
  args: z.record(z.string(), z.unknown()),
  chance: z.number(),
});
const Word = z.object({ word: z.string(), means: z.string(), effect: z.number() });

export const StepWhy = z
  .object({
    run: z.string(),
    step: z.int(),
    thought: z.string(),
    chosen: Option,
    /** Likeliest first. */
    others: z.array(Option),
    /** Options that there were. */
    of: z.int(),
    /** Whether the model's likeliest words lead to what was done. */
    isLikeliest: z.boolean(),
    parting: z
      .object({
        ...{ written: z.array(z.string()), chosen: z.string(), rival: z.string() },
        ...{ chosenMeans: z.string(), rivalMeans: z.string() },
        /** Logit of the one over the other; and were every word the mean of those that could stand there. */
        ...{ margin: z.number(), before: z.number() },
      })
      .optional(),
    /** The view: lines of how things stand, then what may be done. */
    parts: z.array(z.object({ words: z.array(Word), option: Option.optional() })),
    heads: z.array(z.object({ part: z.string(), effect: z.number() })),
    neurons: z.array(
      z.object({
        ...{ layer: z.int(), neuron: z.int(), effect: z.number() },
        ...{ raises: z.array(z.string()), loudest: z.array(z.string()) },
      }),
    ),
    change: z
      .object({
        words: z.array(
          z.object({
            ...{ from: z.string(), fromMeans: z.string(), to: z.string(), toMeans: z.string(), before: z.string() },
            option: Option.optional(),
          }),
        ),
        to: Option,
      })
      .optional(),
  })
  .openapi("StepWhy");
export type StepWhy = z.infer<typeof StepWhy>;
