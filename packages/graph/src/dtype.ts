/** Element types of tensors, and the typed arrays that hold them. */

export type DType = "float32" | "float64" | "int32" | "int64" | "uint8" | "bool";

export interface ArrayOf {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  /** 0 or 1 in each byte. */
  bool: Uint8Array;
}

export type Data = ArrayOf[DType];

const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const;

export const isFloat = (dtype: DType): boolean => dtype === "float32" || dtype === "float64";

export const bytesOf = (dtype: DType): number => ARRAYS[dtype].BYTES_PER_ELEMENT;

/** Zeros. `shared` lays them in memory that all threads see. */
export function allocate<D extends DType>(dtype: D, length: number, shared = false): ArrayOf[D] {
  const bytes = length * bytesOf(dtype);
  const buffer = shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  return new ARRAYS[dtype](buffer as ArrayBuffer) as ArrayOf[D];
}

/** Numbers as elements of a type; fractions are cut off where it has none. */
export function dataOf<D extends DType>(dtype: D, values: ArrayLike<number>): ArrayOf[D] {
  const data = allocate(dtype, values.length);
  for (let n = 0; n < values.length; n++) {
    const value = values[n] as number;
    data[n] = dtype === "int64" ? BigInt(Math.trunc(value)) : dtype === "bool" ? Number(value !== 0) : value;
  }
  return data;
}

/** Elements as numbers. */
export const numbersOf = (data: Data): Float64Array =>
  data instanceof Float64Array ? data : Float64Array.from(data as ArrayLike<number | bigint>, Number);
