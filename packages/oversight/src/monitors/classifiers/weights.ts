/** The weights that ship with Candor: trained on the training part of the bundled cases, which are Candor's own. */
import { TrainedWeights } from "./trained.ts";
import weights from "./weights.json" with { type: "json" };

export const bundledWeights: TrainedWeights = TrainedWeights.parse(weights);
