export {
  type Classifier,
  type Consultant,
  type ConsultantOptions,
  createConsultant,
} from "./classifier.ts";
export { type Complete, judgeClassifier } from "./judge.ts";
export { trainClassifier } from "./train.ts";
export { StaleWeights, TrainedWeights, trainedMonitor } from "./trained.ts";
export { bundledWeights } from "./weights.ts";
