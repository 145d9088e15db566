/** Towns that are being served, each in a thread of its own, kept while they may be needed again. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { WorldConfig } from "@candor/store";
import { startTownInWorker, type TownWorker } from "@candor/town";
import { townAgent } from "./agent-identity/town-agent.ts";

type TownConfig = Extract<WorldConfig, { kind: "town" }>;

/** A town of a few thousand pages holds some tens of megabytes; older ones are closed when nobody uses them. */
const MOST_IDLE = 2;

interface Served {
  town: Promise<TownWorker>;
  users: number;
  lastUse: number;
}

export class Towns {
  readonly #home: string;
  readonly #served = new Map<string, Served>();

  constructor(home: string) {
    this.#home = home;
  }

  /** The town of `config`, served; call the returned `release` when done with it. */
  async use(config: TownConfig): Promise<{ town: TownWorker; release(): void }> {
    const key = townKey(config);
    let served = this.#served.get(key);
    if (!served) {
      served = { town: this.#start(config), users: 0, lastUse: Date.now() };
      this.#served.set(key, served);
    }
    const mine = served;
    mine.users++;
    try {
      const town = await mine.town;
      return {
        town,
        release: () => {
          mine.users--;
          mine.lastUse = Date.now();
          void this.#closeIdle();
        },
      };
    } catch (error) {
      this.#served.delete(key);
      throw error;
    }
  }

  async close(): Promise<void> {
    const all = [...this.#served.values()];
    this.#served.clear();
    await Promise.allSettled(all.map(async ({ town }) => (await town).close()));
  }

  #start(config: TownConfig): Promise<TownWorker> {
    const folder = join(this.#home, "town", nameOf(config));
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return startTownInWorker({
      ...(config.spec ? { spec: resolve(config.spec) } : { seed: config.seed }),
      ...(config.peaceful && { peaceful: true }),
      inbox: join(folder, "inbox.jsonl"),
      agents: [townAgent(this.#home)],
    });
  }

  async #closeIdle(): Promise<void> {
    const idle = [...this.#served].filter(([, s]) => s.users === 0).sort(([, a], [, b]) => b.lastUse - a.lastUse);
    for (const [key, { town }] of idle.slice(MOST_IDLE)) {
      this.#served.delete(key);
      await (await town).close();
    }
  }
}

/** The folder of a town's inbox. */
function nameOf(config: TownConfig): string {
  const name = config.spec
    ? `spec-${createHash("sha256").update(resolve(config.spec)).digest("hex").slice(0, 10)}`
    : `seed-${config.seed}`;
  return config.peaceful ? `${name}-peaceful` : name;
}

/** What a town is, for whoever keeps something of it: a spec that was edited is another town. */
export const townKey = (config: TownConfig): string =>
  config.spec ? `${nameOf(config)} ${lastEdit(resolve(config.spec))}` : nameOf(config);

/** Milliseconds since the epoch; 0 for what is not there, which loading will complain about. */
function lastEdit(spec: string): number {
  try {
    const own = statSync(spec);
    // Beside a single file there may be anything; a folder is the town's own.
    const files = own.isDirectory()
      ? readdirSync(spec, { recursive: true }).map((name) => join(spec, String(name)))
      : [];
    return Math.max(own.mtimeMs, ...files.map((file) => statSync(file).mtimeMs));
  } catch {
    return 0;
  }
}
