import type { Decision } from "@candor/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../api/app.ts";
import type { RunningService } from "../create-service.ts";
import { settled, type TestHome, testHome } from "../fixture.ts";
import { questionOf, yes } from "../testing/asking.ts";

const town = { kind: "town", seed: 3 } as const;
const decide = (tool: string, args: Record<string, unknown>): Decision => ({ thought: "as the test says", tool, args });

let shared: TestHome;
let service: RunningService;
/** A finished audit. */
let audit = "";
beforeAll(async () => {
  shared = await testHome();
  service = shared.service;
  audit = (await service.start({ kind: "audit", world: town, mind: { kind: "scout" } }, "test")).run;
  expect(await settled(service, audit)).toBe("finished");
}, 90_000);
afterAll(() => shared[Symbol.asyncDispose](), 60_000);

const scripted = async (script: Decision[], permissions: unknown): Promise<string> => {
  const { run } = await service.start(
    { kind: "run", goal: "look at some pages", world: town, mind: { kind: "scripted", script }, permissions },
    "test",
  );
  return run;
};
const verdicts = async (run: string) =>
  (await service.events(run, 0)).flatMap(({ event }) => (event.type === "step.judged" ? [event.verdict] : []));

/** A search of the audit, a page that it found, and a few words of that page. */
async function foundPage(): Promise<{ search: Decision; page: string; words: string }> {
  const events = (await service.events(audit, 0)).map(({ event }) => event);
  for (const event of events) {
    if (event.type !== "step.done" || event.tool !== "open") continue;
    const { url = "", text } = event.observation;
    const line = text.split("\n").find((each) => /^(?:[a-z]+ ){5}/i.test(each));
    const found = events.find(
      (each) =>
        each.type === "step.done" &&
        each.tool === "search" &&
        each.observation.leads.some(({ value }) => value === url),
    );
    if (!line || found?.type !== "step.done") continue;
    const search = events.find((each) => each.type === "step.proposed" && each.step === found.step);
    if (search?.type === "step.proposed")
      return { search: search.decision, page: url, words: line.split(" ").slice(0, 5).join(" ") };
  }
  throw new Error("the audit opened no page that a search found");
}

