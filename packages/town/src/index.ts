export * from "./town.ts";
export { GENERATOR_VERSION, generateTown } from "./generate/generate.ts";
export { peaceful } from "./generate/peaceful.ts";
