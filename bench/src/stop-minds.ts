/**
 * The mind of the trials as plain JavaScript: four fifths of a stop's trial is the start of the minds that it killed, and
 * two thirds of that the stripping of their types. What they run is the same.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const MINDS = fileURLToPath(new URL("../../packages/agent/src/minds", import.meta.url));
const MODULES = ["testing/hostile", "process", "protocol"];

/** @returns the module to start */
export function plainMind(folder: string): string {
  for (const name of MODULES) {
    const path = join(folder, `${name}.mjs`);
    mkdirSync(dirname(path), { recursive: true });
    const text = stripTypeScriptTypes(readFileSync(join(MINDS, `${name}.ts`), "utf8"));
    writeFileSync(path, text.replaceAll(/(from "\.[^"]*)\.ts"/g, '$1.mjs"'));
  }
  return join(folder, "testing/hostile.mjs");
}
