/** Reads permissions from a file or from a run's first event. */
import { parse as parseYaml } from "yaml";
import type { z } from "zod";
import { presets } from "./presets.ts";
import { Permissions, PermissionsFile } from "./schema.ts";

/** Permissions that cannot be read. The message is one line; `hint` says what to do. */
export class PermissionsError extends Error {
  override name = "PermissionsError";
  readonly hint: string;
  /** The exit code of a command that stops on it. */
  readonly exit = 2;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

const MOST_CHARACTERS = 1_000_000;

/**
 * Parses a permissions file, YAML or JSON (JSON is YAML too).
 * @param filename for messages; its ending does not matter
 * @throws {PermissionsError} with the first thing that is wrong
 */
export function parsePermissions(text: string, filename: string): Permissions {
  if (text.length > MOST_CHARACTERS)
    throw new PermissionsError(
      `${filename} is too long for a permissions file.`,
      "Keep it under a million characters.",
    );
  let value: unknown;
  try {
    // Few aliases: a file that unfolds into millions of rules is refused.
    value = parseYaml(text, { maxAliasCount: 50, logLevel: "error" });
  } catch (error) {
    const [line = "it cannot be read"] = String(error instanceof Error ? error.message : error).split("\n");
    throw new PermissionsError(
      `${filename} is neither YAML nor JSON: ${line.replace(/:$/, "")}.`,
      "Correct that line.",
    );
  }
  const parsed = PermissionsFile.safeParse(value ?? {});
  if (!parsed.success) throw wrong(filename, parsed.error);
  const { extends: base, name, rules, ...rest } = parsed.data;
  const preset = base ? presets[base] : undefined;
  return { ...rest, name: name ?? filename, rules: [...(preset?.rules ?? []), ...rules] };
}

/**
 * Permissions as they stand in a run's first event: a preset's name, an object, or nothing for `normal`.
 * @throws {PermissionsError}
 */
export function resolvePermissions(value: unknown): Permissions {
  if (value === undefined || value === null) return presetOf("normal");
  if (typeof value === "string") return presetOf(value);
  const known = resolved.get(value);
  if (known) return known;
  const parsed = Permissions.safeParse(value);
  if (!parsed.success) throw wrong("The permissions", parsed.error);
  resolved.set(value, parsed.data);
  return parsed.data;
}

/** What was parsed once need not be parsed again at each step. */
const resolved = new WeakMap<object, Permissions>();

function presetOf(name: string): Permissions {
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (preset) return preset;
  throw new PermissionsError(
    `There are no permissions named ${JSON.stringify(name.slice(0, 60))}.`,
    `Presets are ${Object.keys(presets).join(", ")}; anything else is a file.`,
  );
}

function wrong(what: string, error: z.ZodError): PermissionsError {
  const issue = error.issues[0];
  const where = issue?.path.map((part) => (typeof part === "number" ? part + 1 : String(part))).join(" ");
  const more = error.issues.length > 1 ? ` (and ${error.issues.length - 1} more)` : "";
  const message = (issue?.message ?? "invalid").replace(/\s+/g, " ");
  return new PermissionsError(
    `${what}: ${where ? `${where}: ` : ""}${message}${more}.`,
    "The format is in packages/oversight/permissions.schema.json.",
  );
}
