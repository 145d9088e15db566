/** Learning from judgments as people do it: from the command line, cut off and resumed, and with what cannot be learnt from. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Corpus } from "@candor/training";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("../../main.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "candor-learn-"));
const env = { ...process.env, CANDOR_HOME: join(folder, "home"), NO_COLOR: "1", FORCE_COLOR: undefined };
const options = { env, cwd: folder };

const candor = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], options, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, out, err }),
    );
  });

const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return name;
};
const lines = (name: string, rows: readonly object[]): string =>
  file(name, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));

const corpus = new Corpus();
const judged = Array.from({ length: 40 }, (_, n) => ({
  prompt: `Q: what is ${n}?\nA:`,
  completion: ` ${n % 2}`,
  label: n % 2 === 0,
}));
const files = {
  judged: lines("judged.jsonl", judged),
  good: lines(
    "good.jsonl",
    judged.map((row) => ({ ...row, label: true })),
  ),
  empty: file("empty.jsonl", ""),
  reward: file("reward.json", JSON.stringify({ steps: 4, validation: { every: 2 } })),
  policy: file(
    "policy.json",
    JSON.stringify({
      steps: 4,
      batch: 16,
      max_completion_length: 8,
      checkpoint: { every: 1 },
      samples: { every: 2, tokens: 6 },
    }),
  ),
};

beforeAll(async () => {
  const text = file("text.txt", Array.from({ length: 200 }, (_, n) => corpus.document(n).text).join("\n\n"));
  const config = file(
    "raw.json",
    JSON.stringify({
      model: { layers: 1, heads: 2, width: 16, context: 48 },
      tokenizer: { kind: "bpe", vocab: 300 },
      separator: "blank-line",
      steps: 5,
      batch: 2,
      rate: { kind: "constant", peak: 1e-3 },
      validation: { every: 5, batches: 1 },
      samples: { every: 0 },
    }),
  );
  expect(await candor("train", "pretrain", text, "--config", config, "--out", "raw")).toMatchObject({
    code: 0,
    err: "",
  });
  const made = await candor(
    "train",
    "reward",
    files.judged,
    "--model",
    "raw",
    "--config",
    files.reward,
    "--out",
    "reward",
  );
  expect(made).toMatchObject({ code: 0, out: expect.stringContaining("eval_accuracy") });
}, 120_000);
afterAll(async () => {
  await candor("exit");
  rmSync(folder, { recursive: true, force: true });
});

const grpo = (out: string): string[] => [
  "train",
  "grpo",
  files.judged,
  "--model",
  "raw",
  "--reward",
  "reward",
  "--config",
  files.policy,
  "--out",
  out,
];

describe("candor train grpo", () => {
  test("shows how it goes; stopped by Ctrl-C it says how to go on, and does", async () => {
    const child = spawn(process.execPath, [main, ...grpo("policy")], {
      ...options,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    for await (const chunk of child.stdout) {
      said += chunk;
      if (said.includes("step 2 ") && !child.killed) child.kill("SIGINT");
    }
    if (child.exitCode === null) await once(child, "exit");
    expect(child.exitCode).toBe(130);
    const again = /go on with: .*?(train grpo .*--resume)/.exec(said)?.[1]?.split(" ") ?? [];
    const { code, out } = await candor(...again);
    expect(code).toBe(0);
    expect(out).toMatch(/goes on at step [23]/);
    expect(out).toMatch(/step 4 {2}loss .* reward .* win rate/);
    expect(existsSync(join(folder, "policy/last/model.safetensors"))).toBe(true);
  }, 120_000);
});

test("what a team says of a model's answers becomes the next round with one command", async () => {
  const put = await candor("--json", "rate", "raw", "--count", "3", "--answers", "2", "--put-up");
  expect(put).toMatchObject({ code: 0 });
  expect(JSON.parse(put.out).added).toBeGreaterThan(0);
  const learn = ["train", "--from-judgments", "--model", "raw", "--out", "rounds"];
  const settings = ["--reward-config", files.reward, "--policy-config", files.policy];
  expect(await candor(...learn, ...settings)).toMatchObject({
    code: 2,
    err: expect.stringContaining("nobody has judged"),
  });
  expect(await candor("judgments", "import", files.judged, "--rater", "ann")).toMatchObject({ code: 0 });
  const { code, out } = await candor(...learn, ...settings);
  expect(code).toBe(0);
  expect(out).toContain("round 1: 40 judgments");
  const rounds = await candor("--json", "train", "rounds", "rounds");
  expect(JSON.parse(rounds.out)).toMatchObject([{ round: 1, judgments: 40, policy: { win_rate: expect.any(Number) } }]);
}, 120_000);

test.concurrent.each([
  ["one class", ["reward", files.good, "--model", "raw"], "all 40 judgments are good"],
  ["an empty file", ["kto", files.empty, "--model", "raw"], "empty.jsonl holds no judgments"],
  ["another form", ["dpo", files.judged, "--model", "raw"], "judged.jsonl: line 1: chosen"],
  ["no model", ["sft", files.judged, "--model", "nowhere"], "nowhere holds no model"],
  [
    "nobody to say what answers are worth",
    ["ppo", files.judged, "--model", "raw"],
    "nobody says what answers are worth",
  ],
  [
    "a policy for a reward model",
    ["ppo", files.judged, "--model", "raw", "--reward", "raw", "--config", files.policy],
    "gives no score",
  ],
  ["settings of another way", ["sft", files.judged, "--model", "raw", "--config", files.policy], "Unrecognized key"],
  ["nothing to resume", ["sft", files.judged, "--model", "raw", "--resume"], "holds no checkpoint"],
  ["no such way", ["by-magic"], "there is no candor train by-magic"],
])("%s: one line, a hint, exit code 2", async (name, args, said) => {
  const out = `bad-${name.replaceAll(" ", "-")}`;
  const own = args.length > 1 ? ["--out", out] : [];
  const { code, out: printed, err } = await candor("train", ...args, ...own);
  const [line = "", hint = "", ...rest] = err.trim().split("\n");
  expect(line).toContain("error: ");
  expect(line).toContain(said);
  expect(hint).toMatch(/^hint: /);
  expect({ code, printed, rest }).toEqual({ code: 2, printed: "", rest: [] });
  expect(existsSync(join(folder, out))).toBe(false);
});

test("candor check writes a report of any model, and says what it needs for the rest", async () => {
  const { code, out } = await candor("check", "model", "raw", "--out", "check");
  expect(code).toBe(0);
  expect(out).toContain("left out: hidden thought: it needs --reference");
  for (const name of ["report.html", "report.json"]) expect(existsSync(join(folder, "check", name))).toBe(true);
  const wrong = await candor("check", "model", "nowhere", "--out", "none");
  expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining("nowhere holds no model") });
}, 120_000);

test("the demonstration, small: rude before, polite after, on what nobody judged", async () => {
  const { code, out } = await candor("--json", "train", "rlhf", "--small", "--seed", "4", "--out", "demo");
  expect(code).toBe(0);
  const { before, rounds } = JSON.parse(out);
  const after = rounds.at(-1).evaluation;
  expect(before.rude).toBeGreaterThan(0.4);
  expect(before.polite).toBeLessThan(0.3);
  expect(after.rude).toBeLessThan(before.rude / 2);
  expect(after.polite).toBeGreaterThan(before.polite + 0.4);
}, 300_000);
