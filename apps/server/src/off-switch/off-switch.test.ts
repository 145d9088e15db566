import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Decision } from "@candor/store";
import { expect, test } from "vitest";
import type { RunningService } from "../create-service.ts";
import { toFailure } from "../failure.ts";
import { settled, testHome } from "../fixture.ts";
import { readServeFile } from "../serve-file.ts";

const town = { kind: "town", seed: 3 } as const;
const decide = (tool: string, args: Record<string, unknown>): Decision => ({ thought: "as the test says", tool, args });
/** More looking than anybody waits for. */
const script = Array.from({ length: 90 }, (_, at) => decide("search", { query: `clubs and societies ${at}` }));
const long = {
  kind: "run",
  goal: "look at the town's clubs",
  world: town,
  mind: { kind: "scripted", script },
} as const;

async function underWay(service: RunningService): Promise<string> {
  const { run } = await service.start(long, "test");
  while ((await service.show(run)).steps < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  return run;
}

const stops = async (service: RunningService, run: string) =>
  (await service.events(run, 0)).flatMap(({ event }) => (event.type === "run.stopped" ? [event.reason] : []));

test("a STOP file stops every run, children too, and lets none start or go on until it is gone", async () => {
  await using fresh = await testHome();
  const { service, home } = fresh;
  const stop = join(home, "STOP");
  const parent = decide("spawn", { goal: "look at the shops", steps: 40 });
  const { run: family } = await service.start(
    { ...long, mind: { kind: "scripted", script: [parent, ...script] }, budget: { steps: 90 } },
    "test",
  );
  const run = await underWay(service);
  writeFileSync(stop, "");
  for (const each of [run, family]) {
    expect(await settled(service, each)).toBe("stopped");
    expect(await stops(service, each)).toEqual(["STOP file"]);
  }
  for (const row of await service.list()) expect(["stopped", "finished"], row.run).toContain(row.status);

  for (const attempt of [
    () => service.start(long, "test"),
    () => service.resume(run, "test"),
    () => service.fork(run, { step: 1 }, "test"),
  ]) {
    const failure = toFailure(await attempt().catch((error: unknown) => error));
    expect(failure).toMatchObject({ exit: 1, hint: `Remove the file first: rm ${stop}` });
    expect(failure.message).toBe(`the off switch is on: while ${stop} exists, no run starts or resumes`);
  }

  rmSync(stop);
  await service.resume(run, "test");
  await service.stop(run, "enough", "test");
  expect(await stops(service, run)).toEqual(["STOP file", "enough"]);
});

test("a STOP file put there while Candor was down stops what would have gone on", async () => {
  await using fresh = await testHome();
  const run = await underWay(fresh.service);
  await fresh.service.close();
  writeFileSync(join(fresh.home, "STOP"), "");
  const service = await fresh.restart();
  const steps = (await service.show(run)).steps;
  expect(await stops(service, run)).toEqual(["STOP file"]);
  expect((await service.show(run)).steps).toBe(steps);
});

test("SIGUSR2 to the serving process stops every run, and the process stays up", async () => {
  const home = mkdtempSync(join(tmpdir(), "candor-signal-"));
  const file = JSON.stringify(new URL("../serve.ts", import.meta.url).href);
  const code = `import(${file}).then(({ serve }) => serve({ home: ${JSON.stringify(home)} }));`;
  const child = spawn(process.execPath, ["-e", code], { stdio: "ignore" });
  try {
    const api = async (path: string, body?: unknown) => {
      const { port, token } = readServeFile(home) ?? {};
      const response = await fetch(`http://127.0.0.1:${port}/api/${path}`, {
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
      });
      return (await response.json()) as Record<string, unknown>;
    };
    const until = async (check: () => boolean | Promise<boolean>) => {
      while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await until(() => existsSync(join(home, "serve.json")));
    const { run } = await api("runs", long);
    await until(async () => Number((await api(`runs/${run}`)).steps) >= 2);
    child.kill("SIGUSR2");
    await until(async () => (await api(`runs/${run}`)).status === "stopped");
    expect(await api("health")).toMatchObject({ ok: true });
  } finally {
    child.kill("SIGKILL");
    rmSync(home, { recursive: true, force: true });
  }
});
