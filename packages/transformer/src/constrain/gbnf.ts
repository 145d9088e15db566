/** Grammars as llama.cpp writes them (GBNF): `root ::= "yes" | "no" [!.]*`. */
import { TransformerError } from "../transformer-error.ts";
import { choice, type Expression, type Grammar, literal, repeat, rule, sequence } from "./expression.ts";
import { parseRegularExpression } from "./regular-expression.ts";

interface Piece {
  kind: "name" | "text" | "class" | "count" | "sign";
  text: string;
  line: number;
}

const PIECE =
  /(?<skip>[ \t\r\n]+|#.*)|(?<text>"(?:[^"\\]|\\.)*")|(?<class>\[\^?(?:[^\]\\]|\\.)*\])|(?<count>[*+?]|\{\d+(?:,\d*)?\})|(?<name>[A-Za-z_][\w-]*)|(?<sign>::=|[|().])/gy;

/**
 * Rules `name ::= ...` of texts in quotes, classes, `.`, names, groups, `|` and `* + ? {m,n}`; `#` begins a comment. The answer is
 * what `root` describes.
 * @throws {TransformerError} naming the line
 */
export function parseGrammar(source: string): Grammar {
  const pieces = [...cut(source)];
  let at = 0;
  const fail = (why: string): TransformerError =>
    new TransformerError(`The grammar cannot be used: line ${(pieces[at] ?? pieces.at(-1))?.line ?? 1}: ${why}`);
  const isSign = (text: string, ahead = 0): boolean =>
    pieces[at + ahead]?.kind === "sign" && pieces[at + ahead]?.text === text;

  function alternatives(): Expression {
    const options = [run()];
    while (isSign("|")) {
      at++;
      options.push(run());
    }
    return options.length === 1 ? (options[0] as Expression) : choice(...options);
  }

  function run(): Expression {
    const parts: Expression[] = [];
    for (let piece = pieces[at]; piece; piece = pieces[at]) {
      if (isSign("|") || isSign(")") || (piece.kind === "name" && isSign("::=", 1))) break;
      at++;
      parts.push(counted(atom(piece)));
    }
    return sequence(...parts);
  }

  function atom({ kind, text }: Piece): Expression {
    if (kind === "name") return rule(text);
    if (kind === "text") return literal(unquoted(text, fail));
    if (kind === "class" || text === ".") return parseRegularExpression(text).expression;
    if (text !== "(") throw fail(`"${text}" has nothing to do`);
    const inner = alternatives();
    if (!isSign(")")) throw fail("a group is not closed");
    at++;
    return inner;
  }

  function counted(of: Expression): Expression {
    const piece = pieces[at];
    if (piece?.kind !== "count") return of;
    at++;
    const [, low, comma, high] = /^\{(\d+)(,?)(\d*)\}$/.exec(piece.text) ?? [];
    if (low === undefined)
      return repeat(of, piece.text === "+" ? 1 : 0, piece.text === "?" ? 1 : Number.POSITIVE_INFINITY);
    const max = high ? Number(high) : comma ? Number.POSITIVE_INFINITY : Number(low);
    if (max < Number(low)) throw fail("a count runs backwards");
    return repeat(of, Number(low), max);
  }

  const rules = new Map<string, Expression>();
  while (at < pieces.length) {
    const name = pieces[at];
    if (name?.kind !== "name" || !isSign("::=", 1)) throw fail("a rule begins with its name and ::=");
    if (rules.has(name.text)) throw fail(`${name.text} is there twice`);
    at += 2;
    rules.set(name.text, alternatives());
    if (isSign(")")) throw fail('")" is one too many');
  }
  if (!rules.has("root")) throw new TransformerError("The grammar cannot be used: it has no rule root");
  return { root: rule("root"), rules };
}

function* cut(source: string): Generator<Piece> {
  let line = 1;
  let end = 0;
  for (const { 0: text, index, groups = {} } of source.matchAll(PIECE)) {
    const kind = (["text", "class", "count", "name", "sign"] as const).find((each) => groups[each] !== undefined);
    if (kind) yield { kind, text, line };
    line += text.split("\n").length - 1;
    end = index + text.length;
  }
  if (end < source.length)
    throw new TransformerError(`The grammar cannot be used: line ${line}: "${source[end]}" is not understood`);
}

function unquoted(text: string, fail: (why: string) => TransformerError): string {
  try {
    return String(JSON.parse(text.replace(/\\x([\da-fA-F]{2})/g, "\\u00$1")));
  } catch {
    throw fail(`${text} is no text in quotes as JSON has it`);
  }
}
