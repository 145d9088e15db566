/** A forward pass that keeps every activation, beside TransformerLens's `run_with_cache`: same weights, same tokens, in turns. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { compile, constant, input, Runner, type Values } from "@candor/graph";
import { decoder, weightShapes } from "@candor/transformer";
import { z } from "zod";
import { type Bench, type BenchContext, figure, goal, option, type Row } from "./bench.ts";
import { GPT2_SMALL } from "./gpt2-small.ts";
import { pythonWithTorch } from "./python-peer.ts";
import { quantile } from "./quantile.ts";
import { uniformFrom } from "./uniform.ts";

const PEER = fileURLToPath(new URL("../peers/activations.py", import.meta.url));
const TOLERANCE = 1e-4;

export const activations: Bench = {
  name: "activations",
  description: "a forward pass with all activations kept, beside TransformerLens (--pairs N, --time N, --batch N)",
  duration: "2 min",
  run,
};

/** What `run_with_cache` keeps of a GPT-2. */
const NAMES = [
  "hook_embed",
  "hook_pos_embed",
  ...Array.from({ length: GPT2_SMALL.layers }, (_, layer) =>
    [
      ...["resid_pre", "attn_out", "resid_mid", "mlp_out", "resid_post"].map((place) => `hook_${place}`),
      ...["ln1", "ln2"].flatMap((norm) => [`${norm}.hook_scale`, `${norm}.hook_normalized`]),
      ...["q", "k", "v", "attn_scores", "pattern", "z"].map((place) => `attn.hook_${place}`),
      ...["mlp.hook_pre", "mlp.hook_post"],
    ].map((place) => `blocks.${layer}.${place}`),
  ).flat(),
  "ln_final.hook_scale",
  "ln_final.hook_normalized",
  "unembed.hook_in",
];

/** The largest difference of each activation; null for one that is not among ours. */
const Differences = z.record(z.string(), z.number().nullable());

async function run({ args, note }: BenchContext): Promise<Row[]> {
  const pairs = Number(option(args, "pairs") ?? 9);
  const [batch, time] = [Number(option(args, "batch") ?? 1), Number(option(args, "time") ?? 128)];
  const name = `12 x 768, ${batch} x ${time} tokens, ${NAMES.length} activations`;
  const python = pythonWithTorch(note);
  const folder = mkdtempSync(join(tmpdir(), "candor-activations-"));
  try {
    const { runner, tokens } = await prepared(folder, batch, time);
    const ours = async (): Promise<number> => {
      const began = performance.now();
      await runner.run({ tokens });
      return performance.now() - began;
    };
    const values = await runner.run({ tokens });
    if (!python) {
      const times: number[] = [];
      for (let n = 0; n < pairs; n++) times.push(await ours());
      return [{ ...figure("forward", name, median(times), "ms"), peer: "TransformerLens", peer_value: null }];
    }
    writeValues(folder, values, runner, batch, time);
    const peer = startPeer(python, folder);
    const differences = Differences.parse(await peer.next());
    const largest = agreed(differences);
    note(
      `${Object.keys(differences).length} activations agree: the largest difference is ${largest.toExponential(1)}.`,
    );
    const times: [number, number][] = [];
    for (let n = 0; n <= pairs; n++) times.push([await ours(), z.number().parse(await peer.ask())]);
    peer.end();
    // The first pair warms both up.
    const counted = times.slice(1);
    const ratio = median(counted.map(([here, there]) => there / here));
    return [
      {
        ...goal("forward", name, ratio, ">= 2"),
        value: median(counted.map(([here]) => here)),
        unit: "ms",
        peer: "TransformerLens",
        peer_value: median(counted.map(([, there]) => there)),
        ratio,
      },
      goal("activations_apart", name, largest, `<= ${TOLERANCE}`),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const median = (values: readonly number[]): number => quantile(values, 0.5) ?? Number.NaN;

/** Draws weights and tokens, writes them for the peer, and loads the model. */
async function prepared(
  folder: string,
  batch: number,
  time: number,
): Promise<{ runner: Runner; tokens: BigInt64Array }> {
  const uniform = uniformFrom(0);
  const weights = new Map(
    Array.from(weightShapes(GPT2_SMALL), ([name, shape]) => {
      const middle = /norm\d?\.weight$/.test(name) ? 1 : 0;
      const length = shape.reduce((product, extent) => product * extent, 1);
      const values = Float32Array.from({ length }, () => middle + 0.07 * (uniform() - 0.5));
      writeFileSync(join(folder, `${name}.bin`), values);
      return [name, constant(values, shape)] as const;
    }),
  );
  const tokens = BigInt64Array.from({ length: batch * time }, () => BigInt(Math.floor(uniform() * GPT2_SMALL.vocab)));
  writeFileSync(join(folder, "tokens.bin"), tokens);
  const { logits } = decoder({
    config: GPT2_SMALL,
    weights: (name) => {
      const found = weights.get(name);
      if (!found) throw new RangeError(`there is no weight ${name}`);
      return found;
    },
    tokens: input("tokens", [batch, time], "int64"),
    open: NAMES,
  });
  const runner = await Runner.load(compile({ outputs: { logits } }, { read: NAMES }), { threads: 2 });
  return { runner, tokens };
}

function writeValues(folder: string, values: Values, { program }: Runner, batch: number, time: number): void {
  const names: Record<string, readonly number[]> = {};
  for (const [name, { shape }] of Object.entries(program.outputs)) {
    names[name] = shape;
    writeFileSync(join(folder, `activation.${name}.bin`), values[name] as Float32Array);
  }
  writeFileSync(join(folder, "task.json"), JSON.stringify({ config: GPT2_SMALL, batch, time, names }));
}

/** @returns the largest difference @throws when an activation is missing or another */
function agreed(differences: z.infer<typeof Differences>): number {
  const unread = Object.keys(differences).filter((name) => differences[name] === null);
  if (unread.length > 0) throw new Error(`TransformerLens keeps ${unread.join(", ")}: not read here`);
  for (const [name, apart] of Object.entries(differences))
    if (apart !== null && !(apart <= TOLERANCE)) throw new Error(`${name} differs from TransformerLens's by ${apart}`);
  const absent = NAMES.find((name) => !(name in differences));
  if (absent !== undefined) throw new Error(`TransformerLens does not keep ${absent}`);
  return Math.max(...Object.values(differences).map(Number));
}

interface Peer {
  next(): Promise<unknown>;
  ask(): Promise<unknown>;
  end(): void;
}

function startPeer(python: string, folder: string): Peer {
  const child = spawn(python, [PEER, folder], { stdio: ["pipe", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors = `${errors}${chunk}`.slice(-2_000);
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the peer ended: ${errors.trim().split("\n").at(-1)}`);
    return JSON.parse(value);
  };
  return {
    next,
    ask: () => {
      child.stdin.write("run\n");
      return next();
    },
    end: () => void child.stdin.end(),
  };
}
