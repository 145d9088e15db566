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
