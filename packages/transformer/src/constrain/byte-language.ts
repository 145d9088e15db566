/** Reads texts of a grammar byte by byte: a set of stacks, each what is still to come, made into states as they are met. */
import { type ByteSymbol, byteRules } from "./byte-rules.ts";
import type { Grammar } from "./expression.ts";
import type { ByteLanguage } from "./language.ts";

/** What is left of an alternative, and after it. Equal ones are one object. */
interface Frame {
  id: number;
  symbols: readonly ByteSymbol[];
  place: number;
  after: Frame | undefined;
  /** The fewest bytes to the end of everything. */
  distance: number;
}

interface State {
  /** Those whose next symbol is a byte. */
  frames: readonly Frame[];
  accepts: boolean;
  distance: number;
  /** By byte: a state, -1 for none, -2 for not looked at. */
  next: Int32Array;
}

const NOWHERE = -1;
const UNKNOWN = -2;

/** @throws {TransformerError} when the grammar is no grammar */
export function byteLanguage(grammar: Grammar): ByteLanguage {
  const { root, rules, shortest } = byteRules(grammar);
  const frames = new Map<readonly ByteSymbol[], Map<string, Frame>>();
  const states: State[] = [];
  const byKey = new Map<string, number>();
  let count = 0;

  const lengthOf = (symbol: ByteSymbol): number => ("bytes" in symbol ? 1 : (shortest[symbol.rule] as number));

  /** What is to come from a place of an alternative on; an alternative at its end is what comes after it. */
  function frame(symbols: readonly ByteSymbol[], place: number, after: Frame | undefined): Frame | undefined {
    if (place >= symbols.length) return after;
    let known = frames.get(symbols);
    if (!known) {
      known = new Map();
      frames.set(symbols, known);
    }
    const key = `${place} ${after?.id}`;
    const found = known.get(key);
    if (found) return found;
    let distance = after?.distance ?? 0;
    for (let n = place; n < symbols.length; n++) distance += lengthOf(symbols[n] as ByteSymbol);
    const made = { id: count++, symbols, place, after, distance };
    known.set(key, made);
    return made;
  }

  function stateOf(starts: readonly (Frame | undefined)[]): number {
    const ready = new Set<Frame>();
    const seen = new Set<Frame>();
    let accepts = false;
    const stack = [...starts];
    while (stack.length > 0) {
      const next = stack.pop();
      if (!next) {
        accepts = true;
        continue;
      }
      if (seen.has(next) || next.distance === Number.POSITIVE_INFINITY) continue;
      seen.add(next);
      const symbol = next.symbols[next.place] as ByteSymbol;
      if ("bytes" in symbol) {
        ready.add(next);
        continue;
      }
      const after = frame(next.symbols, next.place + 1, next.after);
      for (const alternative of rules[symbol.rule] ?? []) stack.push(frame(alternative, 0, after));
    }
    const inOrder = [...ready].sort((a, b) => a.id - b.id);
    const key = `${accepts} ${inOrder.map(({ id }) => id).join()}`;
    const known = byKey.get(key);
    if (known !== undefined) return known;
    const distance = accepts ? 0 : Math.min(...inOrder.map((each) => each.distance));
    const place = states.push({ frames: inOrder, accepts, distance, next: new Int32Array(256).fill(UNKNOWN) }) - 1;
    byKey.set(key, place);
    return place;
  }

  const at = (state: number): State => {
    const found = states[state];
    if (!found) throw new RangeError(`there is no state ${state}`);
    return found;
  };
  return {
    start: stateOf([frame([{ rule: root }], 0, undefined)]),
    next(state, byte) {
      const { frames: from, next } = at(state);
      let found = next[byte] as number;
      if (found === UNKNOWN) {
        const fitting = from.filter(({ symbols, place }) => {
          const symbol = symbols[place] as ByteSymbol;
          return "bytes" in symbol && symbol.bytes[0] <= byte && byte <= symbol.bytes[1];
        });
        found =
          fitting.length === 0
            ? NOWHERE
            : stateOf(fitting.map(({ symbols, place, after }) => frame(symbols, place + 1, after)));
        next[byte] = found;
      }
      return found === NOWHERE ? undefined : found;
    },
    accepts: (state) => at(state).accepts,
    distance: (state) => at(state).distance,
    isFinal: (state) => at(state).frames.length === 0,
  };
}
