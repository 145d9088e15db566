/** One process that trains: `node numerics-step.ts FOLDER STEPS`. Says `first` after its first step and then what it measured. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openStep, waysOf } from "@candor/training";
import { Task } from "./numerics-task.ts";

/** As the peer has. */
const THREADS = Number(process.env.CANDOR_BENCH_THREADS ?? 2);
const [, , folder = "", count = ""] = process.argv;
const task = Task.parse(JSON.parse(readFileSync(join(folder, "task.json"), "utf8")));
const read = (name: string): ArrayBuffer => {
  const { buffer, byteOffset, byteLength } = readFileSync(join(folder, name));
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
};
const { config, batch, time, adam, rate } = task;
const session = await openStep({ batch, time, clip: 1, ...adam }, config, waysOf(config, batch, THREADS), THREADS);
for (const name of task.weights) await session.setState(name, new Float32Array(read(`${name}.bin`)));
const tokens = new BigInt64Array(read("tokens.bin"));
const targets = new BigInt64Array(read("targets.bin"));
const losses: number[] = [];
const times: number[] = [];
for (let step = 0; step < Number(count); step++) {
  const began = performance.now();
  const { loss } = await session.run({ tokens, targets, rate: [rate] });
  times.push(performance.now() - began);
  losses.push(Number(loss?.[0]));
  if (step === 0) console.log(JSON.stringify({ first: true }));
}
const status = readFileSync("/proc/self/status", "utf8");
console.log(JSON.stringify({ losses, times, peak_mb: Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024 }));
process.exit(0);
