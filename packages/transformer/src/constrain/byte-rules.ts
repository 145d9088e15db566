/** A grammar as rules over bytes. */
import { TransformerError } from "../transformer-error.ts";
import type { Expression, Grammar } from "./expression.ts";
import { type ByteRange, utf8Ranges } from "./utf8-ranges.ts";

/** A range of bytes, or the number of a rule. */
export type ByteSymbol = { bytes: ByteRange } | { rule: number };

export interface ByteRules {
  root: number;
  /** Of each rule: its alternatives. */
  rules: readonly (readonly (readonly ByteSymbol[])[])[];
  /** Of each rule: the fewest bytes it can spell. */
  shortest: readonly number[];
}

/** Spelt in UTF-8 as themselves. */
const LAST_ASCII = 0x7f;
/** More than this is a mistake: `a{1000000000}`. */
const MOST_RULES = 200_000;

/** @throws {TransformerError} for rules that are missing, never end, or begin with themselves */
export function byteRules({ root, rules: named }: Grammar): ByteRules {
  const rules: ByteSymbol[][][] = [];
  const known = new Map<string, number>();
  const add = (...alternatives: ByteSymbol[][]): ByteSymbol => {
    if (rules.length >= MOST_RULES) throw new TransformerError(`The grammar has more than ${MOST_RULES} rules`);
    return { rule: rules.push(alternatives) - 1 };
  };

  function byName(name: string): ByteSymbol {
    const before = known.get(name);
    if (before !== undefined) return { rule: before };
    const expression = named.get(name);
    if (!expression) throw new TransformerError(`The grammar has no rule ${name}`);
    const place = rules.push([]) - 1;
    known.set(name, place);
    rules[place] = [symbols(expression)];
    return { rule: place };
  }

  function symbols(expression: Expression): ByteSymbol[] {
    switch (expression.kind) {
      case "characters": {
        const [range] = expression.ranges;
        if (range && expression.ranges.length === 1 && range[1] <= LAST_ASCII) return [{ bytes: range }];
        const spelt = expression.ranges.flatMap(utf8Ranges);
        const [only] = spelt;
        const alternatives = spelt.map((ranges) => ranges.map((bytes) => ({ bytes })));
        return spelt.length === 1 && only ? only.map((bytes) => ({ bytes })) : [add(...alternatives)];
      }
      case "sequence":
        return expression.parts.flatMap(symbols);
      case "choice":
        return [add(...expression.options.map(symbols))];
      case "rule":
        return [byName(expression.name)];
      case "repeat":
        return repeated(expression);
    }
  }

  function repeated({ of, min, max }: Extract<Expression, { kind: "repeat" }>): ByteSymbol[] {
    // As a rule of its own, so that copies cost one symbol each.
    const one = add(symbols(of));
    const needed = Array<ByteSymbol>(min).fill(one);
    if (max === Number.POSITIVE_INFINITY) {
      const place = rules.length;
      return [...needed, add([one, { rule: place }], [])];
    }
    let rest: ByteSymbol[] = [];
    for (let n = min; n < max; n++) rest = [add([one, ...rest], [])];
    return [...needed, ...rest];
  }

  const start = add(symbols(root));
  const shortest = shortestOf(rules);
  const nameOf = (place: number): string => [...known].find(([, each]) => each === place)?.[0] ?? "root";
  const first = "rule" in start ? start.rule : 0;
  if (shortest[first] === Number.POSITIVE_INFINITY)
    throw new TransformerError("No text can satisfy the constraint: it never ends or allows nothing");
  const turning = beginsWithItself(rules, shortest);
  if (turning !== undefined) throw new TransformerError(`Rule ${nameOf(turning)} begins with itself (left recursion)`);
  return { root: first, rules, shortest };
}

function shortestOf(rules: readonly ByteSymbol[][][]): number[] {
  const shortest = rules.map(() => Number.POSITIVE_INFINITY);
  for (let changed = true; changed; ) {
    changed = false;
    for (const [place, alternatives] of rules.entries()) {
      const least = Math.min(
        ...alternatives.map((alternative) =>
          alternative.reduce((total, symbol) => total + ("bytes" in symbol ? 1 : (shortest[symbol.rule] as number)), 0),
        ),
      );
      if (least < (shortest[place] as number)) {
        shortest[place] = least;
        changed = true;
      }
    }
  }
  return shortest;
}

/**
 * A rule that is reached from itself before any byte is read, and that leaves something to do each time round. (In the last
 * place of an alternative it leaves nothing, and coming back to it is coming back to the same place.)
 */
function beginsWithItself(rules: readonly ByteSymbol[][][], shortest: readonly number[]): number | undefined {
  const edges = rules.map((alternatives) => {
    const found = new Map<number, boolean>();
    for (const alternative of alternatives)
      for (const [n, symbol] of alternative.entries()) {
        if ("bytes" in symbol) break;
        found.set(symbol.rule, found.get(symbol.rule) === true || n < alternative.length - 1);
        if ((shortest[symbol.rule] as number) > 0) break;
      }
    return found;
  });
  const reaches = (from: number, wanted: number): boolean => {
    const seen = new Set<number>();
    const stack = [from];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (next === wanted) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      stack.push(...(edges[next]?.keys() ?? []));
    }
    return false;
  };
  for (const [from, found] of edges.entries())
    for (const [to, leaves] of found)
      if (leaves && (to === from || couldTurn(edges, to)) && reaches(to, from)) return from;
  return undefined;
}

/** A quick no for most rules: those that lead to no other before a byte. */
const couldTurn = (edges: readonly ReadonlyMap<number, boolean>[], place: number): boolean =>
  (edges[place]?.size ?? 0) > 0;
