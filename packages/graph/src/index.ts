/** Tensor programs: shapes checked when built, differentiated as graphs, run on ONNX Runtime. */
export * from "./portable.ts";
export { ParallelSession } from "./runtime/parallel-session.ts";
export { Runner } from "./runtime/runner.ts";
export { Session } from "./runtime/session.ts";
