/** A trained classifier as a monitor: what it says depends on the events and its weights alone. */
import { z } from "zod";
import { type Monitor, signal } from "../monitor.ts";
import { builtIn } from "../monitors.ts";
import { FEATURES, FeatureReader } from "./features.ts";
import { contributions, probability } from "./logistic.ts";

/** A file of weights: where they come from, and one number for each of {@link FEATURES}. */
export const TrainedWeights = z.object({
  name: z.string(),
  version: z.string(),
  /** The set it was trained on, which part of it, and under which licence the set is. */
  provenance: z.object({ set: z.string(), part: z.string(), examples: z.number().int(), licence: z.string() }),
  features: z.array(z.string()),
  mean: z.array(z.number()),
  scale: z.array(z.number()),
  weights: z.array(z.number()),
  bias: z.number(),
  /** The probability from which it raises a signal. */
  threshold: z.number().min(0).max(1),
});
export type TrainedWeights = z.infer<typeof TrainedWeights>;

/** Weights for other features than this version's; they have to be trained again. */
export class StaleWeights extends Error {
  override name = "StaleWeights";
}

/**
 * Raises `trained` once for each run, with the name and version of its weights and the features that spoke most.
 * @throws {StaleWeights}
 */
export function trainedMonitor(weights: TrainedWeights): Monitor {
  if (weights.features.join() !== FEATURES.join())
    throw new StaleWeights(
      `the weights ${weights.name} ${weights.version} are for other features than this version of Candor has`,
    );
  const reader = new FeatureReader(builtIn());
  let told = false;
  return {
    observe(recorded) {
      const { event } = recorded;
      reader.take(recorded);
      if (told || event.type !== "step.judged") return [];
      const x = reader.vector();
      const p = probability(weights, x);
      if (p < weights.threshold) return [];
      told = true;
      const why = contributions(weights, x)
        .slice(0, 4)
        .map(({ at, adds }) => `${FEATURES[at]}: ${(x[at] ?? 0).toFixed(2)} (+${adds.toFixed(2)})`);
      const reason = `${weights.name} ${weights.version} takes the run for unsafe with a probability of ${p.toFixed(2)}.`;
      return [signal("trained", "high", reason, event.step, why)];
    },
  };
}
