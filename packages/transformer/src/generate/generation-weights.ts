/** Weights as a generation program holds them: constants, which ONNX Runtime packs for its kernels once, or inputs that change. */
import { constant, input, matmul, matmulInt8, quantiseInt8, sizeOf, type Tensor } from "@candor/graph";
import { type DecoderConfig, weightShapes } from "../config/decoder-config.ts";
import { UNEMBED } from "../model/decoder.ts";
import { TransformerError } from "../transformer-error.ts";

export type Precision = "float32" | "int8";

/** Rows of a column that share a scale. */
export const BLOCK = 32;

export interface GenerationWeights {
  /** A weight as it is. */
  plain(name: string): Tensor;
  /** `x` by a matrix of the model's, or by one put together from several. */
  product(x: Tensor, name: string): Tensor;
  /** Width of a head in the cache: ONNX Runtime wants a multiple of 8, what is over is zero. */
  headWidth: number;
}

/** ONNX Runtime's attention wants a multiple of 8. */
export const headWidthOf = ({ headDim }: DecoderConfig): number => 8 * Math.ceil(headDim / 8);

interface Matrix {
  values: Float32Array;
  rows: number;
  columns: number;
}

/**
 * Besides the model's own there are `blocks.N.attn.qkv.weight` and `.bias` (queries, keys and values side by side),
 * `blocks.N.attn.out.weight`, and norms of heads, all with heads filled up to `headWidth`.
 */
export function generationWeights(
  config: DecoderConfig,
  values: ReadonlyMap<string, Float32Array>,
  precision: Precision,
): GenerationWeights {
  const { plain, matrix } = derived(config, values);
  const bytes = remembered((name) => {
    const { values: numbers, rows, columns } = matrix(name);
    const { codes, scales } = quantiseInt8(numbers, rows, columns, BLOCK);
    return {
      codes: constant(codes, [columns, Math.ceil(rows / BLOCK), BLOCK], "uint8"),
      scales: constant(scales),
    };
  });
  const floats = held(config, (name, kind) => {
    const { values: numbers, shape } = kind === "plain" ? plain(name) : shaped(matrix(name));
    return constant(numbers, shape);
  });
  if (precision === "float32") return floats;
  return { ...floats, product: (x, name) => matmulInt8(x, bytes(name).codes, bytes(name).scales) };
}

/**
 * Weights that change between texts: inputs of the programs, which their sessions hold.
 * @returns `feeds` gives what they hold for a model's weights; it knows them once the programs are built
 */
export function changingWeights(config: DecoderConfig): {
  weights: GenerationWeights;
  feeds(values: ReadonlyMap<string, Float32Array>): Record<string, Float32Array>;
} {
  const sizes = Array.from(weightShapes(config), ([name, shape]) => [name, new Float32Array(sizeOf(shape))] as const);
  const empty = derived(config, new Map(sizes));
  const asked = new Map<string, { name: string; kind: "plain" | "matrix" }>();
  const weights = held(config, (name, kind) => {
    asked.set(`${kind}:${name}`, { name, kind });
    return input(`${kind}:${name}`, (kind === "plain" ? empty.plain(name) : shaped(empty.matrix(name))).shape);
  });
  return {
    weights,
    feeds(values) {
      const { plain, matrix } = derived(config, values);
      return Object.fromEntries(
        Array.from(asked, ([key, { name, kind }]) => [key, (kind === "plain" ? plain(name) : matrix(name)).values]),
      );
    },
  };
}

type Keep = (name: string, kind: "plain" | "matrix") => Tensor;

function held(config: DecoderConfig, keep: Keep): GenerationWeights {
  const plain = remembered((name) => keep(name, "plain"));
  const matrix = remembered((name) => keep(name, "matrix"));
  return {
    plain,
    headWidth: headWidthOf(config),
    // The table of embeddings serves as it lies: a transposed copy would be a second one.
    product: (x, name) =>
      name === UNEMBED && config.tied
        ? matmul(x, plain("embed.weight"), { transposeB: true })
        : matmul(x, matrix(name)),
  };
}

interface Plain {
  values: Float32Array;
  shape: readonly number[];
}

