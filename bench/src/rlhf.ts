/** Learning from judgments: the demonstration over seeds, and speed and memory beside TRL on the same model, data and settings. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Demonstration, demonstrate, demonstrations } from "@candor/training";
import { z } from "zod";
import { type Bench, type BenchContext, figure, goal, numbers, option, type Row } from "./bench.ts";
import { quantile } from "./quantile.ts";
import { RLHF_ALGORITHMS, type RlhfAlgorithm, rlhfTask } from "./rlhf-task.ts";
import { interval } from "./student.ts";

const STEP = fileURLToPath(new URL("./rlhf-step.ts", import.meta.url));
const PEER = fileURLToPath(new URL("../peers/rlhf.py", import.meta.url));
const FIXTURES = fileURLToPath(new URL("../../packages/training/fixtures/write-trl.py", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Steps that are taken, and the first of them that count: both sides first make ready. */
const STEPS: Record<RlhfAlgorithm, readonly [all: number, from: number]> = {
  ppo: [8, 2],
  grpo: [12, 2],
  dpo: [40, 5],
  reward: [40, 5],
};
const GOALS: Record<RlhfAlgorithm, string> = { ppo: ">= 3", grpo: ">= 3", dpo: ">= 1.5", reward: ">= 1.5" };

export const rlhf: Bench = {
  name: "rlhf",
  description:
    "rude before, polite after, over seeds; speed and memory beside TRL (--seeds 1,2,3 --small --only speed|demonstration)",
  duration: "25 min",
  run: async (context) => {
    const only = option(context.args, "only");
    const rows: Row[] = [];
    if (only !== "demonstration") rows.push(...(await speed(context)));
    if (only !== "speed") rows.push(...(await demonstrated(context)));
    return rows;
  },
};

/** `CANDOR_BENCH_TRL` has TRL of today; `CANDOR_BENCH_TRL_PPO` names a folder with 1.10.0, which is put before it. */
async function speed({ args, note }: BenchContext): Promise<Row[]> {
  const pairs = Number(option(args, "pairs") ?? 3);
  const only = option(args, "algorithm");
  const python = pythonWithTrl(note);
  if (python) compareLosses(python, note);
  const folder = await rlhfTask();
  const rows: Row[] = [];
  try {
    for (const algorithm of RLHF_ALGORITHMS) {
      if (only !== undefined && only !== algorithm) continue;
      const [steps, from] = STEPS[algorithm];
      const ours: Measured[] = [];
      const theirs: Measured[] = [];
      for (let pair = 0; pair < pairs; pair++) {
        ours.push(await measure(process.execPath, [STEP, folder, algorithm, String(steps)], note));
        const peer = python && peerOf(python, algorithm);
        if (peer) theirs.push(await measure(peer.python, [PEER, folder, algorithm, String(steps)], note, peer.env));
      }
      rows.push(...beside(algorithm, ours, theirs, from));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}

const Measured = z.object({ times: z.array(z.number()), peak_mb: z.number() });
type Measured = z.infer<typeof Measured>;

function beside(algorithm: RlhfAlgorithm, ours: Measured[], theirs: Measured[], from: number): Row[] {
  const rate = ({ times }: Measured): number => 1000 / median(times.slice(from));
  const peers = theirs.length > 0;
  const ratio = (of: (measured: Measured, n: number) => number): number | null => (peers ? median(ours.map(of)) : null);
  const faster = ratio((each, n) => rate(each) / rate(theirs[n] as Measured));
  const smaller = ratio((each, n) => (theirs[n] as Measured).peak_mb / each.peak_mb);
  const row = (metric: string, unit: string, of: (m: Measured) => number, by: number | null, wanted: string): Row => ({
    ...figure(metric, algorithm, median(ours.map(of)), unit),
    peer: "TRL",
    peer_value: peers ? median(theirs.map(of)) : null,
    ratio: by,
    goal: wanted,
    ...(by !== null && { ok: goal(metric, algorithm, by, wanted).ok ?? false }),
  });
  return [
    row("iterations_per_second", "/s", rate, faster, GOALS[algorithm]),
    row("peak_mb", "MB", ({ peak_mb }) => peak_mb, smaller, ">= 1"),
  ];
}

const median = (values: readonly number[]): number => quantile(values, 0.5) ?? Number.NaN;

function pythonWithTrl(note: (line: string) => void): string | undefined {
  const python = process.env.CANDOR_BENCH_TRL ?? process.env.CANDOR_BENCH_PYTHON ?? "python3";
  const { status, stdout } = spawnSync(python, ["-c", "import trl, torch; print(trl.__version__, torch.__version__)"], {
    encoding: "utf8",
  });
  if (status !== 0) {
    note(`${python} has no TRL (pip install torch==2.13.0 trl==1.16.0, and set CANDOR_BENCH_TRL): no peer.`);
    return undefined;
  }
  const [trl, torch] = stdout.trim().split("\n").at(-1)?.split(" ") ?? [];
  note(`Peer: TRL ${trl} on PyTorch ${torch}.`);
  return python;
}

/** TRL gave PPO up after 1.10. */
function peerOf(python: string, algorithm: RlhfAlgorithm): { python: string; env: NodeJS.ProcessEnv } | undefined {
  const folder = process.env.CANDOR_BENCH_TRL_PPO;
  if (algorithm !== "ppo") return { python, env: {} };
  return folder === undefined ? undefined : { python, env: { PYTHONPATH: folder } };
}

/** TRL writes its losses anew, and the test that compares them with ours is run on those. */
function compareLosses(python: string, note: (line: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "candor-trl-"));
  try {
    const write = (more: string[], env: NodeJS.ProcessEnv): boolean =>
      spawnSync(python, [FIXTURES, folder, ...more], { env: { ...process.env, ...env }, stdio: "ignore" }).status === 0;
    const older = process.env.CANDOR_BENCH_TRL_PPO;
    if (!write([], {})) throw new Error(`${FIXTURES} failed with ${python}`);
    if (older !== undefined && !write(["--ppo"], { PYTHONPATH: older })) throw new Error(`TRL in ${older} has no PPO`);
    const { status } = spawnSync(
      process.execPath,
      [
        "node_modules/vitest/vitest.mjs",
        "run",
        "packages/training/src/posttrain/trl.test.ts",
        ...(older ? [] : ["-t", "^(?!.*PPO)"]),
      ],
      { cwd: ROOT, env: { ...process.env, CANDOR_TRL_LOSSES: `${folder}/` }, stdio: "ignore" },
    );
    if (status !== 0) throw new Error("losses do not agree with TRL's to 1e-4");
    note("Losses, gradients and figures agree with TRL's to 1e-4, written just now.");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(
  command: string,
  args: readonly string[],
  note: (line: string) => void,
  env: NodeJS.ProcessEnv = {},
): Promise<Measured> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  let [out, errors] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    errors = `${errors}${chunk}`.slice(-2000);
  });
  await new Promise((resolve) => child.once("close", resolve));
  const line = out.trim().split("\n").at(-1) ?? "";
  if (!line.startsWith("{"))
    throw new Error(`${args.join(" ")} ended without a result: ${errors.trim().split("\n").at(-1)}`);
  const measured = Measured.parse(JSON.parse(line));
  note(`${args[2]}: ${median(measured.times).toFixed(0)} ms, ${measured.peak_mb.toFixed(0)} MB`);
  return measured;
}

