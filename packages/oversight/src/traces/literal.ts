/** Reads a literal as JSON or Python writes it: `{'a': [1, True, None], "b": "x"}`. Nothing is evaluated. */

const MOST_DEPTH = 40;

/** @returns the value and where it ends, or undefined where no literal begins at `from` */
export function readLiteral(text: string, from = 0): { value: unknown; end: number } | undefined {
  const reader = new Reader(text, from);
  try {
    const value = reader.value(0);
    return { value, end: reader.at };
  } catch (error) {
    if (error instanceof NoLiteral) return undefined;
    throw error;
  }
}

class NoLiteral extends Error {}

const WORDS: Record<string, unknown> = { true: true, True: true, false: false, False: false, null: null, None: null };
const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

class Reader {
  readonly #text: string;
  at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.at = at;
  }

  value(depth: number): unknown {
    if (depth > MOST_DEPTH) throw new NoLiteral();
    this.#space();
    const next = this.#text[this.at];
    if (next === "{") return this.#object(depth);
    if (next === "[" || next === "(") return this.#list(depth, next === "[" ? "]" : ")");
    if (next === '"' || next === "'") return this.#string(next);
    const word = /^(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[A-Za-z]+)/.exec(this.#text.slice(this.at, this.at + 60))?.[0];
    if (word === undefined) throw new NoLiteral();
    this.at += word.length;
    if (word in WORDS) return WORDS[word];
    const number = Number(word);
    if (Number.isNaN(number)) throw new NoLiteral();
    return number;
  }

  #object(depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    this.at++;
    while (!this.#closes("}")) {
      const key = this.value(depth + 1);
      this.#expect(":");
      entries.push([typeof key === "string" ? key : (JSON.stringify(key) ?? ""), this.value(depth + 1)]);
      if (!this.#comma("}")) break;
    }
    return Object.fromEntries(entries);
  }

  #list(depth: number, close: string): unknown[] {
    const items: unknown[] = [];
    this.at++;
    while (!this.#closes(close)) {
      items.push(this.value(depth + 1));
      if (!this.#comma(close)) break;
    }
    return items;
  }

  #string(quote: string): string {
    let result = "";
    for (this.at++; this.at < this.#text.length; this.at++) {
      const next = this.#text[this.at] ?? "";
      if (next === "\\") {
        const escaped = this.#text[++this.at] ?? "";
        const unicode = escaped === "u" ? /^[0-9a-fA-F]{4}/.exec(this.#text.slice(this.at + 1, this.at + 5)) : null;
        if (unicode) {
          result += String.fromCharCode(Number.parseInt(unicode[0], 16));
          this.at += 4;
        } else result += ESCAPES[escaped] ?? escaped;
      } else if (next === quote && this.#ends()) {
        this.at++;
        return result;
      } else result += next;
    }
    throw new NoLiteral();
  }

  /** An apostrophe within a word ends no string: sets are full of `'I'm here'`. */
  #ends(): boolean {
    return /^\s*(?:[,:}\])]|$)/.test(this.#text.slice(this.at + 1, this.at + 40));
  }

  #closes(close: string): boolean {
    this.#space();
    if (this.#text[this.at] !== close) return false;
    this.at++;
    return true;
  }

  /** True when another entry follows; the closing bracket is taken. */
  #comma(close: string): boolean {
    this.#space();
    const next = this.#text[this.at];
    if (next !== "," && next !== close) throw new NoLiteral();
    this.at++;
    return next === ",";
  }

  #expect(what: string): void {
    this.#space();
    if (this.#text[this.at] !== what) throw new NoLiteral();
    this.at++;
  }

  #space(): void {
    while (/\s/.test(this.#text[this.at] ?? "")) this.at++;
  }
}
