/** What the benchmark of the off switch and the process that it stops say to each other. */
import { z } from "zod";

export const ToWarden = z.discriminatedUnion("type", [
  /** Begin a run `tree` and a child for each goal. */
  z.object({ type: z.literal("begin"), tree: z.string(), goals: z.array(z.string()) }),
  z.object({ type: z.literal("freeze minds") }),
  z.object({ type: z.literal("cut log") }),
  /** The event loop stands still, at work or asleep. */
  z.object({ type: z.literal("spin") }),
  z.object({ type: z.literal("block") }),
  z.object({ type: z.literal("stop"), tree: z.string(), children: z.number() }),
]);
export type ToWarden = z.infer<typeof ToWarden>;

export const FromWarden = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready") }),
  z.object({ type: z.literal("done") }),
  /** Times on the machine's monotonic clock, ms. */
  z.object({ type: z.literal("stopped"), received: z.number(), returned: z.number(), cut: z.number() }),
  /** Everything of the tree is at rest and forgotten. */
  z.object({ type: z.literal("settled") }),
]);
export type FromWarden = z.infer<typeof FromWarden>;

/** Milliseconds on the clock that all processes of this machine share. */
export const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6;
