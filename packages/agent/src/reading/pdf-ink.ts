/** Which text of a PDF page is drawn without ink: it can be searched and copied, but not seen. */

/** pdf.js numbers of the operators that matter here. */
export interface InkOperators {
  save: number;
  restore: number;
  setTextRenderingMode: number;
  showText: number;
  pictures: ReadonlySet<number>;
}

const NO_INK = 3;
const NO_INK_BUT_CLIP = 7;

/**
 * @returns tells whether a piece of text is drawn without ink. Over a picture nothing counts as such: in a scan the
 *   person reads the picture, and the text below is what a machine has read in it.
 */
export function inklessIn(
  functions: readonly number[],
  args: readonly unknown[],
  operators: InkOperators,
): (text: string) => boolean {
  const [inked, inkless]: [string[], string[]] = [[], []];
  const saved: number[] = [];
  let mode = 0;
  for (const [i, operator] of functions.entries()) {
    if (operators.pictures.has(operator)) return () => false;
    const given = args[i];
    if (operator === operators.save) saved.push(mode);
    else if (operator === operators.restore) mode = saved.pop() ?? 0;
    else if (operator === operators.setTextRenderingMode) mode = Array.isArray(given) ? Number(given[0]) : 0;
    else if (operator === operators.showText)
      (mode === NO_INK || mode === NO_INK_BUT_CLIP ? inkless : inked).push(glyphs(given));
  }
  if (inkless.length === 0) return () => false;
  const [seen, unseen] = [inked.join("\n"), inkless.join("\n")];
  return (text) => {
    const bare = text.replace(/\s+/g, "");
    return unseen.includes(bare) && !seen.includes(bare);
  };
}

function glyphs(args: unknown): string {
  const run: unknown[] = Array.isArray(args) && Array.isArray(args[0]) ? args[0] : [];
  const text = run.map((glyph) =>
    typeof glyph === "object" && glyph !== null && "unicode" in glyph && typeof glyph.unicode === "string"
      ? glyph.unicode
      : "",
  );
  return text.join("").replace(/\s+/g, "");
}
