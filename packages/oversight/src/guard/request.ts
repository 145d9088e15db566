/** What the guard is asked. The same shape as the agent's port, which this package does not import. */
import type { Autonomy, Decision, EffectClass, Verdict } from "@candor/store";

export interface GuardRequest {
  run: string;
  /** This run and its ancestors, oldest first. */
  chain: string[];
  kind: "audit" | "run";
  world: "town" | "web";
  goal: string;
  step: number;
  tool: { name: string; effect: EffectClass };
  args: Decision["args"];
  /** For each argument path the origins of the text it repeats; `PATH#FACET` says how (see `taint/facets.ts`). */
  origins: Record<string, string[]>;
  permissions: unknown;
  /** How far the run goes by itself; without it, as far as its permissions let it. */
  autonomy?: Autonomy;
  seeds: { names: string[]; usernames: string[]; city?: string; employer?: string; sites: string[] };
}

/** A rule that no permission can lift. Null when it has nothing to say. */
export type Invariant = (request: GuardRequest) => Verdict | null;
