/** Look inside a model: read, edit, attribute. */
export { type Activation, ActivationCache } from "./activation.ts";
export {
  attributionPatching,
  type Contribution,
  type Direction,
  logitAttribution,
  logitLens,
  unembedding,
} from "./attribution.ts";
export {
  type AttributionGraph,
  type AttributionGraphOptions,
  attributionGraph,
  type GraphNode,
} from "./attribution-graphs/attribution-graph.ts";
export { groupGraph, type PruneOptions, pruneGraph } from "./attribution-graphs/prune.ts";
export { type ChoiceTask, type Course, chancesOf, courses, nextLogits } from "./choices/answer-tree.ts";
export { type ChoiceExplanation, explainChoice, type Swap } from "./choices/explain-choice.ts";
export { type Ablation, CircuitFinder, type CircuitTask } from "./circuits/circuit-finder.ts";
export { type EdgePruningOptions, edgePruning } from "./circuits/edge-pruning.ts";
export { connected, type Edge as CircuitEdge, type Wiring, wiringOf } from "./circuits/edges.ts";
export { edgeAuc, type Faithfulness, faithfulness, faithfulnessOf } from "./circuits/faithfulness.ts";
export { type AcdcOptions, acdc, eap, eapIg, topEdges } from "./circuits/methods.ts";
export { type Path, PathPatcher, type PathTask } from "./circuits/path-patching.ts";
export { type BoardOptions, type FeatureBoard, featureBoards, neuronBoards } from "./dictionaries/boards.ts";
export { Dictionary, type Origin } from "./dictionaries/dictionary.ts";
export { type DictionaryReport, dictionaryReport } from "./dictionaries/report.ts";
export { openDictionary, saveDictionary } from "./dictionaries/sae-lens.ts";
export type { DictionaryShape, Gate } from "./dictionaries/shape.ts";
export { activationStream, type StreamOptions, widthAt } from "./dictionaries/stream.ts";
export {
  type ActivationBatch,
  DICTIONARY_TRAINING,
  type DictionaryStep,
  type DictionaryTraining,
  trainDictionary,
} from "./dictionaries/train-dictionary.ts";
export { differenceOfMeans, meanRow, rowsAt, unit } from "./directions.ts";
export { type EditQuestion, type EditReport, editReport, type Side } from "./editing/edit-report.ts";
export { type RankOneRequest, rankOneEdit } from "./editing/rank-one.ts";
export {
  biasEdit,
  EditedModel,
  headEdit,
  neuronEdit,
  projectionEdit,
  type WeightEdit,
} from "./editing/weight-edit.ts";
export type { Addition, Edit, Region, Replacement } from "./edits.ts";
export { type Agreement, agreementWith } from "./extract/agreement.ts";
export {
  type Extraction,
  type ExtractOptions,
  extractProgram,
  type PartReport,
} from "./extract/extract-program.ts";
export { runTables, type TableProgram } from "./extract/table-program.ts";
export { toTypeScript } from "./extract/typescript.ts";
export {
  compositionScore,
  copyingScore,
  type HeadName,
  ovCircuit,
  qkCircuit,
  singularDirections,
} from "./head-circuits.ts";
export { type HeadScore, headScores, repeatedTokens } from "./head-scores.ts";
export { Lens, type LensOptions, type LensRun, type Metric, type RunOptions, type WeightMap } from "./lens.ts";
export { LensError } from "./lens-error.ts";
export { logProbability, lossOfNext } from "./loss.ts";
export { modelHash } from "./model-hash.ts";
export { type FourierBasis, fourier2d, fourierBasis, frequencyShares } from "./modular/fourier.ts";
export {
  addByRotations,
  answersOf,
  type FormulaFit,
  fitFormula,
  keyFrequencies,
  lossOn,
  type ProgressMeasures,
  progressMeasures,
  type SaidOfPairs,
} from "./modular/modular-addition.ts";
export { type AttributionGraphPicture, attributionGraphPicture } from "./pictures/attribution-graph.ts";
export { type Line, type LinesOptions, linesPicture } from "./pictures/lines.ts";
export { type Axis, type Names, type Place, placesOf } from "./places.ts";
export {
  accuracyOf,
  fitProbe,
  type Probe,
  type ProbeOptions,
  probed,
  type Selectivity,
  selectivity,
} from "./probe.ts";
export { type CompiledProgram, type CompileOptions, compileProgram } from "./rasp/compile.ts";
export * as programs from "./rasp/library.ts";
export {
  aggregate,
  combine,
  indices,
  isNumeric,
  map,
  number,
  round,
  run as runProgram,
  type Selector,
  type Sequence,
  select,
  tokens,
  type Value,
  width,
  zip,
} from "./rasp/program.ts";
export { TUNED_LENS, TunedLens, type TunedLensOptions, type TunedLensReport } from "./tuned-lens.ts";
export { type Architecture, architecture } from "./views/architecture.ts";
export { type CircuitView, type CutView, PairCircuit, type PairTask } from "./views/circuit.ts";
export { type Likely, PromptReader, type PromptView, promptProgram } from "./views/prompt.ts";
