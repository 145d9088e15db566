/** How the tensors of a Hugging Face file hold the weights of a decoder, as data, and both ways across. */

/**
 * - `plain`: the same numbers.
 * - `transposed`: PyTorch's Linear keeps [out, in].
 * - `columns`: several weights side by side, cut along the last axis (GPT-2's `c_attn`).
 * - `heads`: PyTorch's Linear with queries, keys and values of one head after another (GPT-NeoX's `query_key_value`).
 */
export type Layout =
  | { kind: "plain" }
  | { kind: "transposed" }
  | { kind: "columns" }
  | { kind: "heads"; heads: number };

export interface WeightEntry {
  /** In the Hugging Face file. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly layout: Layout;
  /** Here. */
  readonly parts: readonly WeightPart[];
}

export interface WeightPart {
  readonly name: string;
  readonly shape: readonly number[];
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

/** From the numbers of a file's tensor to the weights that it holds, in the order of `entry.parts`. */
export function unpack(entry: WeightEntry, stored: Float32Array): Float32Array[] {
  const parts = entry.parts.map(({ shape }) => new Float32Array(sizeOf(shape)));
  eachElement(entry, (part, inPart, inStored) => {
    (parts[part] as Float32Array)[inPart] = stored[inStored] as number;
  });
  return parts;
}

/** The other way. */
export function pack(entry: WeightEntry, parts: readonly Float32Array[]): Float32Array {
  const stored = new Float32Array(sizeOf(entry.shape));
  eachElement(entry, (part, inPart, inStored) => {
    stored[inStored] = (parts[part] as Float32Array)[inPart] as number;
  });
  return stored;
}

type Visit = (part: number, inPart: number, inStored: number) => void;

/** One correspondence for both ways, so that they cannot disagree. */
function eachElement({ layout, parts, shape }: WeightEntry, visit: Visit): void {
  switch (layout.kind) {
    case "plain":
      for (let i = 0; i < sizeOf(shape); i++) visit(0, i, i);
      return;
    case "transposed": {
      const [out = 1, into = 1] = shape;
      for (let o = 0; o < out; o++) for (let i = 0; i < into; i++) visit(0, i * out + o, o * into + i);
      return;
    }
    case "columns": {
      const width = shape.at(-1) ?? 1;
      const rows = sizeOf(shape) / width;
      let column = 0;
      for (const [part, { shape: own }] of parts.entries()) {
        const columns = own.at(-1) ?? 1;
        for (let row = 0; row < rows; row++)
          for (let c = 0; c < columns; c++) visit(part, row * columns + c, row * width + column + c);
        column += columns;
      }
      return;
    }
    case "heads": {
      // Stored [heads, parts, headDim, in], a bias without the last; each part [in, heads * headDim].
      const out = shape[0] ?? 1;
      const into = shape[1] ?? 1;
      const headDim = out / layout.heads / parts.length;
      const columns = layout.heads * headDim;
      for (let o = 0; o < out; o++) {
        const head = Math.floor(o / (parts.length * headDim));
        const part = Math.floor(o / headDim) % parts.length;
        const column = head * headDim + (o % headDim);
        for (let i = 0; i < into; i++) visit(part, i * columns + column, o * into + i);
      }
      return;
    }
  }
}
