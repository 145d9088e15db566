/** The lens from the command line, on the small mind that ships. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const mind = fileURLToPath(new URL("../../../../packages/small-mind/weights", import.meta.url));
const views = fileURLToPath(new URL("../../../../packages/small-mind/examples/views.txt", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "candor-lens-"));
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

test("scores heads", async () => {
  const { code, out } = await candor("lens", "heads", mind);
  expect({ code, lines: out.trim().split("\n").length }).toEqual({ code: 0, lines: 7 });
  const again = await candor("--json", "lens", "heads", mind, "--seed", "1");
  expect(JSON.parse(again.out).heads).toHaveLength(6);
});

test("trains a dictionary, in SAELens's format, that the pages then know", async () => {
  const asked = ["lens", "dictionary", mind, "--texts", views, "--place", "blocks.1.hook_resid_post"];
  const { code, out, err } = await candor(...asked, "--features", "64", "--k", "8", "--steps", "200", "--out", "sae");
  expect({ code, err: err.replace(/.*Warning.*\n.*\n/, "") }).toMatchObject({ code: 0 });
  expect(out).toMatch(/step 200 {2}error/);
  expect(out).toMatch(/8\.0 of 64 features speak/);
  expect(JSON.parse(readFileSync(join(folder, "sae/cfg.json"), "utf8"))).toMatchObject({
    architecture: "topk",
    d_sae: 64,
    k: 8,
  });
  expect(existsSync(join(folder, "sae/sae_weights.safetensors"))).toBe(true);
}, 120_000);

test("shows a model on the pages", async () => {
  const { code, out } = await candor("lens", mind, "--print");
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/\/lens\?id=[0-9a-f]{12}#token=/) });
}, 60_000);

test("draws what tokens and a transcoder's features give to an answer", async () => {
  const asked = ["lens", "dictionary", mind, "--texts", views, "--place", "blocks.1.hook_resid_mid"];
  const transcoder = ["--to", "blocks.1.hook_mlp_out", "--gate", "relu", "--features", "64", "--steps", "150"];
  expect(await candor(...asked, ...transcoder, "--out", "transcoder")).toMatchObject({ code: 0 });
  const prompt = ["--prompt", "steps many pages many dry n0 "];
  const { code, out } = await candor("lens", "graph", mind, "transcoder", ...prompt, "--out", "why.svg");
  expect({ code, out }).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Why .+ over .+ logits\n[\s\S]*token \d/),
  });
  expect(readFileSync(join(folder, "why.svg"), "utf8")).toMatch(/^<svg.*<circle/s);
  const refused = await candor("lens", "graph", mind, "sae", ...prompt);
  expect(refused).toMatchObject({
    code: 2,
    err: expect.stringMatching(/does not stand for an MLP|cannot be read|holds no/),
  });
}, 120_000);

test("writes a circuit as a program that runs by itself, and says how often it says what the model says", async () => {
  const lines = readFileSync(views, "utf8").split("\n");
  const inputs = lines.slice(0, 24).map((line) => line.split(" ").slice(0, 12).join(" "));
  writeFileSync(join(folder, "inputs.txt"), `${inputs.join("\n")}\n`);
  const asked = ["lens", "extract", mind, "--inputs", "inputs.txt", "--from", "1"];
  const { code, out } = await candor(...asked, "--out", "whole.ts");
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/says what the model says at [\d.]+ %/) });
  const { answer } = (await import(/* @vite-ignore */ join(folder, "whole.ts"))) as {
    answer(tokens: readonly string[]): string[];
  };
  expect(answer(["steps ", "many ", "pages "])).toHaveLength(3);
  const cut = await candor("--json", ...asked, "--threshold", "0.01", "--out", "circuit.ts");
  const told = JSON.parse(cut.out) as { edges: number; agreement: { positions: number } };
  expect(told.edges).toBeGreaterThan(0);
  expect(told.edges).toBeLessThan(100);
  expect(told.agreement.positions).toBeGreaterThan(0.5);
}, 120_000);

test("says in one line what does not fit", async () => {
  writeFileSync(join(folder, "short.txt"), "steps many \n");
  const place = ["--place", "blocks.1.hook_resid_post"];
  for (const [args, line] of [
    [["lens", "heads", folder], /holds no model/],
    [["lens", "--texts", views], /--texts is for the model of a folder/],
    [
      ["lens", "dictionary", mind, "--texts", views, "--place", "blocks.1.resid"],
      /no place blocks\.1\.resid\n.*hook_resid/,
    ],
    [["lens", "extract", mind, "--inputs", "none.txt"], /none.txt cannot be read/],
    [["lens", "extract", mind, "--inputs", views, "--out", "x.py"], /no name of a TypeScript file/],
    [["lens", "extract", mind, "--inputs", "short.txt"], /1 inputs that are long enough/],
    [["lens", "extract", mind, "--inputs", views, "--threshold", "much"], /--threshold/],
    [["lens", "dictionary", mind, "--texts", "none.txt", ...place], /none.txt cannot be read/],
    [["lens", "dictionary", mind, "--texts", "short.txt", ...place], /makes 0 rows/],
    [["lens", "dictionary", mind, "--texts", views, ...place, "--gate", "door"], /there is no gate door/],
    [["lens", "dictionary", mind, "--texts", views, ...place, "--features", "4", "--k", "5"], /k is from 1 to 4/],
  ] as const) {
    const { code, err } = await candor(...args);
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringMatching(line) });
    expect(err).not.toMatch(/\n +at /);
  }
}, 60_000);
