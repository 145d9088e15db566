/** What a sparse dictionary is made of: an autoencoder of one place, or a transcoder from one place to another. */

/**
 * Which features speak: the k largest (Gao et al. 2024, arXiv 2406.04093), those above a threshold of their own (JumpReLU, Rajamanoharan
 * et al. 2024, arXiv 2407.14435), those whose gate is open (Rajamanoharan et al. 2024, arXiv 2404.16014), or those above nothing.
 */
export type Gate = { kind: "topk"; k: number } | { kind: "jumprelu" } | { kind: "gated" } | { kind: "relu" };

export interface DictionaryShape {
  gate: Gate;
  /** Width of the place that is read. */
  inWidth: number;
  features: number;
  /** Width of the place that is written: the same for an autoencoder. */
  outWidth: number;
  /** What is written is another place than what is read: the input is not centred, and not the target. */
  transcodes: boolean;
}

/** Weights by SAELens's names, with their shapes. */
export function dictionaryWeights({
  gate,
  inWidth,
  features,
  outWidth,
}: DictionaryShape): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>([
    ["W_enc", [inWidth, features]],
    ["W_dec", [features, outWidth]],
    ["b_dec", [outWidth]],
  ]);
  const each = gate.kind === "gated" ? ["b_gate", "r_mag", "b_mag"] : ["b_enc"];
  for (const name of gate.kind === "jumprelu" ? [...each, "threshold"] : each) shapes.set(name, [features]);
  return shapes;
}
