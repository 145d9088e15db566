/** Training steps beside PyTorch: same weights, same tokens, same machine, in turns. */
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { compile, input, matmul, Runner } from "@candor/graph";
import { z } from "zod";
import { type Bench, type BenchContext, figure, goal, option, type Row } from "./bench.ts";
import { type Size, writeTask } from "./numerics-task.ts";
import { pythonWithTorch } from "./python-peer.ts";
import { quantile } from "./quantile.ts";

const STEP = fileURLToPath(new URL("./numerics-step.ts", import.meta.url));
const PEER = fileURLToPath(new URL("../peers/numerics.py", import.meta.url));

const SIZES: (Size & { goal: string; steps: number })[] = [
  { name: "4 x 128 x 64 x 12", layers: 4, width: 128, time: 64, batch: 12, goal: ">= 1.5", steps: 40 },
  { name: "6 x 384 x 256 x 4", layers: 6, width: 384, time: 256, batch: 4, goal: ">= 1.3", steps: 8 },
  { name: "2 x 64 x 32 x 8", layers: 2, width: 64, time: 32, batch: 8, goal: ">= 1", steps: 100 },
];

/** Steps whose losses must agree before times count, and by how much. */
const COMPARED = 5;
const TOLERANCE = 2e-3;

const Measured = z.object({ losses: z.array(z.number()), times: z.array(z.number()), peak_mb: z.number() });
interface Trained extends z.infer<typeof Measured> {
  /** From the start of the process to the end of its first step. */
  firstMs: number;
}

export const numerics: Bench = {
  name: "numerics",
  description: "training steps, cold start and memory beside PyTorch (--pairs N, --size NAME)",
  duration: "6 min",
  run: async (context) => {
    const { args, note } = context;
    const pairs = Number(option(args, "pairs") ?? 5);
    const only = option(args, "size");
    const python = pythonWithTorch(note);
    const rows: Row[] = [figure("gflops", "MatMul 1024 x 1024 x 1024, 2 threads", await gemm())];
    for (const size of SIZES.filter(({ name }) => only === undefined || name === only))
      rows.push(...(await sizeRows(size, pairs, python, context)));
    return rows;
  },
};

async function sizeRows(
  size: (typeof SIZES)[number],
  pairs: number,
  python: string | undefined,
  { note }: BenchContext,
): Promise<Row[]> {
  const folder = writeTask(size);
  try {
    const ours: Trained[] = [];
    const peers: Record<"eager" | "compile", Trained[]> = { eager: [], compile: [] };
    let compiles = python !== undefined;
    for (let pair = 0; pair < pairs; pair++) {
      ours.push(await train(process.execPath, [STEP, folder, String(size.steps)]));
      if (!python) continue;
      peers.eager.push(await train(python, [PEER, folder, String(size.steps), "eager"]));
      if (!compiles) continue;
      try {
        peers.compile.push(await train(python, [PEER, folder, String(size.steps), "compile"]));
      } catch (error) {
        compiles = false;
        note(`torch.compile does not work here: ${(error as Error).message}`);
      }
    }
    for (const peer of [...peers.eager, ...peers.compile]) agree(size.name, ours[0] as Trained, peer);
    note(`${size.name}: losses agree over ${COMPARED} steps within ${TOLERANCE}.`);
    const step = (trained: Trained): number => median(trained.times.slice(2));
    const better =
      peers.compile.length > 0 && median(peers.compile.map(step)) < median(peers.eager.map(step)) ? "compile" : "eager";
    const against = peers[better];
    const firsts = [...peers.eager, ...peers.compile];
    return [
      beside("train_step", size.name, "ms", ours.map(step), against.map(step), `PyTorch, ${better}`, size.goal),
      beside(
        "cold_start",
        size.name,
        "ms",
        ours.map(({ firstMs }) => firstMs),
        peers.eager.map(({ firstMs }) => firstMs),
        "PyTorch, eager",
        ">= 5",
      ),
      beside(
        "peak_mb",
        size.name,
        "MB",
        ours.map(({ peak_mb }) => peak_mb),
        firsts.length > 0 ? peers.eager.map(({ peak_mb }) => peak_mb) : [],
        "PyTorch, eager",
        ">= 1",
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const median = (values: readonly number[]): number => quantile(values, 0.5) ?? Number.NaN;

/** Medians, and the median of the pairs' ratios: the peer's over ours. */
function beside(
  metric: string,
  name: string,
  unit: string,
  ours: number[],
  peers: number[],
  peer: string,
  wanted: string,
): Row {
  const value = median(ours);
  if (peers.length === 0)
    return { ...figure(metric, name, value, unit), peer, peer_value: null, ratio: null, goal: wanted };
  const ratio = median(ours.flatMap((each, n) => (peers[n] === undefined ? [] : [peers[n] / each])));
  const { ok } = goal(metric, name, ratio, wanted);
  return {
    ...figure(metric, name, value, unit),
    peer,
    peer_value: median(peers),
    ratio,
    goal: wanted,
    ...(ok !== undefined && { ok }),
  };
}

function agree(name: string, ours: Trained, peer: Trained): void {
  for (let step = 0; step < COMPARED; step++) {
    const [a, b] = [ours.losses[step] ?? Number.NaN, peer.losses[step] ?? Number.NaN];
    if (!(Math.abs(a - b) <= TOLERANCE))
      throw new Error(`${name}: the loss of step ${step} is ${a} here and ${b} in PyTorch`);
  }
}

async function train(command: string, args: readonly string[]): Promise<Trained> {
  const began = performance.now();
  // Both keep what they compiled: Python beside its modules, `candor` where Node puts it.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache") };
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors = `${errors}${chunk}`.slice(-2_000);
  });
  let firstMs = Number.NaN;
  let measured: z.infer<typeof Measured> | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const said: unknown = JSON.parse(line);
    if (Number.isNaN(firstMs)) firstMs = performance.now() - began;
    else measured = Measured.parse(said);
  }
  if (!measured) throw new Error(`${command} ${args[0]} ended without a result: ${errors.trim().split("\n").at(-1)}`);
  return { ...measured, firstMs };
}

/** What the machine gives: GFLOP/s of ONNX Runtime's own product. */
async function gemm(): Promise<number> {
  const extent = 1024;
  const runner = await Runner.load(
    compile({ outputs: { y: matmul(input("a", [extent, extent]), input("b", [extent, extent])) } }),
    { threads: 2 },
  );
  const feeds = { a: new Float32Array(extent ** 2).fill(0.5), b: new Float32Array(extent ** 2).fill(0.25) };
  const times: number[] = [];
  for (let run = 0; run < 20; run++) {
    const began = performance.now();
    await runner.run(feeds);
    times.push(performance.now() - began);
  }
  await runner.release();
  return (2 * extent ** 3) / ((quantile(times, 0.2) ?? Number.NaN) / 1e3) / 1e9;
}
