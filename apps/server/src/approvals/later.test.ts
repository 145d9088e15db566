/** What outlives a server: permissions that were given for good, and questions whose time runs out. */
import { expect, test } from "vitest";
import type { RunningService } from "../create-service.ts";
import { settled, testHome } from "../fixture.ts";
import { answers, asks, failureOf, start, write, yes } from "../testing/asking.ts";

test("what is allowed for good is in the permissions of later runs, until it is taken back, also from those at work", async () => {
  await using fresh = await testHome();
  const question = await asks(fresh.service, [write("a.txt")]);
  await fresh.service.answer(question.run, yes(question, { scope: "always" }), "ada");
  const service = await fresh.restart();
  const [standing] = await service.approvals.standing.list();
  expect(standing).toMatchObject({
    sentence: "use write_file without asking",
    by: "ada",
    run: question.run,
    step: 1,
  });

  const { run: free } = await start(service, [write("b.txt")]);
  expect(await settled(service, free)).toBe("finished");
  const [first] = await service.events(free, 0, 1);
  expect(JSON.stringify(first)).toContain(`"standing":${standing?.id}`);

  const { run: resting } = await start(service, [write("c.txt"), write("d.txt")], { mode: "step" });
  expect(await settled(service, resting)).toBe("paused");
  await service.approvals.standing.revoke(standing?.id ?? 0, "ada");
  expect(await service.approvals.standing.list()).toEqual([]);
  await service.resume(resting, "test");
  expect(await settled(service, resting)).toBe("waiting");
  await asks(service, [write("e.txt")]);
  expect(await failureOf(service.approvals.standing.revoke(99, "ada"))).toMatchObject({
    exit: 2,
    message: "there is no standing permission 99",
  });
});

test("time makes a no of a question, also when nobody was there as it ran out, once and for good", async () => {
  await using fresh = await testHome({ sweepMs: 50 });
  const question = await asks(fresh.service, [write("a.txt")], { expireAfter: 1 });
  await fresh.service.close();
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const service = await fresh.restart();
  expect(await settledFor(service, question.run, "finished")).toBe("finished");
  expect(await answers(service, question.run)).toEqual(["expire"]);
  const failure = await failureOf(service.answer(question.run, yes(question), "test"));
  expect(failure).toMatchObject({ exit: 2, message: expect.stringContaining("expired") });
});

async function settledFor(service: RunningService, run: string, status: string): Promise<string> {
  for (let left = 200; left > 0; left--) {
    const now = await service.show(run);
    if (now.status === status) return status;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return (await service.show(run)).status;
}
