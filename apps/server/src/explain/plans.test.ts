import { Comparison as Compared, type Comparison, Explanation as Explained, type Explanation } from "@candor/explain";
import { expect, test, vi } from "vitest";
import { getting, settled, testHome } from "../fixture.ts";
import { Plans } from "./plans.ts";

const decide = (tool: string, args: Record<string, unknown> = {}) => ({ thought: "as the test says", tool, args });

test("a real audit and its fork are explained and compared over the API", async () => {
  await using fresh = await testHome();
  const { service } = fresh;
  const get = getting(service);
  const { run } = await service.start(
    { kind: "audit", world: { kind: "town", seed: 12 }, mind: { kind: "scout" }, budget: { steps: 30 } },
    "test",
  );
  expect(await settled(service, run)).toBe("finished");

  const explained = await get(`/api/runs/${run}/explain?from=5&limit=3`);
  expect(explained.status).toBe(200);
  const explanation: Explanation = Explained.parse(explained.body);
  expect(explanation.steps.rows.map(({ step }) => step)).toEqual([5, 6, 7]);
  expect(explanation.total.findings).toBe((await service.findings(run)).length);
  expect(explanation.inference.given).toBe("exposure");
  expect(explanation.inference.divergence).toBeLessThan(0.1);
  expect(explanation.goals.find(({ kind }) => kind === "run")?.steps).toBe(explanation.steps.of);

  const script = [decide("finish", { summary: "another end" })];
  const { run: fork } = await service.fork(run, { step: 10, mind: { kind: "scripted", script } }, "test");
  await settled(service, fork);
  const compared = await get(`/api/compare?a=${run}&b=${fork}`);
  expect(compared.status).toBe(200);
  const comparison: Comparison = Compared.parse(compared.body);
  expect(comparison.parting).toMatchObject({ prefix: 10, why: "One was forked from the other here." });
  expect(comparison.findings.onlyB.of).toBe(0);
  expect(comparison.findings.both.of).toBeGreaterThan(0);

  const asked = await get(`/api/runs/${run}/explain?limit=100000`);
  expect(asked).toMatchObject({ status: 400, body: { exit: 2, error: expect.stringContaining("limit") } });
  expect((await get("/api/runs/r-nothing/explain")).status).toBe(400);
}, 60_000);

test("a run that goes on is studied anew, and the child it began stands in its tree", async () => {
  await using fresh = await testHome();
  const { service } = fresh;
  const script = [
    decide("spawn", { goal: "look at the town's clubs", steps: 3 }),
    decide("wait"),
    decide("finish", { summary: "done" }),
  ];
  const { run } = await service.start(
    {
      kind: "run",
      goal: "find the clubs",
      world: { kind: "town", seed: 3 },
      mind: { kind: "scripted", script },
      budget: { steps: 12 },
      mode: "step",
    },
    "test",
  );
  await settled(service, run);
  await settled(service, (await service.show(run)).children[0]?.run ?? "");
  const window = { from: 1, limit: 300 };
  const before = await service.plans.explain(run, window);
  expect(before.total.step).toBe(1);
  const child = before.goals.find(({ kind }) => kind === "child");
  expect(child?.text).toBe("look at the town's clubs");
  expect(before.goals.some(({ parent }) => parent === child?.id)).toBe(true);
  await service.resume(run, "test");
  await vi.waitFor(async () => expect((await service.show(run)).steps).toBe(2), { timeout: 30_000 });
  expect((await service.plans.explain(run, window)).total.step).toBe(2);
}, 60_000);

test("what cannot be read is an error of the question, and the next question is answered", async () => {
  const plans = new Plans(async (run) => {
    if (run === "gone") throw new Error("no such run");
    return { events: [], about: { seeds: { names: [], usernames: [], sites: [] }, proven: [], priorJudgments: [] } };
  });
  const window = { from: 1, limit: 10 };
  await expect(plans.explain("gone", window)).rejects.toThrow("no such run");
  await expect(plans.explain("empty", window)).rejects.toThrow("does not begin with run.started");
  await expect(plans.explain("empty", window)).rejects.toThrow("does not begin with run.started");
  await plans.close();
});
