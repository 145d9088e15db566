/** A preset's name, or a file with permissions. */
import { readFileSync } from "node:fs";
import { parsePermissions, presets } from "@candor/oversight";
import type { PermissionsInput } from "@candor/server";
import { badInput } from "@candor/server/outside";

export function readPermissions(nameOrFile: string): PermissionsInput {
  if (Object.hasOwn(presets, nameOrFile)) return nameOrFile;
  let text: string;
  try {
    text = readFileSync(nameOrFile, "utf8");
  } catch {
    throw badInput(`there is no permissions file ${nameOrFile}`, `Presets are ${Object.keys(presets).join(", ")}.`);
  }
  return parsePermissions(text, nameOrFile);
}
