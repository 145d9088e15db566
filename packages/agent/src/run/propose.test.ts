/** Several proposals to a step, ranked by what people judged before. */
import type { Decision, EventOf, RunEvent } from "@candor/store";
import { describe, expect, it } from "vitest";
import { createWorld, decide, started } from "./fixture.ts";
import type { StepJudge } from "./parts.ts";

const finish = decide("finish", { summary: "done" });
const looks = (...what: string[]): Decision[] => what.map((each) => decide("look", { what: each }));

/** Proposals of the first step in the order in which they are made; the run ends with the second. */
async function runWith(proposals: readonly (Decision | Error)[], bestOf: number, judge: StepJudge["judge"]) {
  let asked = 0;
  const world = createWorld({
    script: (_, step) => (step > 1 ? finish : (proposals[asked++] ?? finish)),
    parts: { stepJudge: { bestOf, judge } },
  });
  await world.log.append("r1", 0, [started()]);
  await world.work("r1");
  const events = world.log.events("r1");
  const ofType = <T extends RunEvent["type"]>(type: T) => events.filter((e): e is EventOf<T> => e.type === type);
  return { asked, effects: world.effects, proposed: ofType("step.proposed")[0], signals: ofType("signal.raised") };
}

const chances =
  (of: Record<string, number>): StepJudge["judge"] =>
  async (_, decisions) =>
    decisions.map(({ args }) => of[String(args.what)]);

describe("several proposals", () => {
  it("are ranked by the chance of being judged good; the others are on record, best first", async () => {
    const { asked, effects, proposed } = await runWith(looks("a", "b", "c"), 3, chances({ a: 0.3, b: 0.9, c: 0.6 }));
    expect(asked).toBe(3);
    expect(effects).toEqual(["look b"]);
    expect(proposed?.decision.args).toEqual({ what: "b" });
    expect(proposed?.considered).toEqual([
      { tool: "look", args: { what: "c" }, good: 0.6 },
      { tool: "look", args: { what: "a" }, good: 0.3 },
    ]);
  });

  it("that are the same count once", async () => {
    const { proposed } = await runWith(looks("a", "a", "a"), 3, chances({ a: 0.5 }));
    expect(proposed?.considered).toBeUndefined();
  });

  it("of which nothing is known stand between good and bad, the first before the others", async () => {
    expect((await runWith(looks("a", "b"), 2, chances({ a: 0.4 }))).effects).toEqual(["look b"]);
    expect((await runWith(looks("a", "b"), 2, chances({ b: 0.4 }))).effects).toEqual(["look a"]);
    expect((await runWith(looks("a", "b"), 2, chances({}))).effects).toEqual(["look a"]);
  });

  it("are fewer when the mind fails after its first", async () => {
    const { effects, proposed } = await runWith([...looks("a"), new Error("nonsense")], 4, chances({ a: 0.5 }));
    expect(effects).toEqual(["look a"]);
    expect(proposed?.considered).toBeUndefined();
  });
});

describe("the watch", () => {
  it("says when people would likely judge a step bad", async () => {
    const { signals, effects } = await runWith(looks("a"), 1, chances({ a: 0.1 }));
    expect(effects).toEqual(["look a"]);
    expect(signals).toMatchObject([
      { monitor: "judgments", severity: "low", step: 1, reason: expect.stringContaining("a chance of 90 %") },
    ]);
  });

  it("says when it cannot tell, and the step that was proposed first is taken", async () => {
    const broken = async (): Promise<number[]> => {
      throw new Error("the reward model is gone");
    };
    const { effects, signals } = await runWith(looks("a", "b"), 2, broken);
    expect(effects).toEqual(["look a"]);
    expect(signals).toMatchObject([
      { monitor: "judgments", severity: "low", reason: expect.stringContaining("the reward model is gone") },
      {},
    ]);
  });

  it("is quiet about others", async () => {
    expect((await runWith(looks("a"), 1, chances({ a: 0.3 }))).signals).toEqual([]);
    expect((await runWith(looks("a"), 1, chances({}))).signals).toEqual([]);
  });
});
