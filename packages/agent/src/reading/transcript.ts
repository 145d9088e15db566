/** The text of a page as a person reads it: what is inline runs on, what is a block begins a line, cells stand apart. */

/** Invisible characters that only serve to split words and numbers. */
const UNSEEN =
  /[\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|(?<=[\x21-\x7e])[\u200c\u200d](?=[\x21-\x7e])/g;
/** What is written in one direction and shown in the other. */
const TURNED = /\u202e([^\u202c\n]*)\u202c?/g;
const LONGEST_TEXT = 200_000;

export class Transcript {
  /** Pieces of text; `\n` ends a line and `\t` a cell. */
  readonly #pieces: string[] = [];
  #lineStart = 0;
  /** Lines that were begun so far. */
  line = 0;
  /** Characters so far, to know without joining whether a part is short. */
  length = 0;
  readonly #onLine: (line: string, number: number) => void;

  constructor(onLine: (line: string, number: number) => void = () => {}) {
    this.#onLine = onLine;
  }

  get full(): boolean {
    return this.length > LONGEST_TEXT;
  }

  add(text: string, preformatted = false): void {
    if (this.full || text === "") return;
    const shown = text.replace(TURNED, (_, turned: string) => [...turned].reverse().join(""));
    const seen = UNSEEN.test(shown) ? shown.replace(UNSEEN, "") : shown;
    UNSEEN.lastIndex = 0;
    const room = LONGEST_TEXT - this.length + 1;
    const piece = preformatted ? seen : seen.replace(/\s+/g, " ");
    this.#push(piece.length > room ? piece.slice(0, room) : piece);
  }

  /** A space, where nothing else would keep two words apart. */
  space(): void {
    this.#push(" ");
  }

  cell(): void {
    this.#push("\t");
  }

  break(): void {
    if (this.#lineStart === this.#pieces.length) return;
    const text = tidy(this.#pieces.slice(this.#lineStart).join(""));
    this.#push("\n");
    this.#lineStart = this.#pieces.length;
    if (text === "") return;
    for (const each of text.split("\n")) this.#onLine(each, this.line);
    this.line += 1;
  }

  mark(): number {
    return this.#pieces.length;
  }

  /** Tidied text since `mark`. */
  since(mark: number): string {
    return tidy(this.#pieces.slice(mark).join(""));
  }

  /** Puts a space before the piece at `mark`. */
  part(mark: number): void {
    this.#pieces.splice(mark, 0, " ");
    this.length += 1;
    if (this.#lineStart > mark) this.#lineStart += 1;
  }

  /** Replaces what was written since `mark` by one line. */
  asOneLine(mark: number): void {
    const line = this.since(mark)
      .replace(/([^\t,;:.])\n/g, "$1, ")
      .replace(/\n/g, " ");
    this.#pieces.length = mark;
    this.#push(line);
    this.#lineStart = Math.min(this.#lineStart, mark);
  }

  text(): string {
    return tidy(this.#pieces.join(""));
  }

  #push(piece: string): void {
    this.#pieces.push(piece);
    this.length += piece.length;
  }
}

/** One space between words, no empty lines, no space around line and cell ends. */
export const tidy = (text: string): string =>
  text
    .replace(/[^\S\n\t]+/g, " ")
    .replace(/[ \t]*\n[\s]*/g, "\n")
    .replace(/ ?\t[ \t]*/g, "\t")
    .trim();
