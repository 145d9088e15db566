/** Which tokens may come, of a language of bytes. */
import type { Tokenizer } from "../tokenizers/tokenizer.ts";
import { TransformerError } from "../transformer-error.ts";
import type { ByteLanguage } from "./language.ts";

/** A tokenizer's tokens in the order of their bytes, so that tokens which begin alike are looked at together. */
export interface SortedVocabulary {
  ids: Int32Array;
  bytes: readonly Uint8Array[];
  /** How many bytes each has in common with the one before it. */
  shared: Uint16Array;
  size: number;
  /** Every token there is, special and empty ones among them. */
  all: readonly number[];
}

/** Special tokens and empty ones are no part of a text. */
export function sortedVocabulary(tokenizer: Tokenizer): SortedVocabulary {
  const found: { id: number; bytes: Uint8Array }[] = [];
  const all: number[] = [];
  for (let id = 0; id < tokenizer.vocabSize; id++) {
    const bytes = bytesOf(tokenizer, id);
    if (bytes) all.push(id);
    if (bytes && bytes.length > 0 && !tokenizer.isSpecial(id)) found.push({ id, bytes });
  }
  found.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  const shared = new Uint16Array(found.length);
  for (let n = 1; n < found.length; n++) {
    const [before, own] = [found[n - 1]?.bytes ?? [], found[n]?.bytes ?? []];
    let same = 0;
    while (same < own.length && before[same] === own[same]) same++;
    shared[n] = same;
  }
  return {
    ids: Int32Array.from(found, ({ id }) => id),
    bytes: found.map(({ bytes }) => bytes),
    shared,
    size: tokenizer.vocabSize,
    all,
  };
}

/** Undefined for a number that no token has. */
function bytesOf(tokenizer: Tokenizer, id: number): Uint8Array | undefined {
  try {
    return tokenizer.bytes(id);
  } catch (error) {
    if (TransformerError.isInstance(error)) return undefined;
    throw error;
  }
}

const FORBIDDEN = 0xffff;
/** Masks of this many states are kept: 100 KB each for 50,000 tokens. */
const MOST_KEPT = 256;

interface Distances {
  /** For each token: the fewest bytes from after it to an end. */
  distances: Uint16Array;
  least: number;
  /** The token that alone may come. */
  only: { id: number; bytes: Uint8Array } | undefined;
}

export class TokenMask {
  readonly language: ByteLanguage;
  readonly #vocabulary: SortedVocabulary;
  readonly #kept = new Map<number, Distances>();

  constructor(language: ByteLanguage, vocabulary: SortedVocabulary) {
    this.language = language;
    this.#vocabulary = vocabulary;
  }

  /**
   * @param left tokens that may still come: one is allowed only if the text can be brought to an end with those left after it,
   * a byte each
   * @throws {TransformerError} when none is
   */
  allowed(state: number, left: number, ends: ReadonlySet<number>): (token: number) => boolean {
    const { distances, least } = this.#distances(state);
    const mayEnd = this.language.accepts(state);
    if (!(mayEnd && ends.size > 0) && least > left - 1)
      throw new TransformerError(
        least === FORBIDDEN
          ? "The tokenizer has no token with which the answer could go on as it must"
          : `The answer needs ${least + 1} more tokens to end as it must, and ${left} are left`,
        "Allow more tokens, or ask for less.",
      );
    return (token) => (ends.has(token) ? mayEnd : (distances[token] ?? FORBIDDEN) <= left - 1);
  }

  /** Whether any token may come besides those that end texts. */
  goesOn(state: number, left: number): boolean {
    return this.#distances(state).least <= left - 1;
  }

  /** The tokens to the end, where the language leaves no choice among them; undefined where it does. */
  forcedEnd(state: number): number[] | undefined {
    const tokens: number[] = [];
    for (let now = state; !this.language.isFinal(now); ) {
      const only = this.language.accepts(now) ? undefined : this.#distances(now).only;
      if (!only) return undefined;
      tokens.push(only.id);
      now = this.after(now, only.bytes);
    }
    return tokens;
  }

  after(state: number, bytes: Uint8Array): number {
    let now: number | undefined = state;
    for (const byte of bytes) now = now === undefined ? undefined : this.language.next(now, byte);
    if (now === undefined) throw new RangeError("the token was not allowed");
    return now;
  }

  #distances(state: number): Distances {
    const known = this.#kept.get(state);
    if (known) return known;
    const { ids, bytes, shared, size } = this.#vocabulary;
    const distances = new Uint16Array(size).fill(FORBIDDEN);
    let least = FORBIDDEN;
    let [count, only]: [number, Distances["only"]] = [0, undefined];
    // States after each byte of the last token; where it failed, those that begin like it fail too.
    const path = [state];
    for (let n = 0; n < ids.length; n++) {
      if ((shared[n] as number) >= path.length) continue;
      path.length = (shared[n] as number) + 1;
      const token = bytes[n] as Uint8Array;
      let now: number | undefined = path.at(-1);
      for (let place = path.length - 1; place < token.length && now !== undefined; place++) {
        now = this.language.next(now, token[place] as number);
        if (now !== undefined) path.push(now);
      }
      if (now === undefined) continue;
      const distance = Math.min(this.language.distance(now), FORBIDDEN - 1);
      const id = ids[n] as number;
      distances[id] = distance;
      only = ++count === 1 ? { id, bytes: token } : undefined;
      least = Math.min(least, distance);
    }
    if (this.#kept.size >= MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value ?? 0);
    const found = { distances, least, only };
    this.#kept.set(state, found);
    return found;
  }
}
