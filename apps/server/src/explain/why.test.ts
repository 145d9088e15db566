import { expect, test } from "vitest";
import { getting, settled, testHome } from "../fixture.ts";
import { StepWhy } from "./why-schema.ts";

test("a step of the small mind is explained over the API, and none of another mind's", async () => {
  await using fresh = await testHome();
  const { service } = fresh;
  const get = getting(service);
  const begin = async (kind: "small" | "scout", steps: number): Promise<string> => {
    const { run } = await service.start(
      { kind: "audit", world: { kind: "town", seed: 12 }, mind: { kind }, budget: { steps } },
      "test",
    );
    expect(await settled(service, run)).toBe("finished");
    return run;
  };
  const run = await begin("small", 16);
  const taken = (await service.events(run, 0)).flatMap(({ event }) => (event.type === "step.proposed" ? [event] : []));
  const opened = taken.find(({ decision }) => decision.tool === "open");
  const { status, body } = await get(`/api/runs/${run}/steps/${opened?.step}/why`);
  expect(status).toBe(200);
  const told = StepWhy.parse(body);
  expect(told).toMatchObject({ run, step: opened?.step, thought: opened?.decision.thought, isLikeliest: true });
  expect(told.chosen.args).toEqual(opened?.decision.args);
  expect(told.chosen.chance).toBeGreaterThanOrEqual(told.others[0]?.chance ?? 0);
  expect(told.parting?.chosenMeans).not.toBe("");
  expect(told.parts.some(({ option }) => option?.tool === "open")).toBe(true);
  // What the words mean is all that is said of them: nothing that a page said.
  expect(told.parts.flatMap(({ words }) => words).every(({ means }) => !/https?:|@/.test(means))).toBe(true);

  expect(await get(`/api/runs/${run}/steps/999/why`)).toMatchObject({
    status: 400,
    body: { exit: 2, error: expect.stringContaining("has no step 999") },
  });
  const other = await begin("scout", 4);
  expect(await get(`/api/runs/${other}/steps/1/why`)).toMatchObject({
    status: 400,
    body: { exit: 2, error: expect.stringContaining("was decided by scout") },
  });
}, 60_000);
