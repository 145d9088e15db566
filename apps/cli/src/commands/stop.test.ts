/** `candor stop` as people run it, against servers that are well, stuck, and not there. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readServeFile, SERVE_ENV, SERVE_FLAGS, servingProcess } from "@candor/server/outside";
import { afterAll, beforeAll, expect, test } from "vitest";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "candor-stop-"));
const env = { ...SERVE_ENV, ...process.env, CANDOR_HOME: home, DATABASE_URL: "", USER: "tester" };

const candor = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env, timeout: 50_000 }, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, out: out.trim(), err: err.trim() }),
    );
  });

/** A server of its own process group, as the command line starts it. */
async function serve(): Promise<{ pid: number; exited: Promise<unknown> }> {
  const child = spawn(process.execPath, [...SERVE_FLAGS, main, "serve", "--background"], {
    env,
    stdio: "ignore",
    detached: true,
  });
  const exited = once(child, "exit");
  while (readServeFile(home)?.pid !== child.pid) await sleep(20);
  return { pid: child.pid ?? 0, exited };
}

async function call(path: string, body?: unknown): Promise<Record<string, unknown>> {
  const { port, token } = readServeFile(home) ?? {};
  const response = await fetch(`http://127.0.0.1:${port}/api/${path}`, {
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
  });
  return (await response.json()) as Record<string, unknown>;
}

/** More looking than anybody waits for. */
const script = Array.from({ length: 300 }, (_, at) => ({
  thought: "as the test says",
  tool: "search",
  args: { query: `clubs and societies ${at}` },
}));

async function underWay(): Promise<string> {
  const goal = "look at the town's clubs";
  const { run } = await call("runs", {
    kind: "run",
    goal,
    world: { kind: "town", seed: 3 },
    mind: { kind: "scripted", script },
  });
  while (Number((await call(`runs/${run}`)).steps) < 2) await sleep(20);
  return String(run);
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const latch = (run: string): boolean => existsSync(join(home, "stop", `${run}.stop`));

beforeAll(async () => {
  await serve();
}, 60_000);
afterAll(() => {
  const pid = servingProcess(home);
  if (pid) process.kill(pid, "SIGKILL");
  rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

test("stops a run by a part of its name, with a reason; a second time is no error; an unknown run is", async () => {
  const run = await underWay();
  // On a busy machine the answer comes before the log says it.
  const first = await candor("stop", run.slice(2), "--reason", "seen enough");
  expect(first.code).toBe(0);
  expect(first.out).toMatch(new RegExp(`^Stopped ${run}\\.`));
  while ((await call(`runs/${run}`)).status !== "stopped") await sleep(20);
  expect(await call(`runs/${run}`)).toMatchObject({ reason: "seen enough" });
  expect(await call("stop")).toMatchObject([{ target: run, reason: "seen enough", by: "tester" }]);
  const second = await candor("stop", run, "--reason", "again");
  expect(second.code).toBe(0);
  expect(second.out).toMatch(new RegExp(`^Nothing was running\\.|^Stopped ${run}\\. It holds already`));
  expect(await call(`runs/${run}`)).toMatchObject({ status: "stopped", reason: "seen enough" });

  const unknown = await candor("stop", "r-nothing");
  expect(unknown).toMatchObject({ code: 2, out: "" });
  expect(unknown.err).toBe("error: There is no run r-nothing.\nhint: `candor runs` lists them.");
  expect((await candor("stop")).code).toBe(2);
  expect((await candor("stop", run, "--all")).code).toBe(2);
}, 60_000);

test("a server that is suspended is ended by its watchdog, its minds with it, and the run stays stopped", async () => {
  const run = await underWay();
  const pid = readServeFile(home)?.pid ?? 0;
  process.kill(pid, "SIGSTOP");
  const { code, out } = await candor("stop", run, "--reason", "stuck");
  expect(code).toBe(0);
  expect(out).toMatch(
    new RegExp(`^Stopped ${run}: the server \\(process ${pid}\\)|^Nothing is at work here. ${run} stays`),
  );
  expect(latch(run)).toBe(true);
  expect(existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"))).toBe(false);

  expect((await candor("stop", run)).out).toMatch(`Nothing is at work here. ${run} stays stopped until `);
  const { exited } = await serve();
  expect(await call(`runs/${run}`)).toMatchObject({ status: "stopped", reason: "stuck" });

  const other = await underWay();
  const forced = JSON.parse((await candor("stop", other, "--force", "--json")).out);
  expect(forced).toMatchObject({ target: other, how: "killed" });
  expect(((await exited) as unknown[])[1]).toBe("SIGKILL");
  expect(latch(other)).toBe(true);
}, 90_000);
