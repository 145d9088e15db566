/** Tokens a second beside `transformers`: same weights, same prompts, same machine, in turns; and what int8 costs in loss. */
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Engine, generateBatch, type Precision } from "@candor/transformer";
import { type Bench, type BenchContext, figure, goal, option, type Row } from "./bench.ts";
import { type Peer, type PeerMode, startPeer } from "./generation-peer.ts";
import { qualityRows } from "./generation-quality.ts";
import { type GenerationTask, generationTask, spelling } from "./generation-task.ts";
import { GPT2_SMALL } from "./gpt2-small.ts";
import { pythonWithTorch } from "./python-peer.ts";
import { quantile } from "./quantile.ts";

const SHARED = new URL("../../../shared/data/tinyshakespeare.txt", import.meta.url);

export const generation: Bench = {
  name: "generation",
  description:
    "tokens a second of a GPT-2-small shape beside transformers, int8's loss (--pairs, --tokens, --batch 1|16, --quality-steps)",
  duration: "8 min",
  run,
};

async function run(context: BenchContext): Promise<Row[]> {
  const { args, note } = context;
  const pairs = Number(option(args, "pairs") ?? 3);
  const only = option(args, "batch");
  const python = pythonWithTorch(note);
  const rows: Row[] = [];
  const task = await generationTask();
  try {
    if (only === undefined || only === "1") {
      const tokens = Number(option(args, "tokens") ?? 128);
      rows.push(
        ...(await speedRows(
          task,
          { batch: 1, tokens, pairs, precisions: { float32: ">= 1.2", int8: ">= 2" } },
          python,
          note,
        )),
      );
    }
    if (only === undefined || only === "16") {
      const tokens = Number(option(args, "tokens") ?? 32);
      rows.push(
        ...(await speedRows(task, { batch: 16, tokens, pairs, precisions: { float32: ">= 1.5" } }, python, note)),
      );
    }
  } finally {
    rmSync(task.folder, { recursive: true, force: true });
  }
  const steps = Number(option(args, "quality-steps") ?? 2_000);
  if (steps > 0) rows.push(...(await qualityRows(option(args, "file") ?? fileURLToPath(SHARED), steps, context)));
  return rows;
}

interface Speed {
  batch: number;
  tokens: number;
  pairs: number;
  /** Goals against the peer's better float32. */
  precisions: Partial<Record<Precision, string>>;
}

async function speedRows(
  task: GenerationTask,
  { batch, tokens, pairs, precisions }: Speed,
  python: string | undefined,
  note: (line: string) => void,
): Promise<Row[]> {
  const name = `12 x 768, batch ${batch}, ${tokens} new tokens`;
  const prompts = task.prompts.slice(0, batch);
  const peers: Peer[] = [];
  const times = new Map<string, number[]>();
  const timed = async (who: string, run: () => Promise<number>): Promise<void> => {
    times.set(who, [...(times.get(who) ?? []), await run()]);
  };
  try {
    const modes: PeerMode[] = batch === 1 ? ["eager", "compile", "int8"] : ["eager", "int8"];
    for (const mode of python ? modes : []) {
      try {
        peers.push(await startPeer(python ?? "", task.folder, { mode, batch, tokens }));
      } catch (error) {
        note(`transformers, ${mode}, does not work here: ${error instanceof Error ? error.message : error}`);
      }
    }
    for (const precision of Object.keys(precisions) as Precision[]) {
      await using engine = await Engine.create(GPT2_SMALL, task.weights, {
        batch,
        precision,
        threads: 2,
        context: 32 + tokens,
        chunk: 32,
      });
      const answer = () =>
        generateBatch(
          { engine, tokenizer: spelling, ends: [] },
          prompts.map((prompt) => ({ prompt, maxTokens: tokens, temperature: 0 })),
        );
      const said = (await answer()).map(({ pieces }) => pieces.flatMap(({ token }) => token?.id ?? []));
      if (precision === "float32")
        for (const peer of peers.filter(({ mode }) => mode !== "int8")) agree(name, said, peer);
      for (let pair = 0; pair < pairs; pair++) {
        await timed(precision, async () => {
          const began = performance.now();
          await answer();
          return (performance.now() - began) / 1000;
        });
        for (const peer of peers) await timed(`${precision} ${peer.mode}`, () => peer.time());
      }
    }
  } finally {
    for (const peer of peers) peer.end();
  }
  const rate = (who: string): number | null => {
    const seconds = times.get(who);
    return seconds ? (batch * tokens) / (quantile(seconds, 0.5) ?? Number.NaN) : null;
  };
  return Object.entries(precisions).flatMap(([precision, wanted]): Row[] => {
    const against = (mode: PeerMode, wish?: string): Row => {
      const theirs = times.get(`${precision} ${mode}`);
      const ratios = (times.get(precision) ?? []).flatMap((own, n) =>
        theirs?.[n] === undefined ? [] : [theirs[n] / own],
      );
      const ratio = quantile(ratios, 0.5);
      const ok = wish && ratio !== null ? goal("", "", ratio, wish).ok : undefined;
      return {
        ...figure("tokens_per_second", `${name}, ${precision}`, rate(precision), "tokens/s"),
        peer: `transformers, ${mode}`,
        peer_value: rate(`${precision} ${mode}`),
        ratio,
        ...(wish && { goal: wish }),
        ...(ok !== undefined && { ok }),
      };
    };
    const better = (rate(`${precision} compile`) ?? 0) > (rate(`${precision} eager`) ?? 0) ? "compile" : "eager";
    const others = peers.map(({ mode }) => mode).filter((mode) => mode !== better);
    return [against(better, wanted), ...others.map((mode) => against(mode))];
  });
}

/** Greedy answers, token for token. */
function agree(name: string, ours: readonly (readonly number[])[], peer: Peer): void {
  for (const [row, tokens] of ours.entries()) {
    const at = tokens.findIndex((token, n) => token !== peer.tokens[row]?.[n]);
    if (at >= 0) throw new Error(`${name}: answer ${row} differs from transformers (${peer.mode}) at token ${at}`);
  }
}
