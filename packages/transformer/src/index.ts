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
export type { DecodeOptions, EncodeOptions, Tokenizer } from "./tokenizers/tokenizer.ts";
export type { TokenizerJson } from "./tokenizers/tokenizer-json.ts";
export { TransformerError } from "./transformer-error.ts";
