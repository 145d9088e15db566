/** Keys of agents by their directories, remembered for a while. Strangers choose the addresses, so few are asked. */

import type { KnownKey } from "../web-bot-auth/judge-request.ts";
import { PROFILE } from "../web-bot-auth/profile.ts";
import type { KeySource } from "../web-bot-auth/recogniser.ts";
import { type DirectoryKey, readDirectory } from "./directory.ts";
import { type FetchWellKnown, fetchWellKnown } from "./fetch-well-known.ts";

export interface DirectoryKeysOptions {
  /** How a directory is fetched; the default asks public https addresses only. */
  fetch?: FetchWellKnown;
  /** Origins that may be asked. Default: any. */
  allowed?: readonly string[];
  /** Directories fetched in a minute at most, over all requests. Default 30. */
  perMinute?: number;
  now?(): number;
}

/** How long a directory is taken as read, how soon it is asked again for a key it did not have, and after a failure. */
const FRESH_MS = 10 * 60_000;
const RETRY_MS = 60_000;
const FAILED_MS = 60_000;
const MOST_DIRECTORIES = 500;

interface Entry {
  keys: Map<string, DirectoryKey>;
  /** When it was read; 0 for never. */
  readAt: number;
  askedAt: number;
  failed: boolean;
  pending?: Promise<void> | undefined;
}

/**
 * A directory that answers replaces what was known of it; one that fails leaves that in force, so that an outage takes no
 * keys back (the draft's "Discovery Failure"). A key in no directory is nobody's.
 */
export function directoryKeys(options: DirectoryKeysOptions = {}): KeySource {
  const { fetch = fetchWellKnown, perMinute = 30, now = Date.now } = options;
  const allowed = options.allowed && new Set(options.allowed.map((each) => new URL(each).origin));
  const entries = new Map<string, Entry>();
  let minute = 0;
  let asked = 0;

  const mayAsk = (): boolean => {
    const current = Math.floor(now() / 60_000);
    if (current !== minute) [minute, asked] = [current, 0];
    return asked < perMinute;
  };

  const entryOf = (agent: string): Entry => {
    const known = entries.get(agent);
    if (known) return known;
    for (const [oldest] of entries) {
      if (entries.size < MOST_DIRECTORIES) break;
      entries.delete(oldest);
    }
    const entry: Entry = { keys: new Map(), readAt: 0, askedAt: 0, failed: false };
    entries.set(agent, entry);
    return entry;
  };

  const ask = async (agent: string, entry: Entry): Promise<void> => {
    asked++;
    entry.askedAt = now();
    try {
      const response = await fetch(agent, PROFILE.directory.path, AbortSignal.timeout(10_000));
      entry.keys = new Map(readDirectory(response, now()).map((each) => [each.key.keyid, each]));
      entry.readAt = now();
      entry.failed = false;
    } catch {
      entry.failed = true;
    }
  };

  const isDue = (entry: Entry, keyid: string): boolean => {
    const since = now() - entry.askedAt;
    if (entry.askedAt === 0) return true;
    if (entry.failed) return since >= FAILED_MS;
    return now() - entry.readAt >= FRESH_MS || (!entry.keys.has(keyid) && since >= RETRY_MS);
  };

  return {
    async find(keyid, agent): Promise<KnownKey | "unreachable" | undefined> {
      if (agent === undefined || (allowed && !allowed.has(agent))) return undefined;
      const entry = entryOf(agent);
      if (isDue(entry, keyid) && mayAsk())
        entry.pending ??= ask(agent, entry).finally(() => {
          entry.pending = undefined;
        });
      // Requests that come together ask once.
      await entry.pending;
      const found = entry.keys.get(keyid);
      if (found) return { key: found.key, operator: agent };
      return entry.readAt === 0 || entry.failed ? "unreachable" : undefined;
    },
  };
}
