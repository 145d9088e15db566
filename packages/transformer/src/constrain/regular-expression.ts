/** Regular expressions as expressions of ours: what JavaScript's have that describes a regular language, without flags. */
import { TransformerError } from "../transformer-error.ts";
import {
  type CodeRange,
  characters,
  choice,
  type Expression,
  inverse,
  LAST_CODE_POINT,
  repeat,
  sequence,
} from "./expression.ts";

const DIGIT: CodeRange[] = [[0x30, 0x39]];
const WORD: CodeRange[] = [...DIGIT, [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
const SPACE: CodeRange[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
const NEWLINE: CodeRange[] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];
const CLASSES: Readonly<Record<string, CodeRange[]>> = {
  d: DIGIT,
  D: inverse(DIGIT),
  w: WORD,
  W: inverse(WORD),
  s: SPACE,
  S: inverse(SPACE),
};
const CONTROLS: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09, f: 0x0c, v: 0x0b, 0: 0 };

export interface ParsedExpression {
  expression: Expression;
  /** `^` and `$` at its ends; in other places they are refused. */
  fromStart: boolean;
  toEnd: boolean;
}

/**
 * Literals, `.`, classes, groups, `|`, `* + ? {m,n}` (lazy ones describe the same texts) and escapes.
 * @param spell how characters are written in the text: JSON strings write some of them otherwise
 * @throws {TransformerError} for look-around, back references, `\b`, `\p` and what is no regular expression
 */
export function parseRegularExpression(
  source: string,
  spell: (ranges: readonly CodeRange[]) => Expression = (ranges) => characters(...ranges),
): ParsedExpression {
  const text = Array.from(source);
  let at = 0;
  const fail = (why: string): TransformerError =>
    new TransformerError(`The regular expression /${source}/ cannot be used: ${why} at ${at}`);
  const eat = (expected: string): boolean => {
    if (
      !text
        .slice(at, at + expected.length)
        .join("")
        .startsWith(expected)
    )
      return false;
    at += expected.length;
    return true;
  };

  function alternatives(): Expression {
    const options = [run()];
    while (eat("|")) options.push(run());
    return options.length === 1 ? (options[0] as Expression) : choice(...options);
  }

  function run(): Expression {
    const parts: Expression[] = [];
    while (at < text.length && text[at] !== "|" && text[at] !== ")") {
      if (text[at] === "$" && at === text.length - 1) break;
      parts.push(counted(atom()));
    }
    return sequence(...parts);
  }

  function atom(): Expression {
    if (eat("(")) {
      if (eat("?") && !eat(":")) {
        const name = /^<[\p{ID_Start}$_][\p{ID_Continue}$]*>/u.exec(text.slice(at).join(""));
        if (!name) throw fail("look-around");
        at += Array.from(name[0]).length;
      }
      const inner = alternatives();
      if (!eat(")")) throw fail("a group is not closed");
      return inner;
    }
    if (eat("[")) return spell(group());
    if (eat(".")) return spell(inverse(NEWLINE));
    if (eat("\\")) return spell(escaped(false));
    if ("^$*+?{}".includes(text[at] ?? "")) throw fail(`"${text[at]}" has nothing to do`);
    return spell([single()]);
  }

  function single(): CodeRange {
    const code = text[at++]?.codePointAt(0);
    if (code === undefined) throw fail("it is cut off");
    return [code, code];
  }

  function escaped(inGroup: boolean): CodeRange[] {
    const letter = text[at++] ?? "";
    if (CLASSES[letter]) return CLASSES[letter];
    const control = letter === "b" && inGroup ? 0x08 : CONTROLS[letter];
    if (control !== undefined) return [[control, control]];
    const hex = /^(?:x([\da-f]{2})|u([\da-f]{4})|u\{([\da-f]{1,6})\})/i.exec(text.slice(at - 1, at + 9).join(""));
    if (hex) {
      at += hex[0].length - 1;
      const code = Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? "", 16);
      if (code > LAST_CODE_POINT) throw fail("no such character");
      return [[code, code]];
    }
    if (/[\p{L}\p{N}]/u.test(letter) || letter === "") throw fail(`\\${letter} is not supported`);
    const code = letter.codePointAt(0) as number;
    return [[code, code]];
  }

  function group(): CodeRange[] {
    const negated = eat("^");
    const ranges: CodeRange[] = [];
    const member = (): CodeRange[] => (eat("\\") ? escaped(true) : [single()]);
    while (!eat("]")) {
      if (at >= text.length) throw fail("a class is not closed");
      const start = member();
      const [first] = start;
      if (text[at] !== "-" || text[at + 1] === "]" || start.length > 1 || !first || first[0] !== first[1]) {
        ranges.push(...start);
        continue;
      }
      at++;
      const [end] = member();
      if (!end || end[0] !== end[1] || end[0] < first[0]) throw fail("a range runs backwards");
      ranges.push([first[0], end[0]]);
    }
    return negated ? inverse(ranges) : ranges;
  }

  function counted(of: Expression): Expression {
    const bounds = /^(?:\{(\d+)(,?)(\d*)\}|([*+?]))\??/.exec(text.slice(at, at + 24).join(""));
    if (!bounds) return of;
    at += bounds[0].length;
    const [, low, comma, high, sign] = bounds;
    if (sign) return sign === "?" ? repeat(of, 0, 1) : repeat(of, sign === "+" ? 1 : 0);
    const min = Number(low);
    const max = high ? Number(high) : comma ? Number.POSITIVE_INFINITY : min;
    if (max < min) throw fail("a count runs backwards");
    return repeat(of, min, max);
  }

  const fromStart = eat("^");
  const expression = alternatives();
  const toEnd = eat("$");
  if (at < text.length) throw fail(`"${text[at]}" is one too many`);
  if ((fromStart || toEnd) && expression.kind === "choice")
    throw fail("^ and $ belong to one alternative alone; put the others in a group");
  return { expression, fromStart, toEnd };
}
