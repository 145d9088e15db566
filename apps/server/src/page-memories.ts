/** One memory of pages for each world and identity, as long as the server is up. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PageMemory } from "@candor/agent";
import type { WorldConfig } from "@candor/store";
import { townKey } from "./towns.ts";

const MOST = 4;

export class PageMemories {
  readonly #home: string;
  readonly #memories = new Map<string, PageMemory>();

  constructor(home: string) {
    this.#home = home;
  }

  /** The memory for what `world` shows to the identity of this moment: another identity masks other things. */
  of(world: WorldConfig): PageMemory {
    const key = world.kind === "town" ? townKey(world) : `web ${this.#identity()}`;
    const memory = this.#memories.get(key) ?? new PageMemory();
    this.#memories.delete(key);
    this.#memories.set(key, memory);
    const oldest = this.#memories.keys().next().value;
    if (this.#memories.size > MOST && oldest !== undefined) this.#memories.delete(oldest);
    return memory;
  }

  /** Lets go of everything, as when a run is erased: what it read may be here. */
  clear(): void {
    this.#memories.clear();
  }

  #identity(): string {
    try {
      return createHash("sha256")
        .update(readFileSync(join(this.#home, "identity.json")))
        .digest("hex");
    } catch {
      return "nobody";
    }
  }
}
