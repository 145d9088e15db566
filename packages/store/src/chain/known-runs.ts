/** Which runs there are, as the signed heads beside the database say: what is asked when the database does not answer. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { keyFolder } from "../keys/key-folder.ts";

const END = ".json";

/** Every run whose head lies on this machine, oldest first. */
export function knownRuns(home: string, env: NodeJS.ProcessEnv = process.env): string[] {
  const folder = join(keyFolder(home, env), "heads");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => (name.endsWith(END) ? [name.slice(0, -END.length)] : []))
    .sort();
}
