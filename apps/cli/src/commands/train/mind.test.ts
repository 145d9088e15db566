/** The small mind from the command line: taught by imitation, at work, judged, and taught again. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("../../main.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "candor-train-mind-"));
const env = { ...process.env, CANDOR_HOME: join(folder, "home"), NO_COLOR: "1", FORCE_COLOR: undefined };

const candor = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env, cwd: folder, maxBuffer: 1e8 }, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, out, err }),
    );
  });

afterAll(async () => {
  await candor("exit");
  rmSync(folder, { recursive: true, force: true });
});

test("a small mind is made from the scout's audit of a town, and goes on where it was", async () => {
  const lessons = ["train", "mind", "--towns", "1", "--steps", "4", "--out", "taught"];
  const { code, out } = await candor(...lessons);
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/town 1000 {2}\d+ views/) });
  expect(existsSync(join(folder, "taught/mind/model.safetensors"))).toBe(true);
  const rows = readFileSync(join(folder, "taught/lessons.jsonl"), "utf8").trim().split("\n");
  expect(rows.length).toBeGreaterThan(50);
  expect(rows.join("")).not.toMatch(/https?:|@/);
  const again = await candor(...lessons);
  expect(again).toMatchObject({ code: 0, out: expect.not.stringContaining("town 1000") });
}, 120_000);

test("it audits a town; its steps are judged; both a mind and a reward model learn from that", async () => {
  const audit = await candor("--json", "audit", "--mind", "small", "--town-seed", "21", "--budget", "steps=16");
  expect(audit.code).toBe(0);
  const nobody = await candor("train", "mind", "--from-judgments", "--out", "early");
  expect(nobody).toMatchObject({ code: 2, err: expect.stringContaining("was judged yet") });
  const why = await candor("why", "last", "3");
  expect(why).toMatchObject({
    code: 0,
    out: expect.stringMatching(/Of \d+ things it could do[\s\S]+Parts of the model/),
  });
  expect(await candor("why", "last", "300")).toMatchObject({
    code: 2,
    err: expect.stringContaining("has no step 300"),
  });
  for (let step = 1; step <= 10; step++)
    expect(await candor("judge", "last", String(step), step % 2 ? "good" : "bad")).toMatchObject({ code: 0 });
  const learn = ["train", "mind", "--from-judgments", "--steps", "2"];
  const practised = await candor(...learn, "--towns", "1", "--out", "judged");
  expect(practised).toMatchObject({
    code: 0,
    out: expect.stringMatching(/town 1000 {2}\d+ steps, \d+ to be done otherwise/),
  });
  expect(await candor(...learn, "--reward", "--out", "rewards")).toMatchObject({ code: 0 });
  const ranked = await candor(
    ...["--json", "audit", "--mind", "small", "--model", "judged/mind", "--judged-by", "rewards/reward"],
    ...["--best-of", "2", "--town-seed", "21", "--budget", "steps=8"],
  );
  expect(ranked.code).toBe(0);
}, 480_000);

describe("what cannot be is one line, a hint and exit code 2", () => {
  test.each([
    ["a goal of one's own", ["run", "Find out about tides", "--mind", "small"], "self-audits only"],
    ["no model there", ["audit", "--mind", "small", "--model", "nowhere"], "holds no model"],
    ["nobody to rank", ["audit", "--mind", "small", "--best-of", "3"], "nobody ranks"],
    ["a judge that is none", ["audit", "--judged-by", "nowhere"], "holds no model"],
    ["lessons from a model", ["train", "mind", "--model", "x"], "--model is for --from-judgments"],
    ["rewards of nothing", ["train", "mind", "--reward"], "--reward learns from judgments"],
  ])(
    "%s",
    async (_, args, said) => {
      const { code, err } = await candor(...args);
      const [line = "", hint = "", ...rest] = err.trim().split("\n");
      expect({ code, rest }).toEqual({ code: 2, rest: [] });
      expect(line).toContain(said);
      expect(hint).toMatch(/^hint: /);
    },
    60_000,
  );
});
