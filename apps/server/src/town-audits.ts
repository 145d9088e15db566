/** Self-audits of towns by a mind in this process, one after the other, with every view it was shown: for lessons and for measuring. */
import type { InferenceRequest, InferenceResult, View } from "@candor/agent";
import type { Decision, MindConfig } from "@candor/store";
import type { Score } from "@candor/town";
import { type FreshHome, inFreshHome } from "./fresh-home.ts";

export interface Thought {
  view: View;
  decision: Decision;
  /** What the mind took, its model included. */
  ms: number;
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
  signal?: AbortSignal;
}

/** @throws the signal's reason once it is aborted */
export async function* auditTowns(options: TownAuditOptions): AsyncGenerator<TownAudit> {
  const { seeds, mind = { kind: "scout" }, decide, signal } = options;
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
      const began = performance.now();
      const decision = await decide(view, { infer });
      thoughts.push({ view: structuredClone(view), decision, ms: performance.now() - began });
      return decision;
    },
  };
  const finished: TownAudit[] = [];
  const one = async ({ service, finish }: FreshHome, seed: number): Promise<void> => {
    const world = { kind: "town", seed } as const;
    const { run } = await service.start({ kind: "audit", seed, mind, world }, "operator");
    await finish(run);
    finished.push({ seed, score: (await service.score(run)) as Score, thoughts });
  };
  for (const seed of seeds) {
    signal?.throwIfAborted();
    thoughts = [];
    // A home for each: a store with many runs in it takes longer.
    await inFreshHome((fresh) => one(fresh, seed), { mindPool: pool });
    yield* finished.splice(0);
  }
}
