/** Token <-> id, with each token's bytes. */
import { TransformerError } from "../transformer-error.ts";

export interface Entry {
  token: string;
  id: number;
  bytes: Uint8Array;
  special: boolean;
}

export class Vocabulary {
  readonly size: number;
  readonly #entries: readonly (Entry | undefined)[];
  readonly #ids: ReadonlyMap<string, number>;

  /** @throws {TransformerError} when an id has two tokens, or a token two ids */
  constructor(entries: Iterable<Entry>, filename: string) {
    const byId: (Entry | undefined)[] = [];
    const ids = new Map<string, number>();
    for (const entry of entries) {
      const before = byId[entry.id];
      if (before !== undefined && before.token !== entry.token)
        throw new TransformerError(
          `${filename}: id ${entry.id} is both ${JSON.stringify(before.token)} and ${JSON.stringify(entry.token)}`,
        );
      if ((ids.get(entry.token) ?? entry.id) !== entry.id)
        throw new TransformerError(
          `${filename}: ${JSON.stringify(entry.token)} has two ids, ${ids.get(entry.token)} and ${entry.id}`,
        );
      byId[entry.id] = entry;
      ids.set(entry.token, entry.id);
    }
    this.#entries = byId;
    this.#ids = ids;
    this.size = byId.length;
  }

  idOf(token: string): number | undefined {
    return this.#ids.get(token);
  }

  at(id: number): Entry {
    const entry = this.#entries[id];
    if (entry === undefined)
      throw new TransformerError(
        `Token ${id} is not in the vocabulary of ${this.size}`,
        "Is it another model's tokenizer?",
      );
    return entry;
  }

  /** The bytes of many tokens as text. */
  decode(ids: Iterable<number>, skipSpecial: boolean): string {
    const parts: Uint8Array[] = [];
    for (const id of ids) {
      const { bytes, special } = this.at(id);
      if (!(special && skipSpecial)) parts.push(bytes);
    }
    return utf8.decode(Buffer.concat(parts));
  }
}

// A byte order mark is text that somebody wrote, not a sign for the decoder.
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
