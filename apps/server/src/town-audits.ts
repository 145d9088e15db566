/** Self-audits of towns by a mind in this process, one after the other, with every view it was shown: for lessons and for measuring. */
import type { InferenceRequest, InferenceResult, View } from "@candor/agent";
import type { Decision, MindConfig } from "@candor/store";
import type { Score } from "@candor/town";
import { type FreshHome, inFreshHome } from "./fresh-home.ts";

export interface Thought {
  view: View;
  decision: Decision;
}

export interface TownAudit {
  seed: number;
  score: Score;
  thoughts: Thought[];
}

export interface TownAuditOptions {
  seeds: readonly number[];
  /** What runs say of their mind, and which model answers it. */
  mind?: MindConfig;
  decide(
    view: View,
    powers: { infer(request: InferenceRequest): Promise<InferenceResult> },
  ): Decision | Promise<Decision>;
}

export async function* auditTowns(options: TownAuditOptions): AsyncGenerator<TownAudit> {
  const { seeds, mind = { kind: "scout" }, decide } = options;
  let thoughts: Thought[] = [];
  const pool = {
    isolation: "none: in this process",
    processes: 0,
    close: async (): Promise<void> => undefined,
    decide: async (
      _: MindConfig,
      view: View,
      infer: (request: InferenceRequest) => Promise<InferenceResult>,
    ): Promise<Decision> => {
      const decision = await decide(view, { infer });
      thoughts.push({ view: structuredClone(view), decision });
      return decision;
    },
  };
  const one = async ({ service, finish }: FreshHome, seed: number): Promise<TownAudit> => {
    const { run } = await service.start({ kind: "audit", seed, mind, world: { kind: "town", seed } }, "operator");
    await finish(run);
    return { seed, score: (await service.score(run)) as Score, thoughts };
  };
  for (const seed of seeds) {
    thoughts = [];
    // A home for each: a store with many runs in it takes longer.
    yield await inFreshHome((fresh) => one(fresh, seed), { mindPool: pool });
  }
}
