/** Memory and models of ONNX Runtime in Node. */
import type { Program, Spec } from "../compile.ts";
import { allocate, bytesOf, type Data } from "../dtype.ts";
import { sizeOf } from "../shape.ts";
import { NativeSession } from "./onnx-runtime.ts";
import { refused, type SessionOptions } from "./program-runner.ts";

/** Zeros in memory that all threads see. */
export const room = ({ dtype, shape }: Spec): Data => allocate(dtype, sizeOf(shape), true);

/** What `room` takes for all of them. */
export const bytesIn = (...all: readonly Readonly<Record<string, Spec>>[]): number =>
  all
    .flatMap((specs) => Object.values(specs))
    .reduce((total, { shape, dtype }) => total + sizeOf(shape) * bytesOf(dtype), 0);

/** @throws {SessionError} for a model that ONNX Runtime does not take */
export function openModel({ model }: Program, options: SessionOptions = {}): NativeSession {
  try {
    return new NativeSession(model, options);
  } catch (error) {
    throw refused(error);
  }
}
