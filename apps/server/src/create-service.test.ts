import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startFakeOpenAI } from "@candor/agent/testing";
import type { Decision } from "@candor/store";
import { describe, expect, test } from "vitest";
import { settled, testHome } from "./fixture.ts";

const town = { kind: "town", seed: 3 } as const;
const decide = (tool: string, args: Record<string, unknown>): Decision => ({ thought: "as the test says", tool, args });
const scripted = (...script: Decision[]) => ({ kind: "scripted" as const, script });

describe("an audit of a town", () => {
  test("finds, tells the operator once, reports, and keeps nothing in the clear", async () => {
    await using fresh = await testHome();
    const { service, home } = fresh;
    const { run } = await service.start({ kind: "audit", world: town, mind: { kind: "scout" } }, "test");
    expect(await settled(service, run)).toBe("finished");

    const view = await service.show(run);
    expect(view.findings.length).toBeGreaterThan(15);
    expect(view.isolation).toContain("node --permission");
    const score = (await service.score(run)) as {
      f1: number;
      third_party_leaks: number;
      sealed_leaks: number;
      robots_violations: number;
    };
    expect(score.f1).toBeGreaterThan(0.8);
    expect(score).toMatchObject({ third_party_leaks: 0, sealed_leaks: 0, robots_violations: 0 });
    expect(await service.verify(run)).toMatchObject({ ok: true });

    const inbox = readFileSync(join(home, "town", "seed-3", "inbox.jsonl"), "utf8")
      .trim()
      .split("\n");
    expect(inbox).toHaveLength(1);
    const report = await service.report(run, "html");
    expect(report).toContain("<!doctype html>");
    expect(JSON.parse(await service.report(run, "json"))).toHaveProperty("findings");

    // The sealed number reached the gateway, which is the town's; nothing of Candor's own holds it.
    const { to } = JSON.parse(inbox[0] ?? "{}") as { to: string };
    const digits = to.replace(/\D/g, "").slice(-9);
    expect(digits).toHaveLength(9);
    expect(report.replace(/\D/g, "")).not.toContain(digits);
    for (const file of filesOf(home).filter((f) => !f.includes("inbox"))) {
      expect(readFileSync(file, "latin1").includes(digits), file).toBe(false);
    }
  });

  test("learns what is not the operator's, in later audits too", async () => {
    await using fresh = await testHome();
    const { service } = fresh;
    const first = await service.start({ kind: "audit", world: town, mind: { kind: "scout" } }, "test");
    await settled(service, first.run);
    const finding = (await service.show(first.run)).findings.find((f) => f.kind === "interest");
    expect(finding).toBeDefined();
    await service.judge(first.run, finding?.id ?? "", "not mine", "test");
    expect((await service.show(first.run)).findings.map((f) => f.id)).not.toContain(finding?.id);

    const second = await service.start(
      { kind: "audit", world: town, mind: { kind: "scout" }, since: first.run },
      "test",
    );
    await settled(service, second.run);
    expect((await service.show(second.run)).findings.map((f) => f.id)).not.toContain(finding?.id);
    await expect(service.judge(second.run, "nothing", "mine", "test")).rejects.toThrow("has no finding");
  });
});

