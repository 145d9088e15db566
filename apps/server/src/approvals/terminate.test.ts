import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { settled, testHome } from "../fixture.ts";
import { answers, decide, failureOf, questionOf, start, write, yes } from "../testing/asking.ts";

test("ending a run where it asks stops all below it by the off switch, and a restart wakes none of it", async () => {
  await using fresh = await testHome();
  // Every run of the family has this script: each starts a child, as deep as it may, and then asks.
  const { run } = await start(
    fresh.service,
    [decide("spawn", { goal: "keep more notes", steps: 20 }), write("a.txt")],
    {
      budget: { steps: 60 },
      permissions: {
        name: "test",
        rules: [
          { outcome: "allow", tool: ["spawn", "finish"] },
          { outcome: "ask", tool: "write_file" },
        ],
      },
    },
  );
  expect(await settled(fresh.service, run)).toBe("waiting");
  await expect.poll(async () => (await fresh.service.approvals.waiting()).length, { timeout: 20_000 }).toBe(4);
  const waiting = await fresh.service.approvals.waiting();
  const question = await questionOf(fresh.service, run);
  const end = { answer: "terminate", message: "", step: question.step, argsHash: question.argsHash } as const;

  expect((await failureOf(fresh.service.answer(run, { ...end, argsHash: "of another" }, "ada"))).exit).toBe(2);
  expect(fresh.service.stops()).toEqual([]);

  await fresh.service.answer(run, end, "ada");
  expect(existsSync(join(fresh.home, "stop", `${run}.stop`))).toBe(true);
  expect(await answers(fresh.service, run)).toEqual(["terminate"]);
  expect(fresh.service.stops()).toMatchObject([{ target: run, by: "ada" }]);

  await fresh.service.close();
  const service = await fresh.restart();
  expect(await service.approvals.waiting()).toEqual([]);
  expect(service.stops()).toMatchObject([{ target: run, by: "ada" }]);
  for (const each of waiting) {
    expect((await service.show(each.run)).status, each.run).toBe("stopped");
    expect((await failureOf(service.answer(each.run, yes(each), "test"))).exit).toBe(2);
    if (each.run !== run) expect((await failureOf(service.resume(each.run, "test"))).exit).toBe(2);
  }
}, 60_000);
