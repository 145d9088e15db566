/** Each test is a way in which approvals broke elsewhere; the threads are named beside it. */
import type { EventOf } from "@candor/store";
import { describe, expect, test } from "vitest";
import { answerQuestion, expireQuestion } from "./answer.ts";
import { createWorld, decide, started } from "./fixture.ts";
import { openQuestion } from "./state.ts";
import { answer, append, asking, asksIn, begin, family, give, sends, stateOf } from "./testing/asking.ts";

describe("an answer reaches only what it was given for", () => {
  test("a stale answer is not applied to the newer question of the same run (mastra 19633)", async () => {
    const world = asking(sends("? first", "? second"));
    await begin(world);
    const stale = asksIn(world);
    await answer(world, stale, "reject");
    await world.work("r1");
    await expect(answer(world, stale, "approve")).rejects.toThrow("has changed meanwhile");
    await world.work("r1");
    expect(world.effects).toEqual([]);
    expect(asksIn(world).step).toBe(2);
  });

  test("a yes to one run while another is waiting executes nothing of the other (mastra 19377)", async () => {
    const world = family();
    await begin(world);
    await world.drain();
    const [a, b] = [asksIn(world, "child-1"), asksIn(world, "child-2")];
    await expect(answerQuestion(world.log, "child-1", give(b, "approve"))).rejects.toThrow("has changed meanwhile");
    await expect(answerQuestion(world.log, "r1", give(a, "approve"))).rejects.toThrow("asks nothing now");
    await world.drain();
    expect(world.effects).toEqual([]);
  });

  test("two yeses given in reverse order each reach their own (langgraph 2870)", async () => {
    const world = family();
    await begin(world);
    await world.drain();
    const [a, b] = [asksIn(world, "child-1"), asksIn(world, "child-2")];
    await answer(world, b, "approve");
    await answer(world, a, "reject");
    world.queue.push("child-2", "child-1");
    await world.drain();
    expect(world.deeds.map(({ run, what }) => `${run} ${what}`)).toEqual(["child-2 ? from child-2"]);
    expect(stateOf(world).status).toBe("finished");
  });

  test("a second answer, whatever it says, changes nothing (langgraph 5952)", async () => {
    const world = asking(sends("? a"));
    await begin(world);
    const asks = asksIn(world);
    await answer(world, asks, "reject");
    await expect(answer(world, asks, "approve")).rejects.toThrow("was answered already, by ada");
    // Nor does one that found its way into the log.
    await append(world, { type: "approval.answered", ...give(asks, "approve") });
    await world.work("r1");
    expect(world.effects).toEqual([]);
  });

  test("an answer in the log that names other arguments counts for nothing", async () => {
    const world = asking(sends("? a"));
    await begin(world);
    await append(world, { type: "approval.answered", ...give({ ...asksIn(world), argsHash: "another" }, "approve") });
    expect(await world.work("r1")).toBe("waiting");
    expect(world.effects).toEqual([]);
  });

  test("arguments that are judged under another hash void a yes given before", async () => {
    const world = asking(sends("? a"));
    await begin(world);
    await answer(world, asksIn(world), "approve");
    const verdict = { outcome: "ask", rule: "test", reason: "again" } as const;
    await append(world, { type: "step.judged", step: 1, argsHash: "another", verdict });
    expect(openQuestion(stateOf(world))).toMatchObject({ step: 1, argsHash: "another" });
    expect(await world.work("r1")).toBe("waiting");
    expect(world.effects).toEqual([]);
  });

  test("a yes under a hash that is not the arguments' own is asked for again", async () => {
    const world = asking(sends("? a"));
    const verdict = { outcome: "ask", rule: "test", reason: "" } as const;
    const decision = decide("send", { what: "? a" });
    await world.log.append("r1", 0, [
      started(),
      { type: "step.proposed", step: 1, decision, cost: {}, viewHash: "" },
      { type: "step.judged", step: 1, verdict, argsHash: "of other arguments" },
      { type: "approval.answered", ...give({ run: "r1", step: 1, argsHash: "of other arguments" }, "approve") },
    ]);
    expect(await world.work("r1")).toBe("waiting");
    expect(world.effects).toEqual([]);
    await answer(world, asksIn(world), "approve");
    await world.work("r1");
    expect(world.effects).toEqual(["send ? a"]);
  });

  test("a yes that arrives twice is not taken for 'it did not happen, do it again'", async () => {
    const world = asking(sends("? a"));
    await begin(world);
    const asks = asksIn(world);
    await answer(world, asks, "approve");
    // The effect happens; what it came to is not written.
    world.log.cut = { at: world.log.appends + 2, written: false };
    await world.work("r1").catch(() => {});
    await world.work("r1");
    expect(world.effects).toEqual(["send ? a"]);
    await expect(answer(world, asks, "approve")).rejects.toThrow("has changed meanwhile");
    const unknown = asksIn(world);
    await expect(answer(world, unknown, "modify", { args: { what: "b" } })).rejects.toThrow("not known whether");
    await expect(answer(world, unknown, "approve", { scope: "run" })).rejects.toThrow("not known whether");
    await answer(world, unknown, "reject");
    await world.work("r1");
    expect(world.effects).toEqual(["send ? a"]);
    expect(stateOf(world).status).toBe("finished");
  });
});

