/** The lens beside TransformerLens, on the shape of the smallest GPT-2 with weights of chance; and how fast a page answers what is typed. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { attributionPatching, CircuitFinder, Lens, PromptReader } from "@candor/lens";
import { initialWeights, Random } from "@candor/training";
import { fromFloat32, weightShapes, writeSafetensors } from "@candor/transformer";
import { z } from "zod";
import { type Bench, goal, type Row } from "./bench.ts";
import { GPT2_SMALL } from "./gpt2-small.ts";
import { PeerProcess } from "./peer-process.ts";
import { pythonWith } from "./python-peer.ts";
import { quantile } from "./quantile.ts";

const ROUNDS = 7;
const TOKENS = 32;
const Timed = z.object({ seconds: z.number(), numbers: z.array(z.number()) });

export const lensSpeed: Bench = {
  name: "lens-speed",
  description:
    "runs with cache and attribution patching beside TransformerLens, and a page's answer, on 12 layers of 768",
  duration: "3 min",
  run: async ({ note }) => {
    const config = GPT2_SMALL;
    const weights = initialWeights(config, 1);
    const folder = await mkdtemp(join(tmpdir(), "candor-lens-"));
    const python = pythonWith("transformer_lens", "transformer-lens==3.9.0", note);
    let peer: PeerProcess | undefined;
    try {
      if (python) {
        const file = join(folder, "weights.safetensors");
        const stored = Array.from(weightShapes(config), ([name, shape]) => {
          const bytes = fromFloat32(weights.get(name) ?? new Float32Array(), "F32");
          return [name, { dtype: "F32" as const, shape, bytes }] as const;
        });
        await writeSafetensors(file, new Map(stored));
        const { layers, heads, headDim, width, mlpWidth, vocab, context } = config;
        const script = fileURLToPath(new URL("../peers/lens.py", import.meta.url));
        peer = new PeerProcess(python, [
          script,
          file,
          ...[layers, heads, headDim, width, mlpWidth, vocab, context].map(String),
        ]);
        await peer.said();
      }
      return await measured(weights, peer, note);
    } finally {
      peer?.end();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface Operation {
  /** How many times the peer's speed it is to have. */
  least?: number;
  ask: string;
  ours(): Promise<(number | number[])[]>;
}

/** The edges that the peer keeps, too. */
const keptEdges = ({ wiring, edges }: CircuitFinder): Float32Array => {
  const kept = new Float32Array(edges.length);
  for (const [g, { start, readers, writers }] of wiring.groups.entries())
    for (let r = 0; r < readers.length; r++)
      for (let w = 0; w < writers; w++) kept[start + r * writers + w] = Number((7 * g + r + w) % 3 !== 0);
  return kept;
};

async function measured(
  weights: ReadonlyMap<string, Float32Array>,
  peer: PeerProcess | undefined,
  note: (line: string) => void,
): Promise<Row[]> {
  const config = GPT2_SMALL;
  await using lens = new Lens(config, weights, { threads: 2 });
  const random = new Random(1, 2);
  const row = (length: number): number[] => Array.from({ length }, () => random.below(config.vocab));
  const [clean, corrupted] = [[row(TOKENS)], [row(TOKENS)]];
  const token = 7;
  const isZ = (name: string): boolean => name.endsWith("hook_z");
  const operations: Record<string, Operation> = {
    run_with_cache: {
      least: 2,
      ask: `cache ${JSON.stringify(clean)}`,
      ours: async () => {
        const { logits, cache } = await lens.runWithCache(clean);
        const stream = cache.at("blocks.3.hook_resid_mid").values;
        return [...logits.slice(-config.vocab).slice(0, 4), ...stream.slice(-config.width).slice(0, 4)];
      },
    },
    attribution_patching: {
      least: 3,
      ask: `attribution ${JSON.stringify(clean)} ${JSON.stringify(corrupted)} ${token}`,
      ours: async () => {
        const effects = await attributionPatching(lens, { clean, corrupted }, { weights: [[[token, 1]]] }, isZ);
        return [[...effects.values()].reduce((sum, values) => values.reduce((a, x) => a + x, sum), 0)];
      },
    },
  };
  const direction = new Float32Array(TOKENS * config.vocab);
  direction[(TOKENS - 1) * config.vocab + token] = 1;
  await using finder = await CircuitFinder.open(lens, {
    ...{ clean, corrupted, ablation: "resample", direction, threads: 2 },
  });
  const every = new Float32Array(finder.edges.length).fill(1);
  const pair = `${JSON.stringify(clean)} ${JSON.stringify(corrupted)}`;
  const acdcRun = async (): Promise<number[]> => {
    const logits = await finder.logits(keptEdges(finder));
    return Array.from(logits.subarray((TOKENS - 1) * config.vocab, (TOKENS - 1) * config.vocab + 8));
  };
  const all: Record<string, Operation> = {
    ...operations,
    eap: {
      least: 3,
      ask: `eap ${pair} ${token}`,
      ours: async () => {
        // What opening did once: what writers say on the clean and on the corrupted row.
        await finder.logits(every);
        await finder.logits(every);
        const scores = await finder.slopes();
        return [scores.reduce((a, b) => a + b, 0), scores.reduce((a, b) => a + Math.abs(b), 0)];
      },
    },
    "acdc, a run, the peer edge by edge": { least: 5, ask: `acdc ${pair}`, ours: acdcRun },
    "acdc, a run, the peer a reader at a time": { ask: `acdc-at-once ${pair}`, ours: acdcRun },
  };
  const rows: Row[] = [];
  for (const [name, { least, ask, ours }] of Object.entries(all)) {
    const [own, theirs]: [number[], number[]] = [[], []];
    let difference = 0;
    for (let round = -1; round < ROUNDS; round++) {
      const begun = performance.now();
      const numbers = (await ours()).flat();
      const seconds = (performance.now() - begun) / 1000;
      const other = peer && Timed.parse(await peer.ask(ask));
      if (round < 0) continue;
      own.push(seconds);
      if (!other) continue;
      theirs.push(other.seconds);
      difference = Math.max(difference, ...numbers.map((x, n) => Math.abs(x - (other.numbers[n] ?? Number.NaN))));
    }
    const value = 1000 * (quantile(own, 0.5) ?? Number.NaN);
    const peerValue = peer ? 1000 * (quantile(theirs, 0.5) ?? Number.NaN) : null;
    const ratio = peerValue === null ? null : peerValue / value;
    note(`${name}: ${value.toFixed(1)} ms${peerValue === null ? "" : `, TransformerLens ${peerValue.toFixed(1)} ms`}`);
    rows.push({
      ...{ metric: "speed", case: name, value, unit: "ms", peer: "TransformerLens 3.9", peer_value: peerValue, ratio },
      ...(least !== undefined && { goal: `>= ${least}`, ...(ratio !== null && { ok: ratio >= least }) }),
    });
    if (peer) rows.push(goal("difference", name, difference, "<= 0.0001"));
  }
  await using reader = new PromptReader(lens, { threads: 2 });
  const answers: number[] = [];
  // As somebody types: a token more each time, and the program of their length at hand.
  for (let round = -1; round < ROUNDS; round++) {
    const begun = performance.now();
    await reader.read(row(9 + Math.max(0, round)));
    if (round >= 0) answers.push(performance.now() - begun);
  }
  rows.push(goal("page_answer", "a typed prompt of 9 to 15 tokens, median", quantile(answers, 0.5), "<= 300", "ms"));
  return rows;
}
