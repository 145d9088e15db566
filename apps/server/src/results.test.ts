/** A run that many look at while it goes on. */
import { Budget } from "@candor/store";
import { expect, test } from "vitest";
import { testHome } from "./fixture.ts";

test("many readers at once count each step of a run once", async () => {
  await using fresh = await testHome();
  const { service } = fresh;
  const { run } = await service.start(
    {
      kind: "audit",
      world: { kind: "town", seed: 7 },
      mind: { kind: "scout" },
      budget: Budget.parse({ steps: 25, tokens: 0, usd: 0, seconds: 600, pages: 80, pagesPerHost: 20 }),
    },
    "test",
  );
  const look = async () => {
    for (;;) {
      const { status, steps, seq } = await service.show(run);
      if (status === "finished") return { steps, seq };
    }
  };
  const seen = await Promise.all(Array.from({ length: 8 }, look));
  const events = await service.events(run, 0);
  const steps = events.filter(({ event }) => event.type === "step.proposed").length;
  for (const each of seen) expect(each).toEqual({ steps, seq: events.length });
});