describe("the simulator", () => {
  test("says of a run's own permissions exactly what was said", async () => {
    const { steps, totals, divergesAt, was, would } = await service.permissions.test({ run: audit });
    expect(steps.length).toBeGreaterThan(50);
    expect(steps.map((step) => step.would)).toEqual(await verdicts(audit));
    expect(totals.changed).toBe(0);
    // Nothing that an honest audit does is held back.
    expect(totals.was).toMatchObject({ ask: 0, deny: 0 });
    expect(divergesAt).toBeUndefined();
    expect([was, would]).toEqual(["normal", "normal"]);
  });

  test("says beforehand what the guard then says, labels of text included", async () => {
    const { search, page, words } = await foundPage();
    const script = [
      search,
      decide("open", { url: page }),
      decide("search", { query: words }),
      decide("search", { query: "something that no page says" }),
      decide("finish", { summary: "done" }),
    ];
    const permissions = {
      name: "no pages in queries",
      default: "ask",
      rules: [
        { outcome: "allow", effect: "read" },
        { outcome: "deny", tool: "search", label: "host:*", reason: "Queries are the mind's own." },
      ],
    };
    const before = await scripted(script, { name: "open", default: "ask", rules: [{ outcome: "allow" }] });
    expect(await settled(service, before)).toBe("finished");
    const simulation = await service.permissions.test({ run: before, permissions });
    const after = await scripted(script, permissions);
    expect(await settled(service, after)).toBe("finished");
    expect(simulation.steps.map(({ would }) => would)).toEqual(await verdicts(after));
    expect(simulation.steps.map(({ was, would }) => `${was.outcome} ${would.outcome}`)).toEqual([
      "allow allow",
      "allow allow",
      "allow deny",
      "allow allow",
      "allow allow",
    ]);
    expect(simulation).toMatchObject({ divergesAt: 3, totals: { changed: 1, steps: 5 } });
    expect(simulation.steps[2]?.rule).toMatchObject({ text: "deny search with what is host:*" });
    expect(simulation.steps.map(({ hypothetical }) => hypothetical)).toEqual([false, false, false, true, true]);
  });

  test("takes a question that was answered yes for a step that went its way", async () => {
    const run = await scripted(
      [decide("write_file", { path: "a.md", text: "Two clubs." }), decide("finish", { summary: "done" })],
      "watch",
    );
    expect(await settled(service, run)).toBe("waiting");
    await service.answer(run, yes(await questionOf(service, run)), "test");
    expect(await settled(service, run)).toBe("finished");
    const laxer = await service.permissions.test({ run, permissions: "normal" });
    expect(laxer.steps[0]).toMatchObject({ was: { outcome: "ask" }, answer: "approve", would: { outcome: "allow" } });
    expect(laxer.divergesAt).toBeUndefined();
    const same = await service.permissions.test({ run, permissions: "watch" });
    expect(same).toMatchObject({ totals: { changed: 0 } });
    expect(same).not.toHaveProperty("divergesAt");
    const stricter = await service.permissions.test({ run, permissions: "default: deny", name: "mine.yaml" });
    expect(stricter).toMatchObject({ would: "mine.yaml", divergesAt: 1, totals: { would: { deny: 2 } } });
  });

  test("judges arguments that a person changed as well", async () => {
    const run = await scripted(
      [decide("write_file", { path: "a.md", text: "Two clubs." }), decide("finish", { summary: "done" })],
      "watch",
    );
    await settled(service, run);
    const question = await questionOf(service, run);
    const { step, argsHash } = question;
    const args = { path: "b.md", text: "Three clubs." };
    await service.answer(run, { answer: "modify", args, message: "", step, argsHash }, "test");
    expect(await settled(service, run)).toBe("finished");
    const { steps } = await service.permissions.test({
      run,
      permissions: { name: "x", rules: [{ outcome: "allow", tool: "write_file", argument: { path: "^b" } }] },
    });
    expect(steps.map(({ step, decision, would }) => [step, decision.args.path, would.outcome])).toEqual([
      [1, "a.md", "ask"],
      [1, "b.md", "allow"],
      [2, undefined, "ask"],
    ]);
  });

  test("leaves a tool that the run did not have as it was", async () => {
    const run = await scripted([decide("teleport", { to: "Mars" }), decide("finish", { summary: "done" })], "normal");
    await settled(service, run);
    const open = { name: "open", rules: [{ outcome: "allow" }] };
    const { steps } = await service.permissions.test({ run, permissions: open });
    expect(steps[0]).toMatchObject({ changed: false, would: { rule: "unknown tool", outcome: "deny" } });
  });
});

describe("over the API", () => {
  const ask = async (path: string, body?: object) => {
    const response = await createApp(service, { token: "token", cookie: "c" }).request(`http://127.0.0.1${path}`, {
      method: body ? "POST" : "GET",
      headers: { host: "127.0.0.1:1", authorization: "Bearer token", "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  test("presets can be read, and each is right as a file", async () => {
    const { body } = await ask("/api/permissions/presets");
    const presets = body as unknown as { name: string; text: string; permissions: object }[];
    expect(presets.map(({ name }) => name)).toEqual(["watch", "careful", "normal"]);
    for (const { text, permissions } of presets)
      expect((await ask("/api/permissions/check", { permissions: text })).body).toEqual({ permissions, problems: [] });
  });

  test("a check says all that is wrong and where, and a test the first of it", async () => {
    const permissions = "rules:\n  - outcome: alow\n  - outcome: ask\n    hots: x\n";
    expect((await ask("/api/permissions/check", { permissions })).body).toMatchObject({
      problems: [
        { line: 2, column: 14, path: "rules[1].outcome", hint: "Did you mean allow?" },
        { line: 4, column: 5, path: "rules[2]" },
      ],
    });
    expect(await ask("/api/permissions/test", { run: audit, permissions, name: "mine.yaml" })).toMatchObject({
      status: 400,
      body: { exit: 2, error: expect.stringContaining("mine.yaml:2:14: ") },
    });
    expect(await ask("/api/permissions/test", { run: "r-nope", permissions: "watch" })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining("no run") },
    });
  });

  test("a run's own permissions are there in words", async () => {
    expect((await ask(`/api/runs/${audit}/permissions`)).body).toMatchObject({
      run: audit,
      autonomy: "continuous",
      climbs: false,
      rules: expect.arrayContaining(["ask any contact"]),
    });
  });
});