describe("a no holds", () => {
  test("what was declined is not executed after a restart with other permissions (mastra 20487)", async () => {
    let asks = true;
    const world = createWorld({ script: sends("a"), judge: (tool) => (tool === "send" && asks ? "ask" : "allow") });
    await begin(world);
    await answer(world, asksIn(world), "reject");
    asks = false;
    await world.work("r1");
    expect(world.effects).toEqual([]);
  });

  test("the mind hears why, and that time ran out (connectonion 70)", async () => {
    const world = asking(sends("? a", "? b"), { warden: { expireAfter: 60, now: () => now } });
    let now = 0;
    world.log.clock = () => now;
    await begin(world);
    await answer(world, asksIn(world), "reject", { message: "look at the boats instead" });
    await world.work("r1");
    now += 60_000;
    await world.work("r1");
    expect(stateOf(world).notices.map(({ from, code, text }) => `${from} ${code}: ${text}`)).toEqual([
      "operator rejected: send was rejected by a person: look at the boats instead",
      "warden expired: send was not allowed: nobody answered in time.",
    ]);
    expect(stateOf(world).status).toBe("finished");
    expect(world.effects).toEqual([]);
  });

  test("an answer that makes no sense leaves the question open, and approves nothing (mastra 21195)", async () => {
    const world = asking(sends("? a"));
    await begin(world);
    const asks = asksIn(world);
    for (const given of [give(asks, "modify"), give(asks, "escalate")])
      await append(world, { type: "approval.answered", ...given });
    expect(await world.work("r1")).toBe("waiting");
    expect(asksIn(world)).toEqual(asks);
  });

  test("ending the run ends it, and says of what may have happened only that nobody knows", async () => {
    const world = asking(sends("? a"));
    await begin(world);
    await answer(world, asksIn(world), "approve");
    world.log.cut = { at: world.log.appends + 2, written: false };
    await world.work("r1").catch(() => {});
    await world.work("r1");
    await answer(world, asksIn(world), "terminate");
    expect(stateOf(world)).toMatchObject({ status: "stopped", steps: [{ observation: { status: "unknown" } }] });
  });
});

describe("arguments that a person wrote", () => {
  const edited = async (what: string) => {
    const world = asking(sends("? a"));
    await begin(world);
    await answer(world, asksIn(world), "modify", { args: { what } });
    await world.work("r1");
    return world;
  };

  test("are judged anew, count as allowed where the guard asks, and happen once", async () => {
    for (const what of ["? b", "b"]) {
      const world = await edited(what);
      expect(world.effects).toEqual([`send ${what}`]);
      const judged = world.log.events("r1").filter((event) => event.type === "step.judged" && event.step === 1);
      expect(new Set(judged.map((event) => (event as EventOf<"step.judged">).argsHash)).size).toBe(2);
      expect(stateOf(world).notices[0]).toMatchObject({ from: "operator", code: "modified" });
    }
  });

  test("stay denied where the guard denies, and do not bring the old ones back", async () => {
    const world = await edited("! b");
    expect(world.effects).toEqual([]);
    expect(stateOf(world)).toMatchObject({ status: "finished" });
    expect(stateOf(world).notices).toContainEqual(expect.objectContaining({ code: "denied" }));
  });

  test("survive a cut at any append", async () => {
    for (let at = 1; at <= 6; at++) {
      for (const written of [false, true]) {
        const world = asking(sends("? a"), { arrived: () => true });
        await begin(world);
        world.log.cut = { at: world.log.appends + at, written };
        const asks = asksIn(world);
        await answer(world, asks, "modify", { args: { what: "? b" } }).catch(() => {});
        for (let again = 0; again < 3; again++) await world.work("r1").catch(() => {});
        if (openQuestion(stateOf(world))) await answer(world, asks, "modify", { args: { what: "? b" } });
        await world.work("r1");
        expect(
          world.effects.filter((effect) => effect !== "send ? b"),
          `cut ${at} ${written}`,
        ).toEqual([]);
        expect(world.effects.length, `cut ${at} ${written}`).toBeLessThanOrEqual(1);
        expect(stateOf(world).status).toBe("finished");
      }
    }
  });
});

