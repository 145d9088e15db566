/** ONNX Runtime in Node: sessions, and tensors over memory of ours. */
import * as ort from "onnxruntime-node";
import type { Program, Spec } from "../compile.ts";
import { allocate, type Data, type DType } from "../dtype.ts";
import { sizeOf } from "../shape.ts";
import { refused, type SessionOptions } from "./program-runner.ts";

const ortType = (dtype: DType): ort.Tensor.Type => dtype;

export const tensorOf = ({ dtype, shape }: Spec, data: Data): ort.Tensor =>
  // ONNX Runtime writes into shared memory as into any other; its types do not say so.
  new ort.Tensor(ortType(dtype), data as ort.Tensor.DataTypeMap["float32"], shape);

/** Zeros in memory that all threads see. */
export const room = ({ dtype, shape }: Spec): Data => allocate(dtype, sizeOf(shape), true);

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
