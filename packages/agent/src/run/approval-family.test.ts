/** Each test is a way in which approvals broke elsewhere; the threads are named beside it. */
import { describe, expect, test } from "vitest";
import type { Given } from "./answer.ts";
import { createWorld, decide, started, type World, type WorldOptions } from "./fixture.ts";
import { forkRun } from "./fork.ts";
import { openQuestion } from "./state.ts";
import { answer, asksIn, begin, family, goalOf, sends, stateOf } from "./testing/asking.ts";

describe("what a person allows for the rest of a run", () => {
  /** The words that were granted. */
  const granting = (script: WorldOptions["script"]) => {
    const seen: unknown[] = [];
    const world = createWorld({
      script,
      parts: {
        guard: {
          judge: ({ args, permissions, chain }) => {
            seen.push(chain);
            const granted = (permissions as { granted?: unknown[] }).granted ?? [];
            const ask = String(args.what ?? "").startsWith("?") && !granted.includes(args.what);
            return { outcome: ask ? "ask" : "allow", rule: "test", reason: "" };
          },
        },
      },
      warden: { effective: async (permissions, granted) => ({ ...(permissions as object), granted }) },
    });
    return { world, chains: seen };
  };

  test("is asked about no more, by that run; its fork asks again", async () => {
    const { world } = granting(sends("? a", "? a", "? b"));
    await begin(world);
    await answer(world, asksIn(world), "approve", { scope: "run", grant: "? a" });
    await world.work("r1");
    expect(world.effects).toEqual(["send ? a", "send ? a"]);
    expect(asksIn(world).step).toBe(3);
    await forkRun(world.log, "r1", 1, "fork", {});
    await world.work("fork");
    expect(asksIn(world, "fork").step).toBe(2);
  });

  test("is not its children's, and a child's is not its sibling's (claude-code 33901 asks for the opposite)", async () => {
    const { world } = granting((run, step) => {
      if (run === "r1")
        return (
          [
            decide("send", { what: "? a" }),
            decide("spawn", { goal: "one child" }),
            decide("spawn", { goal: "another" }),
          ][step - 1] ?? decide("wait")
        );
      return step <= 2 ? decide("send", { what: "? a" }) : decide("finish", { summary: "done" });
    });
    await begin(world);
    await answer(world, asksIn(world), "approve", { scope: "run", grant: "? a" });
    await world.work("r1");
    await world.drain();
    await answer(world, asksIn(world, "child-1"), "approve", { scope: "run", grant: "? a" });
    world.queue.push("child-1");
    await world.drain();
    expect(stateOf(world, "child-1").status).toBe("finished");
    expect(asksIn(world, "child-2").step).toBe(1);
  });

  test("without a rule, or for once only, grants nothing", async () => {
    for (const more of [{ scope: "run" }, { scope: "once", grant: "? a" }, { grant: "? a" }] as Partial<Given>[]) {
      const { world } = granting(sends("? a", "? a"));
      await begin(world);
      await answer(world, asksIn(world), "approve", more);
      await world.work("r1");
      expect(asksIn(world).step).toBe(2);
    }
  });
});

describe("children", () => {
  test("ask as themselves, with every run above them in the chain (openai-agents-js 996, 243)", async () => {
    const chains = new Map<string, string[]>();
    const world = createWorld({
      script: (run, step) => {
        const depth = Number(run === "r1" ? 0 : run.slice(-1));
        if (step === 1)
          return depth < 3 ? decide("spawn", { goal: `depth ${depth + 1}` }) : decide("send", { what: "? deep" });
        return depth < 3 ? decide("wait") : decide("finish", { summary: "done" });
      },
      parts: {
        guard: {
          judge: ({ run, chain, tool }) => {
            chains.set(run, chain);
            return { outcome: tool.name === "send" ? "ask" : "allow", rule: "test", reason: "" };
          },
        },
      },
    });
    await begin(world);
    await world.drain();
    expect(chains.get("child-3")).toEqual(["r1", "child-1", "child-2", "child-3"]);
    await answer(world, asksIn(world, "child-3"), "approve");
    world.queue.push("child-3");
    await world.drain();
    expect(world.deeds).toEqual([{ run: "child-3", step: 1, tool: "send", what: "? deep" }]);
    for (const run of ["r1", "child-1", "child-2", "child-3"]) expect(stateOf(world, run).status).toBe("finished");
  });

  test("of the same goal and script keep their questions apart over a restart (openai-agents-python 5141, mastra 19714)", async () => {
    const world = family("the same");
    await begin(world);
    await world.drain();
    const [a, b] = [asksIn(world, "child-1"), asksIn(world, "child-2")];
    expect(a.argsHash).toBe(b.argsHash);
    await answer(world, b, "approve");
    // Only the log is left; whoever takes the runs up knows nothing else.
    world.queue.length = 0;
    world.queue.push("child-1", "child-2", "r1");
    await world.drain();
    expect(world.deeds.map(({ run }) => run)).toEqual(["child-2"]);
  });

  test("never have more of a limit than their parent has left; no tokens are not taken for no limit", async () => {
    const world = createWorld({
      script: (run, step) =>
        run === "r1" && step === 1 ? decide("spawn", { goal: "spend" }) : decide("finish", { summary: "done" }),
    });
    await begin(world, { budget: { ...started().budget, steps: 40, tokens: 1 } });
    await world.drain();
    expect(world.log.runs.size).toBe(1);
    expect(stateOf(world).steps[0]?.observation).toMatchObject({ status: "refused" });
  });
});

test("cut at every append of a family and taken up again, no yes is lost and no no is overruled (langgraph 4796)", async () => {
  const play = async (cut: { at: number; written: boolean } | undefined) => {
    const world = family();
    if (cut) world.log.cut = cut;
    await world.log.append("r1", 0, [started()]).catch(() => {});
    if (!world.log.runs.has("r1")) await world.log.append("r1", 0, [started()]);
    world.queue.push("r1");
    for (let round = 0; round < 12 && stateOf(world).status !== "finished"; round++) {
      await world.drain();
      for (const run of [...world.log.runs.keys()].toReversed()) {
        const open = openQuestion(stateOf(world, run));
        if (!open) continue;
        const asks = asksIn(world, run);
        const happened = world.deeds.some((deed) => deed.run === run);
        const what = open.intended
          ? happened
            ? "reject"
            : "approve"
          : goalOf(world, run) === "child 1"
            ? "reject"
            : "approve";
        // A cut answer may or may not be in the log: whoever gave it looks, and gives it again if it is not.
        await answer(world, asks, what).catch(() => {});
      }
      world.queue.push(...world.log.runs.keys());
    }
    return world;
  };
  const calm = await play(undefined);
  const appends = calm.log.appends;
  const doers = (world: World) => world.deeds.map(({ run }) => goalOf(world, run));
  expect(doers(calm)).toEqual(["child 2"]);
  for (let at = 1; at <= appends; at++) {
    for (const written of [false, true]) {
      const world = await play({ at, written });
      expect(doers(world), `cut ${at} ${written}`).toEqual(["child 2"]);
      expect(stateOf(world).status, `cut ${at} ${written}`).toBe("finished");
    }
  }
});
