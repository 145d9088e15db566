/** Matrix products. */
import { GraphError } from "../errors.ts";
import { at, broadcastShapes, show } from "../shape.ts";
import { build, mustBeFloat, type Tensor } from "../tensor.ts";
import { sum } from "./reduce.ts";
import { reshape, transpose } from "./shape.ts";

export interface MatmulOptions {
  transposeA?: boolean;
  transposeB?: boolean;
  /** A factor for the product. */
  alpha?: number;
}

/** Over the last two axes: [..., m, k] by [..., k, n] gives [..., m, n]; leading axes broadcast. */
export function matmul(
  a: Tensor,
  b: Tensor,
  { transposeA = false, transposeB = false, alpha = 1 }: MatmulOptions = {},
): Tensor {
  mustBeFloat("matmul", a, b);
  const described = `${show(a.shape)}${transposeA ? "ᵀ" : ""} by ${show(b.shape)}${transposeB ? "ᵀ" : ""}`;
  if (a.rank < 2 || b.rank < 2) throw new GraphError("matmul", `${described}: both need two axes`);
  if (a.dtype !== b.dtype) throw new GraphError("matmul", `${a.dtype} by ${b.dtype}`);
  const [m, left] = transposeA ? [at(a.shape, -1), at(a.shape, -2)] : [at(a.shape, -2), at(a.shape, -1)];
  const [right, n] = transposeB ? [at(b.shape, -1), at(b.shape, -2)] : [at(b.shape, -2), at(b.shape, -1)];
  if (left !== right) throw new GraphError("matmul", `${described}: ${left} and ${right} differ`);
  const lead = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (!lead) throw new GraphError("matmul", `${described}: leading axes do not broadcast`);
  return build("matmul", { transposeA, transposeB, alpha }, [a, b], { shape: [...lead, m, n], dtype: a.dtype });
}

/**
 * A contraction in Einstein's notation, of one or two tensors: `einsum("bqhd,bkhd->bhqk", q, k)`. A letter that stands in both and
 * in the result is a batch axis; one that is missing from the result is summed. No letter twice in one operand.
 */
export function einsum(formula: string, a: Tensor, b?: Tensor): Tensor {
  const [, left = "", right, out = ""] = /^([a-z]+)(?:,([a-z]+))?->([a-z]*)$/.exec(formula.replaceAll(" ", "")) ?? [];
  const described = `"${formula}" of ${show(a.shape)}${b ? ` and ${show(b.shape)}` : ""}`;
  const wrong = (why: string): GraphError => new GraphError("einsum", `${described}: ${why}`);
  if (left === "" || (right === undefined) !== (b === undefined)) throw wrong("the formula does not fit the operands");
  const extents = new Map<string, number>();
  for (const [letters, x] of [
    [left, a],
    [right, b],
  ] as const) {
    if (letters === undefined || !x) continue;
    if (letters.length !== x.rank || new Set(letters).size !== letters.length)
      throw wrong(`"${letters}" does not name the axes`);
    for (const [axis, letter] of [...letters].entries()) {
      const extent = at(x.shape, axis);
      if ((extents.get(letter) ?? extent) !== extent) throw wrong(`${letter} is ${extents.get(letter)} and ${extent}`);
      extents.set(letter, extent);
    }
  }
  if (new Set(out).size !== out.length || [...out].some((letter) => !extents.has(letter)))
    throw wrong(`no result "${out}"`);
  const size = (letters: readonly string[]): number =>
    letters.reduce((product, letter) => product * (extents.get(letter) ?? 1), 1);
  const arranged = (x: Tensor, letters: string, wanted: string): Tensor =>
    transpose(
      x,
      [...wanted].map((letter) => letters.indexOf(letter)),
    );
  const lone = (x: Tensor, letters: string, other: string): [Tensor, string] => {
    const axes = [...letters].flatMap((letter, axis) => (other.includes(letter) || out.includes(letter) ? [] : [axis]));
    return axes.length === 0
      ? [x, letters]
      : [sum(x, axes), [...letters].filter((_, axis) => !axes.includes(axis)).join("")];
  };
  const [first, firstLetters] = lone(a, left, right ?? "");
  if (!b || right === undefined) return arranged(first, firstLetters, out);
  const [second, secondLetters] = lone(b, right, left);
  const batch = [...firstLetters].filter((letter) => secondLetters.includes(letter) && out.includes(letter));
  const summed = [...firstLetters].filter((letter) => secondLetters.includes(letter) && !out.includes(letter));
  const rows = [...firstLetters].filter((letter) => !secondLetters.includes(letter));
  const columns = [...secondLetters].filter((letter) => !firstLetters.includes(letter));
  const x = reshape(arranged(first, firstLetters, [...batch, ...rows, ...summed].join("")), [
    size(batch),
    size(rows),
    size(summed),
  ]);
  const y = reshape(arranged(second, secondLetters, [...batch, ...columns, ...summed].join("")), [
    size(batch),
    size(columns),
    size(summed),
  ]);
  const product = [...batch, ...rows, ...columns];
  const full = reshape(
    matmul(x, y, { transposeB: true }),
    product.map((letter) => extents.get(letter) ?? 1),
  );
  return arranged(full, product.join(""), out);
}
