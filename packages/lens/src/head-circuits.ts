/** What a head does, read off its weights: where it looks (QK), what it moves (OV), and which heads it listens to (Elhage et al. 2021). */
import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from "ml-matrix";
import type { Lens } from "./lens.ts";
import { LensError } from "./lens-error.ts";

type Weighed = Pick<Lens, "config" | "weights">;
export type HeadName = readonly [layer: number, head: number];

/** W_Q W_K^T, [width, width]: of a row that looks and a row that is looked at, their score times the root of the head's width. */
export const qkCircuit = (lens: Weighed, head: HeadName): Matrix =>
  part(lens, head, "q").mmul(part(lens, head, "k").transpose());

/** W_V W_O, [width, width]: what a row that is looked at adds to the stream. */
export const ovCircuit = (lens: Weighed, head: HeadName): Matrix => part(lens, head, "v").mmul(part(lens, head, "o"));

/** The sum of the eigenvalues of W_E W_V W_O W_U over that of their sizes: 1 for a head that only copies, -1 for one that only forbids. */
export function copyingScore(lens: Weighed, head: HeadName): number {
  const { config, weights } = lens;
  const { width, vocab, tied } = config;
  const embed = new Matrix(vocab, width);
  const unembed = new Matrix(width, vocab);
  const table = weights.get("embed.weight") ?? NONE;
  const readOut = weights.get("unembed.weight") ?? NONE;
  for (let token = 0; token < vocab; token++)
    for (let n = 0; n < width; n++) {
      embed.set(token, n, table[token * width + n] as number);
      unembed.set(n, token, (tied ? table[token * width + n] : readOut[n * vocab + token]) as number);
    }
  // W_E (W_V W_O) W_U has the eigenvalues of the head-wide W_O W_U W_E W_V, and as many zeros as are missing.
  const small = part(lens, head, "o")
    .mmul(unembed)
    .mmul(embed)
    .mmul(part(lens, head, "v"));
  const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(small);
  const sizes = realEigenvalues.map((real, n) => Math.hypot(real, imaginaryEigenvalues[n] ?? 0));
  return sum(realEigenvalues) / sum(sizes);
}

/**
 * How much of what an earlier head writes a later one reads, by queries, keys or values: |W_reads W_writes| over the product of both
 * norms (Frobenius), as in Elhage et al.
 */
export function compositionScore(lens: Weighed, from: HeadName, to: HeadName, by: "q" | "k" | "v"): number {
  if (from[0] >= to[0])
    throw new LensError(`Head ${to.join(".")} cannot read what ${from.join(".")} writes: it is not later`);
  const written = ovCircuit(lens, from);
  const read = by === "q" ? qkCircuit(lens, to) : by === "k" ? qkCircuit(lens, to).transpose() : ovCircuit(lens, to);
  return written.mmul(read).norm() / (written.norm() * read.norm());
}

/** Singular values of a matrix, largest first, with its left and right directions as columns. */
export function singularDirections(matrix: Matrix): { values: number[]; left: Matrix; right: Matrix } {
  const { diagonal, leftSingularVectors, rightSingularVectors } = new SingularValueDecomposition(matrix);
  return { values: diagonal, left: leftSingularVectors, right: rightSingularVectors };
}

const NONE = new Float32Array();
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Of one head: [width, headDim], and for `o` [headDim, width]. Heads that share keys and values have the same. */
function part({ config, weights }: Weighed, [layer, head]: HeadName, which: "q" | "k" | "v" | "o"): Matrix {
  const { layers, heads, kvHeads, headDim, width } = config;
  if (!(layer >= 0 && layer < layers && head >= 0 && head < heads))
    throw new LensError(`There is no head ${layer}.${head}`, `Layers are 0 to ${layers - 1}, heads 0 to ${heads - 1}.`);
  const values = weights.get(`blocks.${layer}.attn.${which}.weight`) ?? NONE;
  const own = which === "k" || which === "v" ? Math.floor((head * kvHeads) / heads) : head;
  const columns = (which === "k" || which === "v" ? kvHeads : heads) * headDim;
  const matrix = which === "o" ? new Matrix(headDim, width) : new Matrix(width, headDim);
  for (let k = 0; k < headDim; k++)
    for (let n = 0; n < width; n++) {
      if (which === "o") matrix.set(k, n, values[(own * headDim + k) * width + n] as number);
      else matrix.set(n, k, values[n * columns + own * headDim + k] as number);
    }
  return matrix;
}