const SHARES = ["polite", "rude", "correct", "wrong", "flattering", "words", "distinct", "pretraining_loss"] as const;

/** Each seed has an internet, a model, a split of the concepts and draws of its own. */
async function demonstrated({ args, note }: BenchContext): Promise<Row[]> {
  const seeds = numbers(option(args, "seeds") ?? "1,2,3");
  const small = args.includes("--small");
  const kept = option(args, "state");
  const runs: { seconds: number; result: Demonstration }[] = [];
  for (const seed of seeds) {
    const out = kept ? join(kept, `seed-${seed}`) : mkdtempSync(join(tmpdir(), "candor-demonstration-"));
    const began = performance.now();
    const result = await demonstrate(
      { preset: small ? demonstrations.small : demonstrations.full, out, seed },
      { stage: (said) => note(`seed ${seed}: ${said}`) },
    );
    const seconds = (performance.now() - began) / 1000;
    if (result) runs.push({ seconds, result });
    if (!kept) rmSync(out, { recursive: true, force: true });
  }
  const all = (of: (result: Demonstration) => number | undefined): number[] =>
    runs.map(({ result }) => of(result) ?? Number.NaN);
  const rows: Row[] = [];
  const over = `mean of seeds ${seeds.join(", ")}`;
  for (const share of SHARES) {
    const before = all((result) => result.before[share]);
    const after = all((result) => result.rounds.at(-1)?.evaluation[share]);
    const gained = after.map((value, n) => value - (before[n] ?? 0));
    const [old, now, more] = [interval(before), interval(after), interval(gained)];
    const wide = ({ half }: typeof now): string => (Number.isNaN(half) ? "" : ` ± ${half.toFixed(3)}`);
    const wanted = share === "polite" ? ["< 0.3", "> 0.95"] : [];
    const named = (metric: string, of: typeof now, aim?: string): Row =>
      aim ? goal(metric, `${over}${wide(of)}`, of.mean, aim) : figure(metric, `${over}${wide(of)}`, of.mean);
    rows.push(named(`${share}_before`, old, wanted[0]), named(`${share}_after`, now, wanted[1]));
    if (share === "correct") rows.push(named("correct_gained", more, ">= 0"));
  }
  rows.push(
    goal("seconds", "the slowest seed", Math.max(...runs.map(({ seconds }) => seconds)), small ? "< 60" : "< 900", "s"),
  );
  return rows;
}
