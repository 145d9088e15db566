/** How fast each pair of dimensions turns with position. */
import type { DecoderConfig } from "./decoder-config.ts";
import { rotaryWidth } from "./model-config.ts";

/** Radians per position of each pair, `rotaryWidth / 2` of them; empty unless positions are rotary. */
export function rotaryFrequencies(config: DecoderConfig): Float64Array {
  const width = rotaryWidth(config);
  const { positions } = config;
  if (positions.kind !== "rotary") return new Float64Array();
  const { base, scaling } = positions;
  const plain = Float64Array.from({ length: width / 2 }, (_, pair) => base ** ((-2 * pair) / width));
  if (scaling.kind === "none") return plain;
  // Llama 3.1: slow pairs are slowed by the factor, fast ones left alone, those between blended.
  const { factor, lowFrequency, highFrequency, originalContext } = scaling;
  return plain.map((frequency) => {
    const turns = (originalContext * frequency) / (2 * Math.PI);
    const blend = Math.min(1, Math.max(0, (turns - lowFrequency) / (highFrequency - lowFrequency)));
    return frequency * (blend + (1 - blend) / factor);
  });
}
