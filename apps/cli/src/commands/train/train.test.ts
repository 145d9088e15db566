/** `candor train` as people run it: to the end, cut off and resumed, and with what cannot be trained on. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Corpus, readMetrics } from "@candor/training";
import { afterAll, describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("../../main.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "candor-train-"));
const env = { ...process.env, CANDOR_HOME: join(folder, "home"), NO_COLOR: "1", FORCE_COLOR: undefined };
const options = { env, cwd: folder };

const candor = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], options, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, out, err }),
    );
  });

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return name;
}

const corpus = new Corpus();
const text = file("text.txt", Array.from({ length: 120 }, (_, n) => corpus.document(n).text).join("\n\n"));
const tiny = {
  model: { layers: 1, heads: 2, width: 16, context: 16 },
  tokenizer: { kind: "bpe", vocab: 300 },
  separator: "blank-line",
  steps: 40,
  batch: 2,
  rate: { kind: "constant", peak: 1e-2 },
  validation: { every: 20, batches: 1 },
  checkpoint: { every: 7 },
  log: { every: 1 },
  samples: { every: 20, prompts: ["Q:"], tokens: 4 },
};
const config = file("tiny.json", JSON.stringify(tiny));
const pretrain = (out: string): string[] => [
  ...["train", "pretrain", text, "--config", config, "--out", out, "--threads", "1"],
];
const losses = (out: string) =>
  readMetrics(join(folder, out, "metrics.jsonl")).records.map(({ step, loss }) => [step, loss]);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("candor train pretrain", () => {
  /** Sends `signal` when the screen shows the step. */
  async function cutOff(out: string, signal: NodeJS.Signals, step: number): Promise<{ code: number; said: string }> {
    const child = spawn(process.execPath, [main, ...pretrain(out)], {
      ...options,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    for await (const chunk of child.stdout) {
      said += chunk;
      if (said.includes(`step ${step} `) && !child.killed) child.kill(signal);
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    return { code: child.exitCode ?? -1, said };
  }

  test("trains to the end; cut by Ctrl-C or kill -9 and resumed it has bit-identical losses", async () => {
    const whole = await candor("--json", ...pretrain("whole"));
    expect(whole).toMatchObject({ code: 0 });
    expect(JSON.parse(whole.out)).toMatchObject({ step: 40, validation_loss: expect.any(Number) });
    expect(losses("whole")).toHaveLength(40);
    expect(readFileSync(join(folder, "whole/samples.jsonl"), "utf8").trim().split("\n")).toHaveLength(2);

    const stopped = await cutOff("stopped", "SIGINT", 9);
    expect(stopped.code).toBe(130);
    const again = /go on with: .*(train pretrain .*--resume)/.exec(stopped.said)?.[1]?.split(" ") ?? [];
    expect(await candor(...again, "--threads", "1")).toMatchObject({ code: 0 });
    expect(losses("stopped")).toEqual(losses("whole"));

    await cutOff("killed", "SIGKILL", 9);
    expect(await candor(...pretrain("killed"), "--resume")).toMatchObject({ code: 0 });
    expect(losses("killed")).toEqual(losses("whole"));
    expect(await candor(...pretrain("killed"))).toMatchObject({
      code: 2,
      err: expect.stringContaining("came to step 40"),
    });
  }, 120_000);

  mkdirSync(join(folder, "no-texts"));
  const settings = (name: string, change: object): string =>
    file(`${name}.json`, JSON.stringify({ ...tiny, ...change }));
  test.concurrent.each([
    ["empty data", [file("empty.txt", "")], "empty.txt holds no text"],
    ["a folder without texts", ["no-texts"], "no-texts holds no .txt, .md or .jsonl file"],
    ["no file", ["absent.txt"], "There is no absent.txt"],
    ["one document", [file("one.txt", "a single text\n".repeat(50))], "one.txt is one document"],
    ["invalid UTF-8", [file("latin.txt", Uint8Array.of(97, 10, 0xe9, 10))], "latin.txt is not valid UTF-8 in line 2"],
    ["JSON lines that are none", [file("torn.jsonl", '{"text": "a"}\n{"te')], "torn.jsonl"],
    ["an unknown preset", [text, "--preset", "huge"], 'there is no preset "huge"'],
    [
      "settings that contradict themselves",
      [text, "--config", settings("odd", { model: { width: 10, heads: 3 } })],
      "A width of 10 cannot be divided among 3 heads",
    ],
    [
      "positions of one family with norms of another",
      [text, "--config", settings("mixed", { model: { positions: "rotary", activation: "relu", gated: true } })],
      "rotary",
    ],
    [
      "a context longer than the data",
      [text, "--config", settings("long", { model: { ...tiny.model, context: 4096 }, batch: 1 })],
      "no window of 4096",
    ],
    [
      "more memory than there is",
      [text, "--config", settings("wide", { model: { layers: 96, heads: 96, width: 12_288, context: 64 } })],
      "GB of memory",
    ],
    ["nothing to resume", [text, "--resume"], "holds no checkpoint to go on from"],
  ])("%s: one line, a hint, exit code 2, nothing half-written", async (name, args, said) => {
    const out = `bad-${name.replaceAll(" ", "-")}`;
    const own = args.includes("--config") || args.includes("--preset") ? [] : ["--config", config];
    const { code, out: printed, err } = await candor("train", "pretrain", ...args, ...own, "--out", out);
    const [line = "", hint = "", ...rest] = err.trim().split("\n");
    expect(line).toContain("error: ");
    expect(line).toContain(said);
    expect(hint).toMatch(/^hint: /);
    expect(rest).toEqual([]);
    expect({ code, printed }).toEqual({ code: 2, printed: "" });
    for (const half of ["metrics.jsonl", "checkpoints", "samples.jsonl"])
      expect(existsSync(join(folder, out, half)), half).toBe(false);
    if (name !== "a context longer than the data") expect(existsSync(join(folder, out))).toBe(false);
  });
});
