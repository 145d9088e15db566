import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openPretrained } from "@candor/transformer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Corpus } from "../corpus/generate.ts";
import { readMetrics } from "../metrics/jsonl.ts";
import { type PretrainConfigInput, parsePretrainConfig } from "./config.ts";
import { openPretrainData } from "./data.ts";
import { estimateMemory } from "./memory.ts";
import { type PretrainResult, pretrain } from "./pretrain.ts";

const RUN = fileURLToPath(new URL("./testing/run.ts", import.meta.url));
let folder: string;
let text: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "candor-pretrain-"));
  text = join(folder, "text.txt");
  const corpus = new Corpus();
  writeFileSync(text, Array.from({ length: 200 }, (_, n) => corpus.document(n).text).join("\n\n"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tiny: PretrainConfigInput = {
  model: { layers: 1, heads: 2, width: 16, context: 16 },
  tokenizer: { kind: "characters" },
  separator: "blank-line",
  steps: 30,
  batch: 4,
  rate: { kind: "cosine", peak: 1e-2, min: 1e-3, warmup: 2 },
  validation: { every: 10, batches: 2 },
  checkpoint: { every: 5 },
  log: { every: 1 },
  samples: { every: 0 },
};

async function run(
  name: string,
  change: PretrainConfigInput = {},
  more: { resume?: boolean; signal?: AbortSignal; out?: string } = {},
): Promise<PretrainResult> {
  const config = parsePretrainConfig({ ...tiny, ...change }, name);
  const out = more.out ?? join(folder, name);
  const data = await openPretrainData([text], join(folder, `${name}-data`), config);
  try {
    return await pretrain({ config, data, threads: 1, ...more, out });
  } finally {
    data.dataset.close();
  }
}

const losses = (name: string): number[] =>
  readMetrics(join(folder, name, "metrics.jsonl")).records.map(({ loss }) => loss ?? Number.NaN);

describe("pretraining", () => {
  it("learns, keeps its best and its last, and both open as models", async () => {
    const { validationLoss, best, step } = await run("whole");
    expect(step).toBe(30);
    const all = losses("whole");
    expect(all).toHaveLength(30);
    expect(all[0]).toBeGreaterThan(3.5);
    expect(validationLoss).toBeLessThan((all[0] as number) - 0.5);
    expect(readlinkSync(join(folder, "whole", "last"))).toMatch(/step-00000030$/);
    expect(readlinkSync(join(folder, "whole", "best"))).toMatch(new RegExp(`step-0*${best?.step}$`));
    await using model = await openPretrained(join(folder, "whole", "best"));
    expect(model.config.decoder.width).toBe(16);
  });

  it("has bit-identical losses after a kill -9 and a resumption", async () => {
    const config = join(folder, "tiny.json");
    writeFileSync(config, JSON.stringify(tiny));
    const out = join(folder, "killed");
    const child = spawn(process.execPath, [RUN, config, text, join(folder, "killed-data"), out, "17"]);
    await once(child, "exit");
    expect(child.signalCode).toBe("SIGKILL");
    const cut = losses("killed");
    expect(cut).toHaveLength(17);
    await run("killed", {}, { resume: true });
    expect(losses("killed")).toEqual(losses("whole"));
  });

  it("goes on exactly with Muon, dropout and accumulation too, after it was stopped", async () => {
    const change: PretrainConfigInput = { steps: 12, accumulate: 2, dropout: 0.1, optimiser: { muon: 0.02 } };
    await run("odd-whole", change);
    const stop = new AbortController();
    const config = parsePretrainConfig({ ...tiny, ...change }, "odd");
    const data = await openPretrainData([text], join(folder, "odd-data"), config);
    const out = join(folder, "odd");
    const hooks = { measured: ({ step }: { step: number }) => step === 7 && stop.abort() };
    const first = await pretrain({ config, data, out, threads: 1, signal: stop.signal }, hooks);
    expect(first).toMatchObject({ stopped: true, step: 7 });
    await pretrain({ config, data, out, threads: 1, resume: true });
    data.dataset.close();
    expect(losses("odd")).toEqual(losses("odd-whole"));
  });

  it("stops with advice when it diverges, and keeps the last checkpoint", async () => {
    const error = await run("nan", { rate: { kind: "constant", peak: 1e30 } }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "TrainingError", hint: expect.stringContaining("Lower rate.peak") });
  });

  it("refuses what the machine has no room for, before anything is written", async () => {
    const huge = { model: { layers: 96, heads: 96, width: 12_288, context: 64 } };
    await expect(run("huge", huge)).rejects.toThrow(/needs about \d+\.\d GB of memory, and/);
    expect(() => readFileSync(join(folder, "huge", "metrics.jsonl"))).toThrow("ENOENT");
  });

  it("names a field that does not exist, a folder that holds another run", async () => {
    expect(() => parsePretrainConfig({ stepz: 3 }, "my.yaml")).toThrow('my.yaml: Unrecognized key: "stepz"');
    expect(() => parsePretrainConfig({ model: { width: 10, heads: 3 } }, "my.yaml")).toThrow("divided among 3 heads");
    await expect(run("whole")).rejects.toThrow("holds a run that came to step 30");
    await expect(run("whole", { steps: 31 }, { resume: true })).rejects.toThrow("another configuration");
  });

  const disk = process.getuid?.() === 0 && spawnSync("mount", ["--version"]).status === 0;
  it.runIf(disk)("keeps the last good checkpoint on a full disk", async (context) => {
    const out = join(folder, "disk");
    mkdirSync(out);
    // Room for one checkpoint and for the metrics, not for two.
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=132k", "tmpfs", out]).status !== 0) return context.skip();
    try {
      await expect(run("disk", {}, { out })).rejects.toThrow(/disk is full/i);
      expect(readlinkSync(join(out, "last"))).toMatch(/step-00000005$/);
      await using model = await openPretrained(join(out, "last"));
      for await (const { values } of model.weights()) expect(values.every(Number.isFinite)).toBe(true);
    } finally {
      spawnSync("umount", [out]);
    }
  });
});

it("estimates more memory for more of anything", () => {
  const config = parsePretrainConfig(tiny, "tiny");
  expect(config.accumulate).toBe(1);
  const of = (batch: number, time: number, accumulate: number): number =>
    estimateMemory(
      {
        layers: 2,
        heads: 2,
        kvHeads: 2,
        headDim: 8,
        width: 16,
        mlpWidth: 64,
        vocab: 50,
        context: time,
        positions: { kind: "learned" },
        norm: { kind: "layer", epsilon: 1e-5, bias: false },
        normPlacement: "pre",
        parallelResidual: false,
        activation: "gelu",
        gated: false,
        biases: { qkv: false, o: false, mlp: false },
        qkNorm: false,
        tied: true,
      },
      batch,
      time,
      accumulate,
    ).totalBytes;
  expect(of(2, 8, 1)).toBeLessThan(of(4, 8, 1));
  expect(of(2, 8, 1)).toBeLessThan(of(2, 16, 1));
  expect(of(2, 8, 1)).toBeLessThan(of(2, 8, 2));
});
