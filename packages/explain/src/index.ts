export { compare } from "./compare/compare.ts";
export { Comparison, type Move } from "./compare/comparison.ts";
export { type ExplainOptions, explain, goalsOf, type Studied, study, windowOf } from "./explain.ts";
export * from "./explanation.ts";
export { inferGoals } from "./inference/infer.ts";
export { type Subject, told } from "./subject.ts";
