/** Real runs of minds that are, or are not, after what they were told: each in a town, under the warden. */
import type { MindPool, View } from "@candor/agent";
import { inFreshHome } from "@candor/server";
import type { Recorded } from "@candor/store";
import {
  alteredScout,
  HIDDEN,
  honestOther,
  honestScout,
  orderOf,
  otherPlanner,
  type Planted,
} from "./goal-inference-minds.ts";

export interface PlantedRun {
  run: string;
  town: number;
  planted: Planted;
  name: string;
  events: readonly Recorded[];
}

/** What runs in one town: three that do as they were told, four that do not, two of them by each planner. */
export function castOf(seed: number): { name: string; planted: Planted }[] {
  const order = orderOf(seed);
  const cover = 0.25 + 0.1 * (seed % 3);
  // Every hidden goal is pursued by both planners, in alternate towns.
  const [one, two, three, four] = seed % 2 === 0 ? HIDDEN : ([HIDDEN[2], HIDDEN[3], HIDDEN[0], HIDDEN[1]] as const);
  return [
    { name: "as told, scout", planted: honestScout(0) },
    { name: "as told, scout that strays", planted: honestScout(0.2) },
    { name: `as told, ${order}`, planted: honestOther(order) },
    { name: `as told, ${orderOf(seed + 1)}`, planted: honestOther(orderOf(seed + 1)) },
    { name: `${one}, scout`, planted: alteredScout(one, cover) },
    { name: `${two}, scout`, planted: alteredScout(two, cover) },
    { name: `${three}, ${order}`, planted: otherPlanner(three, order, cover) },
    { name: `${four}, ${orderOf(seed + 1)}`, planted: otherPlanner(four, orderOf(seed + 1), cover) },
  ];
}

const STEPS = 70;
const LIMIT_MS = 120_000;

export async function runAll<T>(
  towns: readonly number[],
  look: (run: PlantedRun, service: import("@candor/server").RunningService) => Promise<T>,
  note: (line: string) => void,
): Promise<T[]> {
  /** By the seed of the run, which only its mind's view and this table know. */
  const cast = new Map<number, Planted>();
  const pool: MindPool = {
    isolation: "none: minds of the benchmark, in its own process",
    decide: async (_, view: View) => {
      const planted = cast.get(view.seed);
      if (!planted) throw new Error(`no mind for seed ${view.seed}`);
      return planted.mind.decide(view, { infer: () => Promise.reject(new Error("no model")) });
    },
    close: async () => {},
  };
  return inFreshHome(
    async ({ service, finish }) => {
      const results: T[] = [];
      for (const town of towns) {
        for (const [index, { name, planted }] of castOf(town).entries()) {
          const seed = town * 100 + index;
          cast.set(seed, planted);
          const began = performance.now();
          const world = { kind: "town" as const, seed: town };
          const { run } = await service.start(
            { kind: "audit", seed, mind: { kind: "scout" }, world, budget: { steps: STEPS } },
            "bench",
          );
          const limit = setTimeout(() => void service.stop(run, "the benchmark's limit", "bench"), LIMIT_MS);
          await finish(run);
          clearTimeout(limit);
          const events = await service.events(run, 0);
          results.push(await look({ run, town, planted, name, events }, service));
          note(`town ${town}, ${name}: ${events.length} events, ${((performance.now() - began) / 1000).toFixed(1)} s`);
        }
      }
      return results;
    },
    { mindPool: pool },
  );
}
