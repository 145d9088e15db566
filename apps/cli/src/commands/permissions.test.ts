/** `candor permissions` and `candor autonomy` as people run them. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "candor-permissions-"));
const env = { ...process.env, CANDOR_HOME: home, NO_COLOR: "1", FORCE_COLOR: undefined, COLUMNS: "120" };

const candor = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env, timeout: 60_000 }, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, out, err }),
    );
  });

const file = (name: string, text: string): string => {
  const path = join(home, name);
  writeFileSync(path, text);
  return path;
};

afterAll(() => {
  const serving = join(home, "serve.json");
  if (existsSync(serving)) process.kill((JSON.parse(readFileSync(serving, "utf8")) as { pid: number }).pid, "SIGTERM");
  rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

describe("a permissions file that is wrong is told with its line and column, in one line and a hint", () => {
  test.each([
    [
      ["permissions", "check"],
      "rules:\n  - outcome: alow\n",
      '2:14: rules[1].outcome is "alow"',
      "Did you mean allow?",
    ],
    [
      ["permissions", "check"],
      '{"rules": [\n  {"outcome": "ask", "tool": 7}\n]}',
      "2:30: rules[1].tool is 7",
      "format",
    ],
    [["audit", "--permissions"], "rules:\n  - outcome: deny\n    hots: x\n", '3:5: "hots" is no', "Did you mean host?"],
    [["run", "look around", "--permissions"], "rules: [", "1:9: it is neither YAML nor JSON", "Correct that line."],
    [["permissions", "test"], "default: allow", '1:10: default is "allow"', "format"],
  ])(
    "candor %j with %j",
    async (command, text, said, hint) => {
      const path = file("wrong.yaml", text);
      const { code, out, err } = await candor(...command, path, ...(command.includes("test") ? ["last"] : []));
      expect(err).toContain(`error: ${path}:${said}`);
      expect(err).toContain(hint);
      expect(err.trim().split("\n")).toHaveLength(2);
      expect({ code, out }).toEqual({ code: 2, out: "" });
    },
    60_000,
  );
});

test("a check lists everything that is wrong, a line each", async () => {
  const path = file("two.yaml", "name: mine\nrules:\n  - outcome: no\n  - outcome: ask\n    hots: x\n");
  const plain = await candor("permissions", "check", path);
  expect(plain.code).toBe(2);
  expect(plain.err.trim().split("\n")).toEqual([
    expect.stringContaining(`${path}:3:14: `),
    expect.stringContaining(`${path}:5:5: `),
  ]);
  const json = await candor("permissions", "check", path, "--json");
  expect(json.code).toBe(2);
  expect(JSON.parse(json.out)).toMatchObject({
    ok: false,
    problems: [
      { line: 3, column: 14 },
      { line: 5, column: 5 },
    ],
  });
}, 60_000);

test.each([
  [["permissions", "check", "/nonexistent.yaml"], "no permissions file"],
  [["permissions", "test", "/nonexistent.yaml", "last"], "no permissions file"],
  [["run", "look for clubs", "--autonomy", "wild"], 'no level "wild"'],
  [["autonomy", "set", "last", "wild"], 'no level "wild"'],
])(
  "%j is one clear line and exit code 2",
  async (args, said) => {
    const ended = await candor(...args);
    expect(ended).toMatchObject({ code: 2, out: "" });
    expect(ended.err).toContain(said);
  },
  60_000,
);

test("a right file is read back rule by rule, and tried on a past run", async () => {
  const path = file(
    "mine.yaml",
    "name: mine\nextends: normal\nrules:\n  - { outcome: deny, tool: open, host: '*.example', reason: No pages. }\n",
  );
  const checked = await candor("permissions", "check", path);
  expect(checked).toMatchObject({ code: 0, err: "" });
  expect(checked.out).toMatch(/10 deny open on \*\.example\n +otherwise ask/);

  const { out } = await candor("audit", "--town-seed", "3", "--budget", "steps=25", "--json");
  const { run } = (JSON.parse(out) as { run: { run: string } }).run;
  const plain = await candor("permissions", "test", path, run, "--changed");
  expect(plain).toMatchObject({ code: 0, err: "" });
  expect(plain.out).toMatch(/open http\S+ +allow → deny\n +No pages\. \(mine: rule 10: deny open on \*\.example\)/);
  expect(plain.out).toContain("might have gone another way");
  expect(plain.out).not.toContain("search");
  const { totals, steps } = JSON.parse((await candor("permissions", "test", path, run, "--changed", "--json")).out);
  expect(totals.changed).toBeGreaterThan(0);
  expect(totals.would.deny).toBe(totals.changed);
  expect(steps).toHaveLength(totals.changed);

  const same = await candor("permissions", "test", "normal", run);
  expect(same.out).toContain(`0 steps of ${totals.steps} judged otherwise.`);
  expect((await candor("permissions", "show", run)).out).toMatch(/normal run \S+ autonomy continuous/);
  expect(await candor("permissions", "test", "normal", "r-nope")).toMatchObject({
    code: 2,
    err: expect.stringContaining("no run"),
  });
  expect((await candor("autonomy")).out).toMatch(/scout +propose over 1 run/);
  expect(await candor("autonomy", "set", run, "step")).toMatchObject({
    code: 2,
    err: expect.stringContaining("changes nothing any more"),
  });
}, 120_000);
