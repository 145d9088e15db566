import type { Autonomy, EventOf, RunEvent } from "@candor/store";
import { expect, test } from "vitest";
import { createWorld, decide, started } from "./fixture.ts";
import { fold } from "./state.ts";

const resumed: RunEvent = { type: "run.resumed", by: "t", version: "t", isolation: "none" };

function begin(mode: Autonomy, options: Parameters<typeof createWorld>[0]["parts"] = {}, script = look) {
  const world = createWorld({ script, parts: options });
  const append = async (event: RunEvent) => world.log.append("r1", fold("r1", await world.log.read("r1")).seq, [event]);
  return {
    ...world,
    append,
    start: () => world.log.append("r1", 0, [started({ mode, climbs: true })]),
    resume: async () => {
      await append(resumed);
      return world.work("r1");
    },
  };
}
const look = (_: string, step: number) =>
  step > 12 ? decide("finish", { summary: "done" }) : decide("look", { what: String(step) });

test.each([
  ["step", [1, 2, 3]],
  ["few", [5, 10, 12]],
] as const)(
  "with a level of %s a run pauses after its steps, and each resume lets as many through",
  async (mode, taken) => {
    const world = begin(mode);
    await world.start();
    expect(await world.work("r1")).toBe("paused");
    expect(world.effects).toHaveLength(taken[0]);
    // Taken up again without a word of a person, it does nothing.
    expect(await world.work("r1")).toBe("paused");
    expect(world.effects).toHaveLength(taken[0]);
    await world.resume();
    expect(world.effects).toHaveLength(taken[1]);
    await world.resume();
    expect(world.effects).toHaveLength(taken[2]);
  },
);

test("a level that falls while the run is at work holds from the next step on, also when the work was cut off first", async () => {
  const fall: EventOf<"autonomy.changed"> = {
    type: "autonomy.changed",
    from: "continuous",
    to: "step",
    by: "warden",
    reason: "1 severe signal.",
    figures: { severe: 1 },
  };
  for (const cut of [false, true]) {
    let down = false;
    const level = {
      next: async (events: readonly { event: RunEvent }[]) =>
        down && !events.some(({ event }) => event.type === "autonomy.changed") ? fall : undefined,
    };
    const world = begin("continuous", { level }, (run, step) => {
      if (step === 3 && !down) {
        down = true;
        if (cut) throw new Error("cut off");
      }
      return look(run, step);
    });
    await world.start();
    expect(await world.work("r1")).toBe("paused");
    expect(world.effects.length).toBeLessThanOrEqual(3);
    expect(world.log.events("r1").filter(({ type }) => type === "autonomy.changed")).toEqual([fall]);
    const before = world.effects.length;
    await world.resume();
    expect(world.effects).toHaveLength(before + 1);
  }
});

test("a child goes no further by itself than its parent does when it is begun, and does not climb", async () => {
  const world = begin("continuous", {}, (run, step) =>
    run === "r1" && step === 1 ? decide("spawn", { goal: "look there" }) : decide("wait"),
  );
  await world.start();
  await world.append({
    type: "autonomy.changed",
    from: "continuous",
    to: "step",
    by: "operator",
    reason: "",
    figures: {},
  });
  await world.work("r1");
  const child = world.log.events("child-1")[0];
  expect(child).toMatchObject({ type: "run.started", mode: "step" });
  expect(child).not.toHaveProperty("climbs");
});

test("the guard is told how far the run goes by itself", async () => {
  const told: unknown[] = [];
  const guard = {
    judge: (request: { autonomy?: Autonomy }) => {
      told.push(request.autonomy);
      return { outcome: "allow" as const, rule: "t", reason: "" };
    },
  };
  const world = begin("step", { guard });
  await world.start();
  await world.work("r1");
  await world.append({ type: "autonomy.changed", from: "step", to: "propose", by: "t", reason: "", figures: {} });
  await world.resume();
  expect(told.slice(0, 2)).toEqual(["step", "propose"]);
});