describe("a question", () => {
  test("that was passed on stays open, says to whom, and keeps its end", async () => {
    const world = asking(sends("? a"));
    await begin(world);
    const asks = asksIn(world);
    const { expiresAt } = openQuestion(stateOf(world)) ?? {};
    await answer(world, asks, "escalate", { to: "grace" });
    expect(openQuestion(stateOf(world))).toMatchObject({ escalatedTo: "grace", expiresAt });
    await answer(world, asks, "approve", { by: "grace" });
    await world.work("r1");
    expect(world.effects).toEqual(["send ? a"]);
  });

  test("whose time is over becomes a no exactly once, whoever notices, and answers come too late", async () => {
    let now = 1_000;
    const world = asking(sends("? a"), { warden: { now: () => now } });
    world.log.clock = () => now;
    await begin(world, { expireAfter: 10 });
    const asks = asksIn(world);
    expect(openQuestion(stateOf(world))?.expiresAt).toBe(11_000);
    now = 10_999;
    expect(await expireQuestion(world.log, "r1", () => now)).toBe(false);
    now = 11_000;
    const all = await Promise.allSettled([
      answer(world, asks, "approve"),
      world.work("r1"),
      expireQuestion(world.log, "r1", () => now),
      expireQuestion(world.log, "r1", () => now),
      world.work("r1"),
    ]);
    expect(all[0]).toMatchObject({ status: "rejected", reason: { message: expect.stringContaining("expired") } });
    await world.work("r1");
    const expiries = world.log.events("r1").filter((e) => e.type === "approval.answered" && e.answer === "expire");
    expect(expiries).toHaveLength(1);
    expect(world.effects).toEqual([]);
    await expect(answer(world, asks, "approve")).rejects.toThrow("expired");
  });

  test("answered on a clock that is behind is still too late by the log's", async () => {
    let now = 1_000;
    const world = asking(sends("? a"), { warden: { now: () => now } });
    world.log.clock = () => now;
    await begin(world, { expireAfter: 10 });
    const asks = asksIn(world);
    now = 20_000;
    await append(world, { type: "approval.answered", ...give(asks, "approve") });
    await world.work("r1");
    expect(world.effects).toEqual([]);
  });

  test("about what may have happened does not expire", async () => {
    let now = 1_000;
    const world = asking(sends("? a"), { warden: { now: () => now } });
    world.log.clock = () => now;
    await begin(world, { expireAfter: 10 });
    await answer(world, asksIn(world), "approve");
    world.log.cut = { at: world.log.appends + 2, written: false };
    await world.work("r1").catch(() => {});
    now = 1_000_000;
    expect(await world.work("r1")).toBe("waiting");
    expect(await expireQuestion(world.log, "r1", () => now)).toBe(false);
    await answer(world, asksIn(world), "reject");
    await world.work("r1");
    expect(stateOf(world).status).toBe("finished");
  });

  test("of a run with ten thousand events is answered like any other", async () => {
    const world = asking(sends("? a"));
    await world.log.append("r1", 0, [
      started(),
      ...Array.from({ length: 10_000 }, (_, at) => ({ type: "operator.said", text: `word ${at}`, by: "ada" }) as const),
    ]);
    await world.work("r1");
    await answer(world, asksIn(world), "approve");
    await world.work("r1");
    expect(world.effects).toEqual(["send ? a"]);
  });
});
