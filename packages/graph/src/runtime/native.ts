/** ONNX Runtime in Node: sessions, and tensors over memory of ours. */
import * as ort from "onnxruntime-node";
import type { Program, Spec } from "../compile.ts";
import { allocate, bytesOf, type Data, type DType } from "../dtype.ts";
import { sizeOf } from "../shape.ts";
import { refused, type SessionOptions } from "./program-runner.ts";

const ortType = (dtype: DType): ort.Tensor.Type => dtype;

export const tensorOf = ({ dtype, shape }: Spec, data: Data): ort.Tensor =>
  // ONNX Runtime writes into shared memory as into any other; its types do not say so.
  new ort.Tensor(ortType(dtype), data as ort.Tensor.DataTypeMap["float32"], shape);

/** Zeros in memory that all threads see. */
export const room = ({ dtype, shape }: Spec): Data => allocate(dtype, sizeOf(shape), true);

/** What `room` takes for all of them. */
export const bytesIn = (...all: readonly Readonly<Record<string, Spec>>[]): number =>
  all
    .flatMap((specs) => Object.values(specs))
    .reduce((total, { shape, dtype }) => total + sizeOf(shape) * bytesOf(dtype), 0);

/** @throws {SessionError} for a model that ONNX Runtime does not take */
export async function openModel(
  { model }: Program,
  { threads, profile }: SessionOptions = {},
): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(model, {
      executionProviders: ["cpu"],
      graphOptimizationLevel: "all",
      executionMode: "sequential",
      // A plan of the memory is made after the first run and takes its block beside what that run left: up to a fifth more, no faster.
      enableMemPattern: false,
      ...(threads !== undefined && { intraOpNumThreads: threads }),
      ...(profile !== undefined && { enableProfiling: true, profileFilePrefix: profile }),
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw refused(error);
  }
}
