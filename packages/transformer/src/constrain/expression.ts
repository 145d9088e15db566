/** Languages of texts as expressions, from which grammars, regular expressions and schemas are put together. */

/** Code points from one to another, both included. */
export type CodeRange = readonly [from: number, to: number];

export type Expression =
  | { kind: "characters"; ranges: readonly CodeRange[] }
  | { kind: "sequence"; parts: readonly Expression[] }
  | { kind: "choice"; options: readonly Expression[] }
  | { kind: "repeat"; of: Expression; min: number; max: number }
  | { kind: "rule"; name: string };

export interface Grammar {
  root: Expression;
  rules: ReadonlyMap<string, Expression>;
}

export const LAST_CODE_POINT = 0x10ffff;
/** Halves of pairs in UTF-16: no text in UTF-8 has them. */
const SURROGATES: CodeRange = [0xd800, 0xdfff];

export const characters = (...ranges: readonly CodeRange[]): Expression => ({
  kind: "characters",
  ranges: without(ranges, [SURROGATES]),
});
export const sequence = (...parts: readonly Expression[]): Expression => ({ kind: "sequence", parts });
export const choice = (...options: readonly Expression[]): Expression => ({ kind: "choice", options });
export const repeat = (of: Expression, min = 0, max = Number.POSITIVE_INFINITY): Expression => ({
  kind: "repeat",
  of,
  min,
  max,
});
export const optional = (of: Expression): Expression => repeat(of, 0, 1);
export const rule = (name: string): Expression => ({ kind: "rule", name });

/** A text, as it is. */
export const literal = (text: string): Expression =>
  sequence(
    ...Array.from(text, (character): Expression => {
      const code = character.codePointAt(0) ?? 0;
      const ranges = [[code, code]] as const;
      // Grammars are mostly texts, and texts mostly are no halves of pairs.
      return code < SURROGATES[0] ? { kind: "characters", ranges } : characters(...ranges);
    }),
  );

export function without(ranges: readonly CodeRange[], removed: readonly CodeRange[]): CodeRange[] {
  return removed.reduce<CodeRange[]>(
    (left, [from, to]) =>
      left.flatMap(([start, end]): CodeRange[] => {
        if (to < start || from > end) return [[start, end]];
        const parts: CodeRange[] = [
          [start, from - 1],
          [to + 1, end],
        ];
        return parts.filter(([first, last]) => first <= last);
      }),
    [...ranges],
  );
}

export const inverse = (ranges: readonly CodeRange[]): CodeRange[] => without([[0, LAST_CODE_POINT]], ranges);

export const overlap = (ranges: readonly CodeRange[], others: readonly CodeRange[]): CodeRange[] =>
  without(ranges, inverse(others));
