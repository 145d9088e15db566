export { Comparison, type Move } from "./compare/comparison.ts";
export * from "./explanation.ts";
