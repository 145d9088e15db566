/**
 * Which origins showed a key. Bounded: the older half is forgotten when the newer one is full. Where forgetting would make the
 * guard laxer, it is still known that some origin showed the key.
 */
import { Forgotten } from "./forgotten.ts";

/** Stands for the origins of a key that nobody remembers. */
export const FORGOTTEN = "host:an earlier page";

/** Sets of origins by number, each kept once, so that an entry costs one integer. */
export class OriginSets {
  readonly #sets: string[][] = [[]];
  readonly #byMembers = new Map<string, number>([["", 0]]);
  readonly #unions = new Map<string, Map<number, number>>();

  #last = { origin: "", unions: new Map<number, number>() };

  members(set: number): readonly string[] {
    return this.#sets[set] ?? [];
  }

  /** The number of the set with `origin` in it; a set of eight takes no more. */
  with(set: number, origin: string): number {
    const unions = this.#unionsWith(origin);
    const known = unions.get(set);
    if (known !== undefined) return known;
    const members = this.members(set);
    const next = members.includes(origin) || members.length >= 8 ? set : this.#number([...members, origin]);
    unions.set(set, next);
    return next;
  }

  /** Texts come in one origin at a time, so the last one is kept at hand. */
  #unionsWith(origin: string): Map<number, number> {
    if (origin === this.#last.origin) return this.#last.unions;
    const unions = this.#unions.get(origin) ?? new Map<number, number>();
    this.#unions.set(origin, unions);
    this.#last = { origin, unions };
    return unions;
  }

  #number(members: string[]): number {
    const key = members.join("\n");
    const known = this.#byMembers.get(key);
    if (known !== undefined) return known;
    const number = this.#sets.length;
    this.#sets.push(members);
    this.#byMembers.set(key, number);
    return number;
  }
}

export class OriginIndex<Key extends string | number> {
  readonly #sets: OriginSets;
  readonly #most: number;
  readonly #forgotten: Forgotten | undefined;
  #young = new Map<Key, number>();
  #old = new Map<Key, number>();

  /** @param keeps that a key was shown at all, for ever */
  constructor(sets: OriginSets, most: number, keeps: "taint" | "nothing") {
    this.#sets = sets;
    this.#most = Math.ceil(most / 2);
    if (keeps === "taint") this.#forgotten = new Forgotten();
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  add(key: Key, origin: string): void {
    const before = this.#young.get(key) ?? this.#old.get(key) ?? 0;
    const after = this.#sets.with(before, origin);
    if (after === before && this.#young.has(key)) return;
    if (this.#young.size >= this.#most) {
      if (this.#forgotten) for (const old of this.#old.keys()) this.#forgotten.add(old);
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, after);
  }

  origins(key: Key): readonly string[] {
    const known = this.#sets.members(this.#young.get(key) ?? this.#old.get(key) ?? 0);
    // Shown again by one origin, it may still have been another's before.
    return this.#forgotten?.has(key) ? [...known, FORGOTTEN] : known;
  }
}