const shaped = ({ values, rows, columns }: Matrix): Plain => ({ values, shape: [rows, columns] });

/** What the programs ask for, made of a model's weights. */
function derived(
  config: DecoderConfig,
  values: ReadonlyMap<string, Float32Array>,
): { plain(name: string): Plain; matrix(name: string): Matrix } {
  const shapes = weightShapes(config);
  const headWidth = headWidthOf(config);
  const given = (name: string): Float32Array => {
    const found = values.get(name);
    if (!found || found.length !== sizeOf(shapes.get(name) ?? []))
      throw new TransformerError(
        `The weight ${name} is ${found ? `${found.length} numbers` : "missing"}; the decoder asks for [${shapes.get(name)}]`,
      );
    return found;
  };
  const widened = (from: Float32Array, rows: number): Float32Array =>
    widenColumns(from, rows, config.headDim, headWidth);

  function joined(block: string, kind: "weight" | "bias"): Matrix {
    const rows = kind === "weight" ? config.width : 1;
    const parts = (["q", "k", "v"] as const).map((part) => widened(given(`${block}.attn.${part}.${kind}`), rows));
    return sideBySide(parts, rows);
  }

  function matrix(name: string): Matrix {
    const [, block = "", part = ""] = /^(blocks\.\d+)\.attn\.(qkv|out)\.weight$/.exec(name) ?? [];
    if (part === "qkv") return joined(block, "weight");
    if (part === "out") {
      const columns = config.width;
      // Rows of a head are filled up as columns of heads are: seen as [heads, headDim * width].
      const filled = widenColumns(
        given(`${block}.attn.o.weight`),
        config.heads,
        config.headDim * columns,
        headWidth * columns,
      );
      return { values: filled, rows: filled.length / columns, columns };
    }
    if (name === UNEMBED && config.tied) return transposed(given("embed.weight"), config.vocab, config.width);
    const [rows = 0, columns = 0] = shapes.get(name) ?? [];
    return { values: given(name), rows, columns };
  }

  function plain(name: string): Plain {
    const qkv = /^(blocks\.\d+)\.attn\.qkv\.bias$/.exec(name);
    if (qkv?.[1]) {
      const bias = joined(qkv[1], "bias").values;
      return { values: bias, shape: [bias.length] };
    }
    if (/\.[qk]Norm\.weight$/.test(name)) {
      // The mean of squares is over the filled head, so that the norm's epsilon and weight are scaled to make up for it.
      const share = Math.sqrt(config.headDim / headWidth);
      const scaled = widened(given(name), 1).map((weight) => weight * share);
      return { values: scaled, shape: [scaled.length] };
    }
    return { values: given(name), shape: shapes.get(name) ?? [] };
  }
  return { plain, matrix };
}

function remembered<T>(make: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const found = known.get(name) ?? make(name);
    known.set(name, found);
    return found;
  };
}

/** [rows, n * width] with zeros after each `width` columns. */
function widenColumns(from: Float32Array, rows: number, width: number, wide: number): Float32Array {
  if (width === wide) return from;
  const runs = from.length / width;
  if (!Number.isInteger(runs / rows)) throw new RangeError(`${from.length} numbers are not ${rows} rows of ${width}`);
  const into = new Float32Array(runs * wide);
  for (let run = 0; run < runs; run++) into.set(from.subarray(run * width, (run + 1) * width), run * wide);
  return into;
}

function sideBySide(parts: readonly Float32Array[], rows: number): Matrix {
  const widths = parts.map(({ length }) => length / rows);
  const columns = widths.reduce((total, width) => total + width, 0);
  const values = new Float32Array(rows * columns);
  let before = 0;
  for (const [n, part] of parts.entries()) {
    const width = widths[n] ?? 0;
    for (let row = 0; row < rows; row++)
      values.set(part.subarray(row * width, (row + 1) * width), row * columns + before);
    before += width;
  }
  return { values, rows, columns };
}

function transposed(from: Float32Array, rows: number, columns: number): Matrix {
  const values = new Float32Array(from.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      values[column * rows + row] = from[row * columns + column] as number;
  return { values, rows: columns, columns: rows };
}
