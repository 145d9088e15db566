/** Labels that stand in for identifiers, numbered so that one identifier has one label throughout a document. */
import type { MaskCounts } from "@candor/agent";
import type { SealedKind } from "../identity/schema.ts";
import type { MaskedKind, Span } from "./span.ts";

/** Every label that a masker writes. */
export const LABEL = /\[(?:(phone|e-mail|address|birth date) (\d{1,6}): (?:not )?yours|(person) (\d{1,6}))\]/g;

export class Numbering {
  readonly #next: Record<MaskedKind, number>;
  readonly #others = new Map<string, number>();
  readonly #seen = new Set<string>();

  /** @param own how many values of each kind the operator has; others are numbered after them */
  constructor(own: Readonly<Record<SealedKind, number>>) {
    this.#next = {
      phone: own.phone + 1,
      "e-mail": own["e-mail"] + 1,
      address: own.address + 1,
      "birth date": own["birth date"] + 1,
      person: 1,
    };
  }

  /** Leaves out numbers that labels in `text` use already. */
  reserve(text: string): void {
    if (!text.includes("[")) return;
    for (const label of text.matchAll(LABEL)) {
      const kind = (label[1] ?? label[3]) as MaskedKind;
      this.#next[kind] = Math.max(this.#next[kind], Number(label[2] ?? label[4]) + 1);
    }
  }

  label({ kind, own, key }: Pick<Span, "kind" | "own" | "key">): string {
    if (own !== null) {
      this.#seen.add(`${kind} ${own}`);
      return `[${kind} ${own + 1}: yours]`;
    }
    const id = `${kind} ${key}`;
    let number = this.#others.get(id);
    if (number === undefined) {
      number = this.#next[kind]++;
      this.#others.set(id, number);
    }
    return kind === "person" ? `[person ${number}]` : `[${kind} ${number}: not yours]`;
  }

  /** Distinct identifiers. Names of persons are masked where asked for, but are no identifiers. */
  get counts(): MaskCounts {
    return {
      yours: this.#seen.size,
      others: [...this.#others.keys()].filter((id) => !id.startsWith("person ")).length,
    };
  }
}
