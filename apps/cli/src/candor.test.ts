/** The command as people run it: a process, its output, its exit code. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "candor-cli-"));

interface Ended {
  code: number;
  out: string;
  err: string;
}

function candor(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [main, ...args],
      { env: { ...process.env, CANDOR_HOME: home, ...env }, timeout: 50_000 },
      (error, out, err) => resolve({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, out, err }),
    );
  });
}

let run = "";
beforeAll(async () => {
  const { code, out, err } = await candor(["audit", "--town-seed", "2", "--json"]);
  expect(err).toBe("");
  expect(code).toBe(0);
  run = JSON.parse(out).run.run;
}, 60_000);

afterAll(() => {
  const { pid } = JSON.parse(readFileSync(join(home, "serve.json"), "utf8")) as { pid: number };
  process.kill(pid, "SIGTERM");
  rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

test("an audit answers as one JSON document and leaves a report that stands alone", async () => {
  const { out, code } = await candor(["show", run, "--json"]);
  expect(code).toBe(0);
  const shown = JSON.parse(out);
  expect(shown.status).toBe("finished");
  expect(shown.events[0].event.type).toBe("run.started");
  const html = readFileSync(join(home, "reports", `${run}.html`), "utf8");
  expect(html).not.toMatch(/<(?:script|link|img)[^>]+(?:src|href)="https?:/);
});

test("runs can be listed, verified, scored, reported and erased", async () => {
  expect((await candor(["runs"])).out).toContain(run);
  expect(await candor(["verify", run])).toMatchObject({ code: 0, out: expect.stringContaining("whole") });
  expect(JSON.parse((await candor(["score", run, "--json"])).out).f1).toBeGreaterThan(0.8);
  expect((await candor(["report", run, "--format", "md"])).out).toMatch(/^# /);
  expect((await candor(["fork", run, "--step", "2", "--budget", "steps=3", "--json"])).code).toBe(0);
  expect((await candor(["erase", run])).code).toBe(0);
  expect((await candor(["show", run])).code).not.toBe(0);
  expect(existsSync(join(home, "reports", `${run}.html`))).toBe(false);
  expect(await candor(["verify", run])).toMatchObject({ code: 0 });
}, 60_000);

test("a question waits as long as --expire-after says, and says until when", async () => {
  const permissions = join(home, "ask.json");
  writeFileSync(permissions, JSON.stringify({ name: "ask", rules: [{ outcome: "ask", tool: "search" }] }));
  const asked = ["run", "find chess clubs", "--permissions", permissions, "--expire-after", "2d", "--json"];
  const { run } = JSON.parse((await candor(asked)).out);
  const { question, events } = JSON.parse((await candor(["show", run, "--json"])).out);
  const asking = events.findLast(({ event }: { event: { type: string } }) => event.type === "step.judged");
  expect(question.expiresAt).toBe(asking.event.expiresAt);
  expect(Math.round((question.expiresAt - asking.at) / 3_600_000)).toBe(48);
}, 60_000);

test("colour goes only where it is wanted", async () => {
  const colour = "\u001b[";
  expect((await candor(["doctor"], { NO_COLOR: "1", FORCE_COLOR: undefined })).out).not.toContain(colour);
  expect((await candor(["doctor"], { FORCE_COLOR: "1", NO_COLOR: undefined })).out).toContain(colour);
});

test.each([
  [["nope"], 2, "unknown command"],
  [["audit", "--world", "moon"], 2, 'no world "moon"'],
  [["audit", "--world", "web"], 2, "none of your accounts is proven"],
  [["audit", "--budget", "0"], 2, "at least 1"],
  [["run", "look around", "--expire-after", "2"], 2, "not a duration"],
  [["audit", "--town-seed", "x"], 2, "whole number"],
  [["audit", "--spec", "/nonexistent.json"], 2, "no town spec"],
  [["audit", "--mind", "llm"], 2, "needs a model"],
  [["audit", "--mind", "llm", "--model", "anthropic:x"], 2, "No key"],
  [["audit", "--permissions", "/nonexistent.yaml"], 2, "no permissions file"],
  [["run", "find Jane Roe's phone number", "--world", "web"], 2, "nobody but its operator"],
  [["run", "look around", "--tools", "search,nonsense"], 2, "no tool nonsense"],
  [["show", "r-nope"], 2, "no run"],
  [["resume", "r-nope"], 2, "no run"],
  [["stop"], 2, "stop which run"],
  [["me", "set", "--file", "/nonexistent.json"], 2, "no file"],
  [["me", "verify", "fax"], 2, "cannot be verified"],
  [["completion", "tcsh"], 2, "no completion"],
])("%j is one clear line and exit code %i", async (args, code, said) => {
  const ended = await candor(args, { ANTHROPIC_API_KEY: undefined, NO_COLOR: "1", FORCE_COLOR: undefined });
  expect(ended.err).toContain(said);
  expect(ended.code).toBe(code);
  expect(ended.err).not.toMatch(/\n {4}at /);
  expect(ended.out).toBe("");
});

test("a phone number that does not parse is told without telling the number, and nothing is saved", async () => {
  const ended = await new Promise<Ended>((resolve) => {
    const child = execFile(
      process.execPath,
      [main, "me", "set", "--file", "-"],
      { env: { ...process.env, CANDOR_HOME: home } },
      (error, out, err) => resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err }),
    );
    child.stdin?.end(JSON.stringify({ seeds: { names: ["Ada Quill"] }, sealed: { phones: ["+44 12 345"] } }));
  });
  expect(ended).toMatchObject({ code: 2 });
  expect(ended.err).toContain("not a valid number");
  expect(ended.err).not.toContain("12 345");
  expect((await candor(["me", "--json"])).out.trim()).toBe("null");
});
