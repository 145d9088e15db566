export * from "./town.ts";
