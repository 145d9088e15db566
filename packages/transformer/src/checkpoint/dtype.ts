/** Number formats of safetensors, and their way to float32 and back. */

/** Bytes of one element. Formats of less than a byte are not read. */
export const BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
} as const;
export type Dtype = keyof typeof BYTES;
export const isDtype = (name: string): name is Dtype => Object.hasOwn(BYTES, name);

/** What weights are stored as. */
export type FloatDtype = "F32" | "F16" | "BF16";

/** Exact. Undefined for formats that are no weights (integers) or that float32 cannot hold (doubles). */
export function toFloat32(bytes: Uint8Array, dtype: Dtype): Float32Array | undefined {
  switch (dtype) {
    case "F32":
      return new Float32Array(aligned(bytes));
    case "F16":
      return new Float32Array(new Float16Array(aligned(bytes)));
    case "BF16": {
      const half = new Uint16Array(aligned(bytes));
      const whole = new Uint32Array(half.length);
      for (let i = 0; i < half.length; i++) whole[i] = (half[i] as number) << 16;
      return new Float32Array(whole.buffer);
    }
    default:
      return undefined;
  }
}

/** Rounds to the nearest, ties to even; too large becomes infinity; NaN stays NaN. */
export function fromFloat32(values: Float32Array, dtype: FloatDtype): Uint8Array {
  switch (dtype) {
    case "F32":
      return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    case "F16":
      return new Uint8Array(new Float16Array(values).buffer);
    case "BF16": {
      const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
      const half = new Uint16Array(values.length);
      for (let i = 0; i < half.length; i++) {
        const word = bits[i] as number;
        const isNan = (word & 0x7fffffff) > 0x7f800000;
        // A NaN whose payload lies in the lower half would become infinity; the quiet bit keeps it NaN.
        half[i] = isNan ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
      }
      return new Uint8Array(half.buffer);
    }
  }
}

/** A buffer of exactly these bytes: views of more than a byte need an even start. */
function aligned({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBuffer {
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}
