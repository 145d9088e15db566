/** A JSON file of a model's folder. */
import { readFile } from "node:fs/promises";
import { TransformerError } from "../transformer-error.ts";

/** @throws {TransformerError} when it cannot be read or is not JSON */
export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new TransformerError(`${path}: ${error.code === "ENOENT" ? "there is no such file" : error.message}`);
  });
  try {
    return JSON.parse(text);
  } catch {
    throw new TransformerError(`${path} is not JSON`);
  }
}
