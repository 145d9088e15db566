/** What is true of a town, without its pages: plain data that a grader or a caller in another thread can hold. */
import type { Host, Town } from "../town.ts";

export interface TownTruth extends Pick<Town, "version" | "seed" | "persona" | "facts" | "traps" | "sites"> {
  hosts: Pick<Host, "name" | "kind" | "robots" | "txt">[];
}

export function townTruth(town: Town): TownTruth {
  const { version, seed, persona, facts, traps, sites } = town;
  const hosts = town.hosts.map(({ name, kind, robots, txt }) => ({
    name,
    kind,
    ...(robots === undefined ? {} : { robots }),
    ...(txt === undefined ? {} : { txt }),
  }));
  return { version, seed, persona, facts, traps, sites, hosts };
}

export interface TruthRow {
  owner: string;
  kind: string;
  value: string;
  tier: 1 | 2 | 3;
  reachable: boolean;
  urls: string[];
}

/** The facts for people to read: the operator's first, then by kind and tier. */
export function truthTable(town: Pick<Town, "facts">): TruthRow[] {
  return town.facts
    .map(({ owner, kind, value, tier, reachable, urls }) => ({ owner, kind, value, tier, reachable, urls }))
    .sort(
      (a, b) =>
        Number(b.owner === "operator") - Number(a.owner === "operator") ||
        a.owner.localeCompare(b.owner) ||
        a.kind.localeCompare(b.kind) ||
        a.tier - b.tier ||
        a.value.localeCompare(b.value),
    );
}
