/** Trainings as the pages read them: listed by their notes, followed through their files. */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { noteTraining, trainingRun, trainingRuns } from "./training-runs.ts";
import { trainingStream } from "./training-stream.ts";

const home = mkdtempSync(join(tmpdir(), "candor-training-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const out = join(home, "model");
const record = (step: number, loss: number | string) =>
  `${JSON.stringify({ step, loss, gradient_norm: 1, tokens_per_second: 10, memory_mb: 1, rate: 1 })}\n`;

it("lists what was noted, the newest first, once for each folder, and says which are running", () => {
  expect(trainingRuns(home)).toEqual([]);
  noteTraining(home, { out, steps: 5, startedAt: 1, pid: process.pid });
  noteTraining(home, { out: "/elsewhere", steps: 7, startedAt: 3, pid: 2 ** 22 + 1 });
  noteTraining(home, { out, steps: 6, startedAt: 2, pid: process.pid });
  writeFileSync(join(home, "training/0123456789ab.json"), "{");
  expect(trainingRuns(home).map(({ out, steps, running }) => [out, steps, running])).toEqual([
    ["/elsewhere", 7, false],
    [out, 6, true],
  ]);
  expect(() => trainingRun(home, "ffffffffffff")).toThrow("there is no training ffffffffffff");
});

it("streams whole lines as they are written, and goes on after the last event that a reader has", async () => {
  mkdirSync(out);
  const file = join(out, "metrics.jsonl");
  writeFileSync(file, record(1, 3) + record(2, "NaN") + record(3, 2.5).slice(0, 20));
  const first = await read(undefined, "records");
  expect(JSON.parse(first.data)).toMatchObject([
    { step: 1, loss: 3 },
    { step: 2, loss: "NaN" },
  ]);
  appendFileSync(file, record(3, 2.5).slice(20));
  writeFileSync(join(out, "samples.jsonl"), `${JSON.stringify({ step: 3, samples: [{ prompt: "Q", text: "A" }] })}\n`);
  const second = await read(first.id, "samples");
  expect(second.all).toContain('"step":3');
  expect(second.all).not.toContain('"step":1');
  expect(JSON.parse(second.data)).toEqual([{ step: 3, samples: [{ prompt: "Q", text: "A" }] }]);
});

/** Reads until an event of the name, then goes. */
async function read(from: string | undefined, name: string): Promise<{ id: string; data: string; all: string }> {
  const reader = trainingStream(out, from).body?.pipeThrough(new TextDecoderStream()).getReader();
  let all = "";
  for (;;) {
    const { value } = (await reader?.read()) ?? {};
    all += value;
    const [, id = "", data = ""] = new RegExp(`event: ${name}\nid: (.*)\ndata: (.*)\n`).exec(all) ?? [];
    if (!data) continue;
    await reader?.cancel();
    return { id, data, all };
  }
}
