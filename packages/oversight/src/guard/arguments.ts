/** The text of a decision's arguments by path: `{a: [{b: "x"}]}` has `a.0.b`. */
const MOST = 2_000;

export function argumentsOf(args: Record<string, unknown>): Map<string, string> {
  const texts = new Map<string, string>();
  const visit = (value: unknown, path: string, depth: number): void => {
    if (texts.size >= MOST || depth > 12) return;
    if (typeof value === "string") texts.set(path, value);
    else if (typeof value === "number" || typeof value === "bigint") texts.set(path, String(value));
    else if (typeof value === "object" && value !== null) {
      for (const [key, each] of Object.entries(value)) visit(each, path ? `${path}.${key}` : key, depth + 1);
    }
  };
  visit(args, "", 0);
  return texts;
}

/** The path under which the arguments stand as one text. */
export const WHOLE = "*";
/** The path under which they stand read on from what went out before. */
export const SENT = "*~sent";
/** The path under which stands what the thought behind the step repeats. */
export const THOUGHT = "*~thought";

/**
 * All that the arguments say, keys as well, with spaces and without: a text that was cut into pieces reads on from one to the
 * next. Empty for a single value, which stands under its own path.
 */
export function wholeOf(args: Record<string, unknown>): string[] {
  const pieces: string[] = [];
  let keys = 0;
  const visit = (value: unknown, depth: number): void => {
    if (pieces.length >= 2 * MOST || depth > 12) return;
    if (typeof value === "string" || typeof value === "number") pieces.push(String(value));
    else if (Array.isArray(value)) for (const each of value) visit(each, depth + 1);
    else if (typeof value === "object" && value !== null) {
      for (const [key, each] of Object.entries(value)) {
        // Names of arguments are the tool's; names within them are the mind's.
        if (depth > 0) keys = pieces.push(key);
        visit(each, depth + 1);
      }
    }
  };
  visit(args, 0);
  if (pieces.length < 2 && keys === 0) return [];
  const values = [...argumentsOf(args).values()];
  const glued = (texts: readonly string[]) => texts.map((text) => text.trim()).join("");
  return [...new Set([pieces.join(" "), glued(pieces), values.join(" "), glued(values)])];
}

/** The arguments one by one, and as one text under `*`. */
export const textsOf = (args: Record<string, unknown>): [path: string, text: string][] => [
  ...argumentsOf(args),
  ...wholeOf(args).map((text): [string, string] => [WHOLE, text]),
];

/** Paths of everything that is given, texts or not, empty lists included; undefined when it is too much to look through. */
export function leavesOf(args: Record<string, unknown>): string[] | undefined {
  const leaves: string[] = [];
  const visit = (value: unknown, path: string, depth: number): boolean => {
    if (leaves.length >= MOST || depth > 12) return false;
    const inside = typeof value === "object" && value !== null ? Object.entries(value) : [];
    if (inside.length > 0) return inside.every(([key, each]) => visit(each, path ? `${path}.${key}` : key, depth + 1));
    // The arguments as a whole may be empty; a value in them that is, is given all the same.
    if (path) leaves.push(path);
    return true;
  };
  return visit(args, "", 0) ? leaves : undefined;
}
