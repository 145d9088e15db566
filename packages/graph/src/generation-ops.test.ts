import { expect, test } from "vitest";
import { compile } from "./compile.ts";
import { gradients } from "./gradients/gradients.ts";
import { cachedAttention, matmulInt8, quantiseInt8, sum } from "./ops/index.ts";
import { evaluate } from "./reference/evaluate.ts";
import { Runner } from "./runtime/runner.ts";
import { constant, input } from "./tensor.ts";
import { uniforms } from "./testing/samples.ts";

const drawn = (length: number, uniform: () => number): Float32Array =>
  Float32Array.from({ length }, () => 2 * uniform() - 1);

/** The largest difference. */
const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, n) => Math.max(most, Math.abs(value - (b[n] as number))), a.length - b.length);

test.each([
  { name: "a first prompt", batch: 1, time: 5, heads: 4, kvHeads: 2, headDim: 8, last: [4] },
  { name: "a prompt that goes on", batch: 1, time: 4, heads: 4, kvHeads: 4, headDim: 16, last: [9] },
  {
    name: "one token for rows of uneven lengths",
    batch: 3,
    time: 1,
    heads: 6,
    kvHeads: 2,
    headDim: 8,
    last: [0, 7, 3],
  },
])("attention with a cache, in place: $name", async ({ batch, time, heads, kvHeads, headDim, last }) => {
  const capacity = 12;
  const cache = [batch, kvHeads, capacity, headDim];
  const { mixed, keys, values } = cachedAttention({
    q: input("q", [batch, time, heads * headDim]),
    k: input("k", [batch, time, kvHeads * headDim]),
    v: input("v", [batch, time, kvHeads * headDim]),
    keys: input("keys", cache),
    values: input("values", cache),
    last: input("last", [batch], "int32"),
    total: input("total", [], "int32"),
  });
  const uniform = uniforms(3);
  const feeds = {
    q: drawn(batch * time * heads * headDim, uniform),
    k: drawn(batch * time * kvHeads * headDim, uniform),
    v: drawn(batch * time * kvHeads * headDim, uniform),
    last: Int32Array.from(last),
    total: [Math.max(...last) + 1],
  };
  const memory = {
    keys: drawn(batch * kvHeads * capacity * headDim, uniform),
    values: drawn(batch * kvHeads * capacity * headDim, uniform),
  };
  const wanted = evaluate([mixed, keys, values], { ...feeds, ...memory });

  const runner = await Runner.load(compile({ outputs: { mixed }, inPlace: { keys, values } }), { threads: 1 });
  await expect(runner.run(feeds)).rejects.toThrow("is not bound to memory");
  expect(() => runner.bind({ keys: new Float32Array(3) })).toThrow("elements, not 3");
  runner.bind(memory);
  const found = await runner.run(feeds);
  await runner.release();
  expect(apart(found.mixed as Float32Array, wanted[0] as Float64Array)).toBeLessThan(1e-5);
  expect(apart(memory.keys, wanted[1] as Float64Array)).toBeLessThan(1e-6);
  expect(apart(memory.values, wanted[2] as Float64Array)).toBeLessThan(1e-6);
});

test("heads of a width that ONNX Runtime does not take are refused when the graph is built", () => {
  const [q, kv, cache] = [input("q", [1, 1, 10]), input("k", [1, 1, 5]), input("c", [1, 1, 4, 5])];
  const places = { last: input("last", [1], "int32"), total: input("total", [], "int32") };
  expect(() => cachedAttention({ q, k: kv, v: kv, keys: cache, values: cache, ...places })).toThrow("heads are 5 wide");
});

test.each([
  { rows: 64, columns: 9, lines: 1, block: 32 },
  { rows: 100, columns: 5, lines: 3, block: 32 },
  { rows: 8, columns: 3, lines: 2, block: 16 },
  { rows: 128, columns: 33, lines: 17, block: 64 },
])("a product with bytes: $lines x $rows x $columns in blocks of $block", async ({ rows, columns, lines, block }) => {
  const uniform = uniforms(rows);
  const matrix = drawn(rows * columns, uniform);
  const x = drawn(lines * rows, uniform);
  const { codes, scales } = quantiseInt8(matrix, rows, columns, block);
  const blocks = Math.ceil(rows / block);
  const y = matmulInt8(
    input("x", [lines, rows]),
    constant(codes, [columns, blocks, block], "uint8"),
    constant(scales, [columns * blocks]),
  );
  const [wanted] = evaluate([y], { x });
  const runner = await Runner.load(compile({ outputs: { y } }), { threads: 1 });
  const { y: found } = await runner.run({ x });
  await runner.release();
  // Blocks of x are rounded to bytes as well: an error of 1 / 254 of its largest, summed over rows as noise.
  expect(apart(found as Float32Array, wanted as Float64Array)).toBeLessThan((3 * Math.sqrt(rows)) / 254);
  const exact = Array.from({ length: lines * columns }, (_, n) => {
    const [line, column] = [Math.floor(n / columns), n % columns];
    return Array.from(
      { length: rows },
      (__, row) => (x[line * rows + row] as number) * (matrix[row * columns + column] as number),
    ).reduce((a, b) => a + b, 0);
  });
  expect(apart(wanted as Float64Array, exact)).toBeLessThan((3 * Math.sqrt(rows)) / 254);
});

test("the largest bytes of both signs do not overflow", async () => {
  const [rows, columns] = [128, 4];
  const matrix = Float32Array.from({ length: rows * columns }, (_, n) => (n % columns < 2 ? 1 : -1));
  const { codes, scales } = quantiseInt8(matrix, rows, columns, 32);
  const y = matmulInt8(input("x", [1, rows]), constant(codes, [columns, 4, 32], "uint8"), constant(scales, [16]));
  const runner = await Runner.load(compile({ outputs: { y } }), { threads: 1 });
  const { y: found } = await runner.run({ x: new Float32Array(rows).fill(1) });
  await runner.release();
  for (const [n, value] of [128, 128, -128, -128].entries()) expect(found?.[n]).toBeCloseTo(value, 2);
});

test("what only generation uses is not differentiated", () => {
  const x = input("x", [1, 32]);
  const { codes, scales } = quantiseInt8(new Float32Array(32), 32, 1, 32);
  const y = sum(matmulInt8(x, constant(codes, [1, 1, 32], "uint8"), constant(scales, [1])));
  expect(() => gradients(y, [x])).toThrow("matmulInt8: has no gradient");
});
