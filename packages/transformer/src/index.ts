export { writeAtomically } from "./checkpoint/atomic-file.ts";
export { type Dtype, type FloatDtype, fromFloat32, toFloat32 } from "./checkpoint/dtype.ts";
export { openCheckpoint } from "./checkpoint/open-checkpoint.ts";
export { openSafetensors, type StoredTensor, type TensorStore } from "./checkpoint/read-safetensors.ts";
export { type TensorToWrite, writeSafetensors } from "./checkpoint/write-safetensors.ts";
export { checkWeights, type FoundWeight, weightEntries } from "./config/check-weights.ts";
export {
  type Activation,
  type DecoderConfig,
  FAMILIES,
  type Family,
  type Norm,
  type Positions,
  type RotaryScaling,
  weightShapes,
} from "./config/decoder-config.ts";
export {
  contradictionIn,
  familyOf,
  type ModelConfig,
  modelConfigToJson,
  parseModelConfig,
  rotaryWidth,
  SCORE_HEAD,
} from "./config/model-config.ts";
export { rotaryFrequencies } from "./config/rotary.ts";
export { type Layout, pack, unpack, type WeightEntry, type WeightPart } from "./config/weight-layout.ts";
export { byteLanguage } from "./constrain/byte-language.ts";
export type { Grammar } from "./constrain/expression.ts";
export { parseGrammar } from "./constrain/gbnf.ts";
export { jsonOrText } from "./constrain/json-or-text.ts";
export { jsonGrammar, jsonSchemaGrammar } from "./constrain/json-schema.ts";
export type { ByteLanguage } from "./constrain/language.ts";
export { parseRegularExpression } from "./constrain/regular-expression.ts";
export { Engine, type EngineOptions, mustFit } from "./generate/engine.ts";
export { type Generated, generate, generateBatch, whole } from "./generate/generate.ts";
export type { FinishReason, GenerationRequest, Piece, TokenLogProbability } from "./generate/generation.ts";
export type { Precision } from "./generate/generation-weights.ts";
export { type Rollout, type RolloutOptions, Rollouts, type WriteOptions } from "./generate/rollouts.ts";
export { type Generating, Scheduler, type Speaker } from "./generate/scheduler.ts";
export { type KeyValues, visibility, type Weights } from "./model/attention.ts";
export { type DecoderInput, type DecoderOutput, decoder, mlp, normOf, UNEMBED, weightInputs } from "./model/decoder.ts";
export { type Rotation, rotate, rotation } from "./model/positions.ts";
export { openPretrained, openTokenizer, type Pretrained, type Weight } from "./pretrained/open-pretrained.ts";
export { type ModelToSave, savePretrained } from "./pretrained/save-pretrained.ts";
export { tokenizerFromJson } from "./tokenizers/document-tokenizer.ts";
export { bytesTokenizer, charactersTokenizer, type SpecialTokens } from "./tokenizers/simple-tokenizers.ts";
export { type StreamDecoder, streamDecoder } from "./tokenizers/stream-decoder.ts";
export type { DecodeOptions, EncodeOptions, Tokenizer } from "./tokenizers/tokenizer.ts";
export type { TokenizerJson } from "./tokenizers/tokenizer-json.ts";
export { type BpeProgress, type TrainBpeOptions, trainBpe } from "./tokenizers/train-bpe.ts";
export { TransformerError } from "./transformer-error.ts";
