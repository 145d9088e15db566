/**
 * A model with its attention patterns, its norms' scales and what its MLPs say held as they were: what any place of the residual stream says is
 * then a sum of what was put in.
 */
import {
  add,
  compile,
  gradients,
  input,
  matmul,
  mean,
  mul,
  type Program,
  reshape,
  sub,
  sum,
  type Tensor,
  transpose,
} from "@candor/graph";
import { type DecoderConfig, weightInputs } from "@candor/transformer";
import { LensError } from "../lens-error.ts";

export const frozenName = {
  pattern: (layer: number): string => `pattern ${layer}`,
  /** One over the scale of the norm before attention. */
  scale: (layer: number): string => `scale ${layer}`,
  mlp: (layer: number): string => `mlp ${layer}`,
  /** Directions that a target is read along, before the MLP of a layer and at the end. */
  towards: (layer: number | "end"): string => `towards ${layer}`,
  slope: (of: string): string => `slope ${of}`,
} as const;

/** @throws {LensError} for a model whose MLPs do not read what attention has written */
export function mustBeSerial({ normPlacement, parallelResidual, mlpWidth }: DecoderConfig): void {
  if (normPlacement !== "pre" || parallelResidual || mlpWidth === 0)
    throw new LensError(
      "Attribution graphs are of decoders whose MLPs come after attention, and norms before both",
      "Take another model.",
    );
}

/**
 * Inputs besides weights: `embedded` [time, width], `frozenName`'s. Outputs: `target`, the sum of the stream along all directions, and its
 * slopes with respect to `embedded` and to what each MLP says.
 */
export function frozenProgram(config: DecoderConfig, time: number): Program {
  mustBeSerial(config);
  const { layers, heads, kvHeads, headDim, width, norm, biases } = config;
  const { weights } = weightInputs(config);
  const embedded = input("embedded", [time, width]);
  const said = Array.from({ length: layers }, (_, layer) => input(frozenName.mlp(layer), [time, width]));
  const along = (stream: Tensor, at: number | "end"): Tensor =>
    sum(mul(stream, input(frozenName.towards(at), [time, width])));
  let stream = embedded;
  const targets: Tensor[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const block = `blocks.${layer}`;
    let x = stream;
    if (norm.kind !== "none") {
      const centred = norm.kind === "rms" ? x : sub(x, mean(x, 1, { keep: true }));
      x = mul(mul(centred, input(frozenName.scale(layer), [time, 1])), weights(`${block}.norm1.weight`));
      if (norm.bias) x = add(x, weights(`${block}.norm1.bias`));
    }
    let v = matmul(x, weights(`${block}.attn.v.weight`));
    if (biases.qkv) v = add(v, weights(`${block}.attn.v.bias`));
    const values = reshape(transpose(reshape(v, [time, kvHeads, headDim]), [1, 0, 2]), [kvHeads, 1, time, headDim]);
    const pattern = reshape(input(frozenName.pattern(layer), [heads, time, time]), [
      kvHeads,
      heads / kvHeads,
      time,
      time,
    ]);
    const z = transpose(reshape(matmul(pattern, values), [heads, time, headDim]), [1, 0, 2]);
    let out = matmul(reshape(z, [time, heads * headDim]), weights(`${block}.attn.o.weight`));
    if (biases.o) out = add(out, weights(`${block}.attn.o.bias`));
    stream = add(stream, out);
    targets.push(along(stream, layer));
    stream = add(stream, said[layer] as Tensor);
  }
  targets.push(along(stream, "end"));
  const target = targets.reduce(add);
  const sources = [embedded, ...said];
  const names = ["embedded", ...said.map((_, layer) => frozenName.mlp(layer))];
  const slopes = gradients(target, sources);
  return compile({
    outputs: { target, ...Object.fromEntries(names.map((name, n) => [frozenName.slope(name), slopes[n] as Tensor])) },
  });
}
