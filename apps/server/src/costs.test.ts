/** Sums over runs: what a fork copied, what a child spent, and what was erased count as they should. */
import { Budget } from "@candor/store";
import { expect, test } from "vitest";
import { settled, testHome } from "./fixture.ts";

const steps = Budget.parse({ steps: 12, tokens: 0, usd: 0, seconds: 600, pages: 40, pagesPerHost: 20 });

test("a run costs what its steps cost, a fork only what it adds, and an erased run nothing any more", async () => {
  await using fresh = await testHome();
  const { service } = fresh;
  const { run } = await service.start(
    { kind: "audit", world: { kind: "town", seed: 7 }, mind: { kind: "scout" }, budget: steps },
    "test",
  );
  await settled(service, run);
  const own = (await service.show(run)).spent;
  const first = await service.costs.since(0);
  expect(first.runs).toEqual({ since: 1, total: 1 });
  expect(first.total.pages).toBe(own.pages);
  expect(first.total.ms).toBeCloseTo(own.ms);
  expect(first.since).toEqual(first.total);
  expect((await service.costs.since(Date.now() + 3_600_000)).since.pages).toBe(0);

  const fork = await service.fork(run, { step: 6, budget: { steps: 8 } }, "test");
  await settled(service, fork.run);
  const copied = (await service.events(run, 0)).flatMap(({ event }) =>
    event.type === "step.done" && event.step <= 6 ? [event.observation.cost.pages ?? 0] : [],
  );
  const added = (await service.show(fork.run)).spent.pages - copied.reduce((all, pages) => all + pages, 0);
  expect((await service.costs.since(0)).total.pages).toBe(own.pages + added);

  await service.erase(fork.run);
  expect((await service.costs.since(0)).total.pages).toBe(own.pages);
});
