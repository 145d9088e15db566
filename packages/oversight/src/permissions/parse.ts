/** Reads permissions from a file or from a run's first event. */
import { LineCounter, parseDocument } from "yaml";
import { presets } from "./presets.ts";
import { type PermissionsProblem, problemsOf } from "./problems.ts";
import { Permissions, PermissionsFile } from "./schema.ts";

/** Permissions that cannot be read. The message is one line; `hint` says what to do; `problems` is everything found. */
export class PermissionsError extends Error {
  override name = "PermissionsError";
  readonly hint: string;
  readonly problems: readonly PermissionsProblem[];
  /** The exit code of a command that stops on it. */
  readonly exit = 2;

  constructor(message: string, hint: string, problems: readonly PermissionsProblem[] = []) {
    super(message);
    this.hint = hint;
    this.problems = problems;
  }
}

const MOST_CHARACTERS = 1_000_000;
const FORMAT = "The format is in packages/oversight/permissions.schema.json.";

/**
 * Parses a permissions file, YAML or JSON (JSON is YAML too).
 * @param filename for messages, which begin with `FILENAME:LINE:COLUMN: `; its ending does not matter
 * @throws {PermissionsError} with the first thing that is wrong, and the others in `problems`
 */
export function parsePermissions(text: string, filename: string): Permissions {
  if (text.length > MOST_CHARACTERS)
    throw new PermissionsError(
      `${filename} is too long for a permissions file.`,
      "Keep it under a million characters.",
    );
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
  if (document.errors.length > 0) {
    const broken = document.errors.map(({ pos, message }) => {
      const { line, col } = lines.linePos(pos[0]);
      return { line, column: col, path: "", message: firstLine(message), hint: "Correct that line." };
    });
    throw wrong(filename, broken, "it is neither YAML nor JSON: ");
  }
  let value: unknown;
  try {
    // Few aliases: a file that unfolds into millions of rules is refused.
    value = document.toJS({ maxAliasCount: 50 }) ?? {};
  } catch (error) {
    const message = firstLine(error instanceof Error ? error.message : String(error));
    throw new PermissionsError(`${filename}: ${message}.`, "Write the rules out instead.");
  }
  const parsed = PermissionsFile.safeParse(value);
  if (!parsed.success) throw wrong(filename, problemsOf(parsed.error, value, { document, lines }));
  const { extends: base, name, rules, ...rest } = parsed.data;
  const preset = base ? presets[base] : undefined;
  return { ...rest, name: name ?? nameOf(filename), rules: [...(preset?.rules ?? []), ...rules] };
}

/** A name must fit into a verdict. */
const nameOf = (filename: string): string => filename.slice(-60);

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
  if (!parsed.success) throw wrong("The permissions", problemsOf(parsed.error, value));
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

function wrong(what: string, problems: readonly PermissionsProblem[], before = ""): PermissionsError {
  const [first] = problems;
  const where = first && first.line > 0 ? `:${first.line}:${first.column}` : "";
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  const message = `${what}${where}: ${before}${first?.message ?? "invalid"}${more}.`;
  return new PermissionsError(message, [first?.hint, FORMAT].filter(Boolean).join(" "), problems);
}

const firstLine = (message: string): string => (message.split("\n")[0] ?? "").replace(/[:.]$/, "");
