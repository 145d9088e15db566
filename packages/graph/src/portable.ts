/** What is the same wherever programs run. */
export { compile, nextOf, type Program, type ProgramSource, type Spec } from "./compile.ts";
export { type Data, type DType, dataOf, numbersOf } from "./dtype.ts";
export { GraphError } from "./errors.ts";
export { gradients, vectorJacobian } from "./gradients/gradients.ts";
export * from "./ops/index.ts";
export { type AdamWOptions, adamW, firstMoment, STEPS, secondMoment } from "./optimisers/adamw.ts";
export { type MuonOptions, muon, muonMomentum, orthogonal } from "./optimisers/muon.ts";
export {
  clipFactor,
  clipped,
  gradientNorm,
  type OptimiserState,
  type Parameter,
  sumOfSquares,
} from "./optimisers/parameter.ts";
export { type SgdOptions, sgd, velocity } from "./optimisers/sgd.ts";
export { compileParallel, type ParallelProgram } from "./parallel.ts";
export { evaluate } from "./reference/evaluate.ts";
export {
  type Feed,
  type Feeds,
  type ProgramRunner,
  type ProgramSession,
  SessionError,
  type SessionOptions,
  type StatefulSession,
  type Values,
} from "./runtime/program-runner.ts";
export { type Shape, sameShape, sizeOf } from "./shape.ts";
export { type Taps, tapNames, tapped } from "./taps.ts";
export { constant, input, nodesOf, type Operand, Tensor } from "./tensor.ts";
