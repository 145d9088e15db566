/**
 * RASP (Weiss et al. 2021, arXiv 2106.06981): programs over sequences that a transformer can run. A sequence operation gives a value at
 * each position; selectors say which positions see which.
 */

/** A category, or a number that is only ever added up and averaged. */
export type Value = string | number | boolean;

export type Sequence =
  | { readonly op: "tokens" }
  | { readonly op: "indices" }
  /** Another category at each position. */
  | { readonly op: "map"; readonly of: Sequence; readonly by: (value: Value) => Value }
  | {
      readonly op: "zip";
      readonly of: Sequence;
      readonly and: Sequence;
      readonly by: (one: Value, other: Value) => Value;
    }
  /** A category as a number. */
  | { readonly op: "number"; readonly of: Sequence; readonly by: (value: Value) => number }
  /** a times one number plus b times another. */
  | { readonly op: "combine"; readonly of: Sequence; readonly and: Sequence; readonly a: number; readonly b: number }
  /** A number, of which it is known which it can be, as a category. */
  | { readonly op: "round"; readonly of: Sequence; readonly by: (value: number) => Value }
  /** Of categories the one that is seen (of several none may differ), of numbers the mean of those that are seen. */
  | { readonly op: "aggregate"; readonly over: Selector; readonly of: Sequence }
  /** How many positions are seen. */
  | { readonly op: "width"; readonly over: Selector };

export interface Selector {
  readonly keys: Sequence;
  readonly queries: Sequence;
  readonly sees: (key: Value, query: Value) => boolean;
}

export const tokens: Sequence = { op: "tokens" };
export const indices: Sequence = { op: "indices" };
export const map = (of: Sequence, by: (value: Value) => Value): Sequence => ({ op: "map", of, by });
export const zip = (of: Sequence, and: Sequence, by: (one: Value, other: Value) => Value): Sequence => ({
  ...{ op: "zip", of, and, by },
});
export const number = (of: Sequence, by: (value: Value) => number = Number): Sequence => ({ op: "number", of, by });
export const combine = (of: Sequence, and: Sequence, a: number, b: number): Sequence => ({
  ...{ op: "combine", of, and, a, b },
});
export const round = (of: Sequence, by: (value: number) => Value): Sequence => ({ op: "round", of, by });
export const select = (keys: Sequence, queries: Sequence, sees: Selector["sees"]): Selector => ({
  keys,
  queries,
  sees,
});
export const aggregate = (over: Selector, of: Sequence): Sequence => ({ op: "aggregate", over, of });
export const width = (over: Selector): Sequence => ({ op: "width", over });

/** Whether its values are numbers to be averaged rather than categories. */
export function isNumeric(sequence: Sequence): boolean {
  switch (sequence.op) {
    case "number":
    case "combine":
      return true;
    case "aggregate":
      return isNumeric(sequence.of);
    default:
      return false;
  }
}

/** What a program says at each position; `undefined` where nothing was seen. */
export function run(program: Sequence, input: readonly Value[]): (Value | undefined)[] {
  const known = new Map<Sequence, (Value | undefined)[]>();
  const seen = ({ keys, queries, sees }: Selector): number[][] => {
    const [all, asking] = [valuesOf(keys), valuesOf(queries)];
    return asking.map((query) =>
      all.flatMap((key, n) => (key !== undefined && query !== undefined && sees(key, query) ? [n] : [])),
    );
  };
  const each = (of: Sequence, by: (value: Value) => Value): (Value | undefined)[] =>
    valuesOf(of).map((value) => (value === undefined ? undefined : by(value)));
  const both = (of: Sequence, and: Sequence, by: (a: Value, b: Value) => Value): (Value | undefined)[] => {
    const others = valuesOf(and);
    return valuesOf(of).map((value, n) => {
      const other = others[n];
      return value === undefined || other === undefined ? undefined : by(value, other);
    });
  };
  const make = (sequence: Sequence): (Value | undefined)[] => {
    switch (sequence.op) {
      case "tokens":
        return [...input];
      case "indices":
        return input.map((_, n) => n);
      case "map":
      case "number":
        return each(sequence.of, sequence.by);
      case "round":
        return each(sequence.of, (value) => sequence.by(Number(value)));
      case "zip":
        return both(sequence.of, sequence.and, sequence.by);
      case "combine":
        return both(sequence.of, sequence.and, (a, b) => sequence.a * Number(a) + sequence.b * Number(b));
      case "width":
        return seen(sequence.over).map(({ length }) => length);
      case "aggregate": {
        const values = valuesOf(sequence.of);
        return seen(sequence.over).map((places) => {
          const found = places.flatMap((n) => values[n] ?? []);
          if (!isNumeric(sequence.of)) return found[0];
          return found.length === 0 ? undefined : found.reduce((sum: number, x) => sum + Number(x), 0) / found.length;
        });
      }
    }
  };
  const valuesOf = (sequence: Sequence): (Value | undefined)[] => {
    const made = known.get(sequence) ?? make(sequence);
    known.set(sequence, made);
    return made;
  };
  return valuesOf(program);
}

/** What a program is made of, each before what is made of it. */
export function partsOf(program: Sequence): Sequence[] {
  const parts = new Set<Sequence>();
  const visit = (sequence: Sequence): void => {
    if (parts.has(sequence)) return;
    for (const part of inputsOf(sequence)) visit(part);
    parts.add(sequence);
  };
  visit(program);
  return [...parts];
}

export function inputsOf(sequence: Sequence): Sequence[] {
  switch (sequence.op) {
    case "tokens":
    case "indices":
      return [];
    case "zip":
    case "combine":
      return [sequence.of, sequence.and];
    case "aggregate":
      return [sequence.over.keys, sequence.over.queries, sequence.of];
    case "width":
      return [sequence.over.keys, sequence.over.queries];
    default:
      return [sequence.of];
  }
}
