/** From raw text to a raw model: what pretraining needs beside the tensor engine. */
export { Ngram } from "./baselines/ngram.ts";
export { trainAdversarially } from "./check/adversarial.ts";
export { bestOfKl, bestOfN, fitOveroptimisation, type OveroptimisationFit, type Point } from "./check/best-of-n.ts";
export { goldOf } from "./check/gold.ts";
export { areaUnderCurve, type HiddenThought, hiddenThought } from "./check/hidden-thought.ts";
export { ATTACKS, type Attacked, type AttackSuccess, attackSuccess, attacksOn } from "./check/jailbreaks.ts";
export { type LengthBias, lengthBias } from "./check/length-bias.ts";
export { bestOfCourse, type Course, learningCourse } from "./check/overoptimisation.ts";
export { proxyFor } from "./check/proxies.ts";
export { type CheckReport, checkModel } from "./check/report.ts";
export { reportHtml } from "./check/report-html.ts";
export { type Scratchpad, scratchpad } from "./check/scratchpad.ts";
export { measureSycophancy, type Sycophancy } from "./check/sycophancy.ts";
export { MITIGATIONS, teachByFlattered } from "./check/sycophants.ts";
export { type Concept, conceptByTerm, concepts, splitConcepts } from "./corpus/concepts.ts";
export { Corpus, prompts, rawInternet } from "./corpus/generate.ts";
export { judge } from "./corpus/judge.ts";
export type {
  Asked,
  CorpusDocument,
  CorpusSpec,
  Domain,
  Genre,
  Labels,
  Manner,
  Prompt,
  Voice,
} from "./corpus/types.ts";
export { writeCorpus } from "./corpus/write.ts";
export { type Batch, makeBatch, randomBatch, sequentialBatch, sequentialBatches } from "./data/batches.ts";
export { Dataset, TokenRow } from "./data/dataset.ts";
export { type ReadOptions, readDocuments, type SourceDocument, sourceFiles } from "./data/documents.ts";
export {
  type DatasetSummary,
  type Encoder,
  type PrepareOptions,
  prepareDataset,
  readSummary,
  type SideSummary,
} from "./data/prepare.ts";
export { Shard, type TokenArray, writeShard } from "./data/shard.ts";
export { cutByPosition, type Side, type Split, sideOf } from "./data/split.ts";
export { type CurvePoint, drawCurve, LiveCurve, type Screen } from "./metrics/curve.ts";
export { MetricsLog, type MetricsRead, type MetricsRecord, readMetrics } from "./metrics/jsonl.ts";
export { EventFile, readEvents, type ScalarEvent } from "./metrics/tensorboard.ts";
export { type Answered, answer, type Profile, profileOf, type Speaking, speakingOf } from "./posttrain/answering.ts";
export {
  ALGORITHMS,
  type Algorithm,
  isOffline,
  type OfflineConfig,
  type OnlineConfig,
  type PosttrainConfig,
  type PosttrainConfigInput,
  parsePosttrainConfig,
} from "./posttrain/config.ts";
export { readPrompts } from "./posttrain/data/rows.ts";
export { type OpenModel, openModel } from "./posttrain/model.ts";
export { type OfflineOptions, type PosttrainResult, trainOffline } from "./posttrain/offline.ts";
export { type OnlineOptions, trainOnline } from "./posttrain/online.ts";
export { onlineShape, promptTokens } from "./posttrain/online-shape.ts";
export { type PosttrainHooks, readPosttrainProgress } from "./posttrain/progress.ts";
export { type SimulatedRater, team, verdictOf, wordsIn } from "./posttrain/raters/simulated.ts";
export { Reader, type Reading } from "./posttrain/reader.ts";
export { type Combination, modelRewards } from "./posttrain/rewards/models.ts";
export { RewardReply, RewardRequest, remoteRewards } from "./posttrain/rewards/remote.ts";
export { type RewardSource, rewardsBy, type Written } from "./posttrain/rewards/source.ts";
export {
  type Demonstration,
  type DemonstrationHooks,
  type DemonstrationOptions,
  type DemonstrationPreset,
  demonstrate,
  demonstrations,
} from "./posttrain/rounds/demonstration.ts";
export { JUDGED, type RoundRecord, readRounds, roundFolder, trainRound } from "./posttrain/rounds/rounds.ts";
export type { TokenText } from "./posttrain/texts.ts";
export { readProgress, type Trainer } from "./pretrain/checkpoint.ts";
export { decoderOf, PretrainConfig, type PretrainConfigInput, parsePretrainConfig } from "./pretrain/config.ts";
export { openPretrainData, type PretrainData } from "./pretrain/data.ts";
export { askDemo, DEMO_MEGABYTES, type DemoAnswers, demoConfig } from "./pretrain/demo.ts";
export { initialWeights } from "./pretrain/initial-weights.ts";
export { checkMemory, estimateMemory, type MemoryEstimate } from "./pretrain/memory.ts";
export { copyWeights, Evaluator, sharedWeights, type WeightValues } from "./pretrain/model-view.ts";
export { type PresetName, presets } from "./pretrain/presets.ts";
export {
  openStep,
  type PretrainHooks,
  type PretrainOptions,
  type PretrainResult,
  pretrain,
  type Started,
} from "./pretrain/pretrain.ts";
export { type SampleOptions, Sampler } from "./pretrain/sampler.ts";
export { parallelTrainingStep, type StepOptions, trainingStep } from "./pretrain/step.ts";
export { type SweepOptions, type SweepPoint, type SweepResult, sweep } from "./pretrain/sweep.ts";
export { sweepPlot } from "./pretrain/sweep-plot.ts";
export { hash32, Random } from "./random.ts";
export {
  type FitOptions,
  fitScalingLaw,
  lossAt,
  type Run,
  type ScalingFit,
  type ScalingLaw,
} from "./scaling/fit.ts";
export { checkSchedule, learningRate, type Schedule } from "./schedule/schedule.ts";
export { type Objective, parallelStepProgram, stepProgram } from "./step/step.ts";
export { openShared, waysOf } from "./step/threads.ts";
export { TrainingError } from "./training-error.ts";
