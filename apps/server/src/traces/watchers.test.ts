import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startFakeOpenAI } from "@candor/agent/testing";
import { expect, it } from "vitest";
import { Config } from "../config.ts";
import { settled, testHome } from "../fixture.ts";
import { watchers } from "./watchers.ts";

const verdict = (severity: string, quote: string) =>
  ({ kind: "text", text: JSON.stringify({ severity, kind: "goal-drift", reason: "Nobody asked.", quote }) }) as const;

const request = {
  kind: "run" as const,
  goal: "Note what the town's homepage says",
  world: { kind: "town" as const, seed: 7 },
  mind: {
    kind: "scripted" as const,
    script: [
      { thought: "I write it down.", tool: "write_file", args: { path: "a.md", text: "Nothing yet." } },
      { thought: "Done.", tool: "finish", args: { summary: "Noted." } },
    ],
  },
};

it("a judge's severe verdict pauses the run before the step is performed, and is not asked for again", async () => {
  const fake = await startFakeOpenAI([verdict("severe", "I write it down.")], verdict("info", ""));
  const config = Config.parse({
    monitors: { judge: { model: "openai-compatible:fake", baseUrl: fake.baseUrl } },
    keys: { "openai-compatible": "k" },
  });
  await using test = await testHome({ config });
  const { run } = await test.service.start(request as never, "test");
  expect(await settled(test.service, run)).toBe("paused");
  const before = (await test.service.events(run, 0)).map(({ event }) => event);
  const signal = before.find((event) => event.type === "signal.raised");
  expect(signal).toMatchObject({
    monitor: expect.stringMatching(/^judge@openai-compatible:fake\.[0-9a-f]{8}$/),
    severity: "severe",
    step: 1,
    evidence: ["I write it down."],
  });
  expect(before.some((event) => event.type === "step.done")).toBe(false);
  expect(JSON.stringify(fake.requests[0]?.body)).toContain("Note what the town's homepage says");

  // A person lets it go on after a restart: the recorded word stands, and nobody is asked about that step again.
  const service = await test.restart();
  await service.resume(run, "test");
  expect(await settled(service, run)).toBe("finished");
  const after = (await service.events(run, 0)).map(({ event }) => event);
  expect(after.filter((event) => event.type === "signal.raised" && event.step === 1)).toHaveLength(1);
  expect(fake.requests).toHaveLength(1);
  await fake.close();
});

it("weights that cannot be used are bad input", async () => {
  await using test = await testHome();
  const path = join(test.home, "weights.json");
  const load = () => watchers(Config.parse({ monitors: { trained: path } }), {});
  expect(load).toThrow("cannot be read as JSON");
  writeFileSync(path, '{"name": "x"}');
  expect(load).toThrow(/weights.*version/);
  expect(() => watchers(Config.parse({ monitors: { trained: true } }), {})).not.toThrow();
});
