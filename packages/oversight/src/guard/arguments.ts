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
