import fc from "fast-check";
import { expect, test } from "vitest";
import type { RunState } from "./state.ts";
import { type Lots, type Oversight, playHistory } from "./testing/histories.ts";

/** Rules are the words that a person allowed for the rest of the run. */
const oversight: Oversight = {
  permissions: { granted: [] },
  judge: ({ tool, args, permissions }) => {
    const wanted = String(args.what ?? "").split(" ")[1];
    const { granted } = permissions as { granted: unknown[] };
    const outcome = wanted === "deny" ? "deny" : wanted === "ask" && !granted.includes(args.what) ? "ask" : "allow";
    return { outcome, rule: "test", reason: `${tool.name}: ${outcome}` };
  },
  effective: async (permissions, grants) => ({ ...(permissions as object), granted: grants }),
  grant: (state: RunState) => state.steps.at(-1)?.decision.args.what,
};

const lotsOf = (numbers: readonly number[]): Lots => {
  let at = 0;
  return (below) => (numbers[at++ % numbers.length] ?? 0) % below;
};

test("whatever happens to a tree of runs: no effect without its own yes, none twice, none after a no, no yes lost", async () => {
  const seen = { answers: 0, effects: 0, cuts: 0, families: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(1_000_000), { minLength: 30, maxLength: 300 }), async (numbers) => {
      const account = await playHistory(lotsOf(numbers), oversight);
      seen.answers += account.answers;
      seen.effects += account.effects;
      seen.cuts += account.cuts;
      seen.families += account.runs > 1 ? 1 : 0;
      expect(account).toMatchObject({
        declinedExecuted: [],
        approvedTwice: [],
        misattributed: [],
        lost: [],
        wrongChains: [],
        beyondParent: [],
      });
    }),
    { numRuns: 150 },
  );
  // The histories are worth something.
  expect(seen.answers).toBeGreaterThan(100);
  expect(seen.effects).toBeGreaterThan(100);
  expect(seen.cuts).toBeGreaterThan(30);
  expect(seen.families).toBeGreaterThan(20);
}, 120_000);
