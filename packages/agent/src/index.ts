export * from "./mind.ts";
export * from "./ports.ts";
