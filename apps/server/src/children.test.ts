import type { Decision } from "@candor/store";
import { expect, test } from "vitest";
import { settled, testHome } from "./fixture.ts";

const decide = (tool: string, args: Record<string, unknown> = {}): Decision => ({
  thought: "as the test says",
  tool,
  args,
});
/** The child has the same mind and script. */
const script = [
  decide("spawn", { goal: "look at the town's clubs", steps: 3 }),
  decide("wait"),
  decide("finish", { summary: "the parent is done" }),
];

test("a parent hears at once of a child that a person stops, and that child is not resumed", async () => {
  await using fresh = await testHome();
  const { service } = fresh;
  const { run } = await service.start(
    {
      kind: "run",
      goal: "ring +1 202 555 0142 about the clubs",
      world: { kind: "town", seed: 3 },
      mind: { kind: "scripted", script },
      budget: { steps: 12 },
      mode: "step",
    },
    "test",
  );
  // Step by step: the child rests after its first step, as its parent does.
  expect(await settled(service, run)).toBe("paused");
  const child = (await service.show(run)).children[0]?.run ?? "";
  expect(await settled(service, child)).toBe("paused");
  await service.stop(child, "enough", "test");
  const told = (await service.events(run, 0)).find(({ event }) => event.type === "child.finished");
  expect(told?.event).toMatchObject({ run: child, status: "stopped", result: "enough" });
  await expect(service.resume(child, "test")).rejects.toThrow("no longer waits for it");

  expect((await service.show(run)).goal).not.toContain("0142");
  await service.say(run, "my number is +1 202 555 0143", "test");
  const said = (await service.events(run, 0)).find(({ event }) => event.type === "operator.said");
  expect(JSON.stringify(said)).not.toContain("0143");
});
