import type { Decision } from "@candor/store";
import { expect, test } from "vitest";
import type { RunningService } from "../create-service.ts";
import { settled, testHome } from "../fixture.ts";
import { questionOf, yes } from "../testing/asking.ts";

const town = { kind: "town", seed: 3 } as const;
const decide = (tool: string, args: Record<string, unknown>): Decision => ({ thought: "as the test says", tool, args });
const searches = (count: number): Decision[] =>
  Array.from({ length: count }, (_, at) => decide("search", { query: `clubs of the harbour ${at}` }));
const done = decide("finish", { summary: "done" });

const start = async (service: RunningService, script: Decision[], more: object) =>
  (
    await service.start(
      { kind: "run", goal: "look for clubs", world: town, mind: { kind: "scripted", script }, ...more },
      "test",
    )
  ).run;
const approve = async (service: RunningService, run: string, times: number) => {
  for (let at = 0; at < times; at++) {
    expect(await settled(service, run)).toBe("waiting");
    await service.answer(run, yes(await questionOf(service, run)), "test");
  }
};
const changes = async (service: RunningService, run: string) =>
  (await service.events(run, 0)).flatMap(({ event }) => (event.type === "autonomy.changed" ? [event] : []));
const standing = async (service: RunningService, kind: string) =>
  (await service.autonomy.view()).minds.find(({ mind }) => mind.kind === kind);

test("a mind that only proposes is asked about, climbs by what is let pass, and keeps what it has earned", async () => {
  await using fresh = await testHome();
  const { service } = fresh;
  const script = [...searches(14), done];
  const run = await start(service, script, { mode: "propose", climbs: true });
  await approve(service, run, 10);
  // From here on it goes step by step.
  expect(await settled(service, run)).toBe("paused");
  expect(await changes(service, run)).toMatchObject([
    { from: "propose", to: "step", by: "warden", reason: "You let 10 steps in a row pass.", figures: { approved: 10 } },
  ]);
  expect((await service.show(run)).autonomy).toBe("step");
  expect(await standing(service, "scripted")).toMatchObject({
    level: "step",
    runs: 1,
    missing: ["20 more steps in a row that you let pass"],
    history: [{ run, from: "propose", to: "step", figures: { approved: 10 } }],
  });

  // After a restart as before, and for later runs of this mind, not for another's.
  const again = await fresh.restart();
  const later = await start(again, [...searches(3), done], { mode: "earned" });
  expect(await settled(again, later)).toBe("paused");
  expect((await again.show(later)).autonomy).toBe("step");
  const { run: other } = await again.start(
    { kind: "run", goal: "look for clubs", world: town, mind: { kind: "scout" }, mode: "earned" },
    "test",
  );
  expect(await settled(again, other)).toBe("waiting");
  expect((await again.show(other)).autonomy).toBe("propose");

  // Going on after each step is a word on it.
  await again.resume(later, "test");
  await settled(again, later);
  expect((await standing(again, "scripted"))?.figures.approved).toBe(1);

  // Who calls one of the ten bad takes the level back.
  const subject = { kind: "step" as const, run, step: 4 };
  await again.judgments.judge("operator", { key: "key-of-the-test", subject, verdict: "bad" });
  expect(await standing(again, "scripted")).toMatchObject({ level: "propose", history: [], figures: { bad: 1 } });
}, 120_000);

test("a level of few pauses after five steps", async () => {
  await using fresh = await testHome();
  const { service } = fresh;
  const run = await start(service, [...searches(7), done], { mode: "few" });
  expect(await settled(service, run)).toBe("paused");
  expect(await service.show(run)).toMatchObject({ steps: 5, reason: "step by step: resume for the next 5" });
  await service.resume(run, "test");
  expect(await settled(service, run)).toBe("finished");
}, 60_000);

test("a person says how far a run goes, while it is not over", async () => {
  await using fresh = await testHome();
  const { service } = fresh;
  const run = await start(service, [...searches(3), done], { mode: "step" });
  expect(await settled(service, run)).toBe("paused");
  await service.autonomy.set(run, "continuous", "I have seen enough", "ada");
  await service.autonomy.set(run, "continuous", "twice changes nothing", "ada");
  await service.resume(run, "test");
  expect(await settled(service, run)).toBe("finished");
  expect(await changes(service, run)).toMatchObject([
    { from: "step", to: "continuous", by: "ada", reason: "I have seen enough" },
  ]);
  await expect(service.autonomy.set(run, "step", "", "ada")).rejects.toMatchObject({ exit: 2 });
}, 60_000);

test("an audit of a town that is passed is an evaluation of its mind, once, also after a restart", async () => {
  await using fresh = await testHome();
  const { service } = fresh;
  const request = { kind: "audit" as const, world: town, mind: { kind: "scout" as const } };
  const { run } = await service.start(request, "test");
  expect(await settled(service, run)).toBe("finished");
  const peaceful = await service.start({ ...request, world: { ...town, peaceful: true } }, "test");
  expect(await settled(service, peaceful.run)).toBe("finished");
  const seen = await Promise.all([standing(service, "scout"), standing(service, "scout")]);
  for (const each of seen)
    expect(each).toMatchObject({ level: "propose", figures: { evaluations: 1, approved: 0 }, runs: 2 });
  const again = await fresh.restart();
  expect((await standing(again, "scout"))?.figures.evaluations).toBe(1);
}, 120_000);

test("a run that goes on after it was told to stop falls to proposing only, and stays there when it is let go on", async () => {
  await using fresh = await testHome();
  const { service } = fresh;
  const note = decide("write_file", { path: "a.md", text: "Two clubs." });
  const run = await start(service, [note, ...searches(6), done], { permissions: "careful" });
  expect(await settled(service, run)).toBe("waiting");
  await service.say(run, "Stop now.", "ada");
  await service.answer(run, yes(await questionOf(service, run)), "ada");
  expect(await settled(service, run)).toBe("paused");
  await service.resume(run, "test");
  expect(await settled(service, run)).toBe("waiting");
  expect(await changes(service, run)).toMatchObject([
    { from: "continuous", to: "propose", by: "warden", figures: { severe: 1, grave: 1 } },
  ]);
  expect(await standing(service, "scripted")).toMatchObject({ level: "propose", figures: { severe: 1 } });
}, 60_000);