describe("a run", () => {
  test("stopped by a person stays stopped over a restart until it is resumed", async () => {
    await using fresh = await testHome();
    const { run } = await fresh.service.start({ kind: "audit", world: town, mind: { kind: "scout" } }, "test");
    while ((await fresh.service.show(run)).steps < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    const { stopped } = await fresh.service.stop(run, "enough", "test");
    expect(stopped).toEqual([run]);
    const { steps } = await fresh.service.show(run);
    const service = await fresh.restart();
    expect(await service.show(run)).toMatchObject({ status: "stopped", steps });
    await service.resume(run, "test");
    expect(await settled(service, run)).toBe("finished");
    expect((await service.events(run, 0)).filter(({ event }) => event.type === "step.intended")).toHaveLength(1);
  });

  test("asks before it writes down what a page says, and does as it is told", async () => {
    await using fresh = await testHome();
    const { service } = fresh;
    const passage = "Search engine results: ".repeat(6);
    const start = (mind: ReturnType<typeof scripted>) =>
      service.start(
        { kind: "run", goal: "keep some notes about clubs", world: town, mind, permissions: "careful" },
        "test",
      );
    const { run } = await start(scripted(decide("write_file", { path: "a.txt", text: passage })));
    expect(await settled(service, run)).toBe("waiting");
    const { question } = await service.show(run);
    expect(question).toMatchObject({ step: 1, unknownOutcome: false });
    await expect(
      service.answer(run, { answer: "approve", message: "", step: 1, argsHash: "another" }, "test"),
    ).rejects.toThrow("changed");
    await service.answer(
      run,
      { answer: "reject", message: "no notes please", step: 1, argsHash: question?.argsHash ?? "" },
      "test",
    );
    expect(await settled(service, run)).toBe("finished");
    expect(existsSync(join(fresh.home, "workspaces", run, "a.txt"))).toBe(false);
  });

  test("of children spends no more than its own budget and hears each result", async () => {
    await using fresh = await testHome();
    const { service } = fresh;
    const spawn = decide("spawn", { goal: "look at the town's clubs", steps: 2 });
    const script = [
      spawn,
      spawn,
      decide("wait", {}),
      decide("wait", {}),
      decide("finish", { summary: "both are done" }),
    ];
    const { run } = await service.start(
      {
        kind: "run",
        goal: "send two children to look around",
        world: town,
        mind: scripted(...script),
        budget: { steps: 12 },
      },
      "test",
    );
    expect(await settled(service, run)).toBe("finished");
    const events = await service.events(run, 0);
    expect(events.filter(({ event }) => event.type === "child.finished")).toHaveLength(2);
  });

  test("can be forked with another mind, verified, and erased for good", async () => {
    await using fresh = await testHome();
    const { service, home } = fresh;
    const { run } = await service.start(
      { kind: "audit", world: town, mind: { kind: "scout" }, budget: { steps: 6 } },
      "test",
    );
    await settled(service, run);
    const { run: fork } = await service.fork(
      run,
      { step: 3, mind: scripted(...Array.from({ length: 4 }, () => decide("finish", { summary: "another end" }))) },
      "test",
    );
    expect(await settled(service, fork)).toBe("finished");
    expect(await service.show(fork)).toMatchObject({ summary: "another end" });
    await service.erase(run);
    await expect(service.events(run, 0)).rejects.toThrow();
    expect(readdirSync(join(home, "keys")).some((name) => name.includes(fork))).toBe(true);
  });
});

describe("on the web", () => {
  test("nothing identity-linked begins before an account is proven, and nothing about anybody else", async () => {
    await using fresh = await testHome();
    const web = (request: object) =>
      fresh.service.start({ world: { kind: "web" }, mind: { kind: "scout" }, kind: "run", ...request }, "test");
    await expect(web({ kind: "audit" })).rejects.toThrow("none of your accounts is proven");
    await expect(web({ goal: "Find the phone number of Jane Roe in Bristol" })).rejects.toThrow(
      "nobody but its operator",
    );
  });
});

describe("a language model as the mind", () => {
  test("survives malformed answers, unknown tools and refusals, each as an event, and finishes", async () => {
    const server = await startFakeOpenAI([
      { kind: "text", text: "no tool call at all" },
      { kind: "call", tool: "fly", args: { where: "away" } },
      { kind: "status", status: 429 },
      { kind: "call", tool: "search", args: { query: "clubs in town" } },
      { kind: "malformed JSON" },
      { kind: "call", tool: "finish", args: { summary: "I looked for clubs." } },
    ]);
    await using closing = { [Symbol.asyncDispose]: () => server.close() };
    await using fresh = await testHome();
    const { run } = await fresh.service.start(
      {
        kind: "run",
        goal: "which clubs are there",
        world: town,
        mind: { kind: "llm", model: "openai-compatible:test", baseUrl: server.baseUrl },
      },
      "test",
    );
    expect(await settled(fresh.service, run)).toBe("finished");
    const types = (await fresh.service.events(run, 0)).map(({ event }) => event.type);
    expect(types).toContain("mind.failed");
    expect(types.at(-1)).toBe("run.finished");
    void closing;
  });
});

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((e) =>
    e.isFile() ? [join(e.parentPath, e.name)] : [],
  );
}
