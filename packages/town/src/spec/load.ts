/** Reads a town spec and what lies beside it. */
import { readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Town } from "../town.ts";
import { TownError } from "../town-error.ts";
import { buildTown } from "./build.ts";
import { oneLine, type Problem, problemOf } from "./complaint.ts";
import { specFolder } from "./files.ts";
import { TownSpec } from "./spec.ts";

const HINT = "docs/write-a-town.md explains every key; packages/town/town.schema.json checks a spec in an editor.";

/**
 * Loads the town at `path`: a JSON file, or a folder that holds `town.json`.
 *
 * @throws TownError with one line that names the file and the place in it.
 * @example
 * const town = await loadSpec("packages/town/examples/harbour/town.json");
 */
export async function loadSpec(path: string): Promise<Town> {
  const file = fileOf(path);
  const parsed = TownSpec.safeParse(parseJson(file), { reportInput: true });
  if (!parsed.success) throw broken(file, parsed.error.issues.map(problemOf));
  const { town, problems } = await buildTown(parsed.data, specFolder(dirname(file)));
  if (problems.length > 0) throw broken(file, problems);
  return town;
}

function fileOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  const file = stat?.isDirectory() === true ? join(path, "town.json") : path;
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new TownError(
      `There is no town spec at ${path}`,
      "Give the path of a JSON file, or of a folder with a town.json in it.",
    );
  }
  return file;
}

function parseJson(file: string): unknown {
  const text = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\s+/g, " ") : String(error);
    throw new TownError(
      `${basename(file)} is not JSON: ${why}`,
      "Look for a missing comma, quote or bracket just before that place.",
    );
  }
}

function broken(file: string, problems: Problem[]): TownError {
  const [first, ...others] = problems;
  if (first === undefined) return new TownError(`${basename(file)} is not a town spec`, HINT);
  return new TownError(oneLine(basename(file), [first, ...others]), HINT);
}
