/** The weights a run begins with: nanoGPT's, each a function of the seed and of its place. */
import { type DecoderConfig, weightShapes } from "@candor/transformer";
import { hash32, Random } from "../random.ts";

const SPREAD = 0.02;

/** N(0, 0.02); what is added to the residual stream less by the root of how often that happens; norms 1, biases 0. */
export function initialWeights(config: DecoderConfig, seed: number): Map<string, Float32Array> {
  const residual = SPREAD / Math.sqrt(2 * config.layers);
  return new Map(
    Array.from(weightShapes(config), ([name, shape], n) => {
      const values = new Float32Array(shape.reduce((product, extent) => product * extent, 1));
      if (name.endsWith(".bias")) return [name, values];
      if (shape.length === 1) return [name, values.fill(1)];
      normal(values, hash32(seed, 0x77), n, /\.(attn\.o|mlp\.out)\.weight$/.test(name) ? residual : SPREAD);
      return [name, values];
    }),
  );
}

/** Box and Muller's pairs. */
function normal(values: Float32Array, seed: number, place: number, spread: number): void {
  const random = new Random(seed, place);
  for (let at = 0; at < values.length; at += 2) {
    const radius = spread * Math.sqrt(-2 * Math.log(1 - random.unit()));
    const angle = 2 * Math.PI * random.unit();
    values[at] = radius * Math.cos(angle);
    if (at + 1 < values.length) values[at + 1] = radius * Math.sin(angle);
  }
}
