/** Fields as they are found on a page, in any order and in several ways, put in its order and each once. */
import type { Document } from "../ports.ts";
import { bareLabel, type Pair } from "./pairs.ts";

/** A field, and where on the page it stands. */
export interface PlacedPair extends Pair {
  line: number;
  order: number;
}

const MOST = 1_500;

export class Fields {
  readonly #found: PlacedPair[] = [];

  add({ label, value, line, order }: PlacedPair): void {
    const bare = bareLabel(label).replace(/\s+/g, " ");
    if (bare !== "" && value !== "" && this.#found.length < MOST * 2)
      this.#found.push({ label: bare, value: oneLine(value), line, order });
  }

  inOrder(): Document["fields"] {
    const seen = new Set<string>();
    return [...this.#found]
      .sort((a, b) => a.order - b.order)
      .filter(({ label, value, line }) => {
        const key = `${line} ${label} ${value.replace(/[,\s]+/g, " ")}`.toLowerCase();
        return !seen.has(key) && seen.add(key);
      })
      .slice(0, MOST)
      .map(({ label, value }) => ({ label, value }));
  }
}

/** Lines and cells of a value as one line. */
const oneLine = (text: string): string => text.replace(/([,;:.])[\n\t]+/g, "$1 ").replace(/[\n\t]+/g, ", ");
