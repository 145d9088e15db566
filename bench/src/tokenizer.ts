/** How fast tokenizers are learnt and used, beside @huggingface/tokenizers. */
import { readFile } from "node:fs/promises";
import { trainBpe } from "@candor/transformer";
import { Tokenizer as HuggingFace } from "@huggingface/tokenizers";
import { type Bench, type BenchContext, figure, option, type Row } from "./bench.ts";

export const tokenizer: Bench = {
  name: "tokenizer",
  description: "megabytes a second of learning and using byte-level BPE, with the peer's on the same vocabulary",
  duration: "1 min",
  run,
};

const PATTERNS = ["gpt2", "llama3"] as const;
/** A vocabulary of thousands on a text of one megabyte; `--file` gives a larger one. */
const VOCABULARY = 4_096;
const ROUNDS = 5;

async function run({ args, note }: BenchContext): Promise<Row[]> {
  const file = option(args, "file");
  const text = file === undefined ? syntheticText(Number(option(args, "seed") ?? 1)) : await readFile(file, "utf8");
  const megabytes = Buffer.byteLength(text) / 1e6;
  note(`${megabytes.toFixed(2)} MB from ${file ?? "a made-up language"}`);
  const rows: Row[] = [];
  for (const pattern of PATTERNS) {
    const began = performance.now();
    const ours = await trainBpe([text], { vocabSize: VOCABULARY, pattern, special: ["<|endoftext|>"] });
    rows.push(figure("train", pattern, perSecond(megabytes, performance.now() - began), "MB/s"));
    const document = ours.toJSON();
    const peer = new HuggingFace(document, {});
    // Correct before fast.
    const ids = ours.encode(text);
    if (ids.join() !== peer.encode(text).ids.join()) throw new Error(`${pattern}: the peer encodes the text otherwise`);
    if (ours.decode(ids) !== text) throw new Error(`${pattern}: the text does not come back`);
    const times: { ours: number[]; peer: number[] } = { ours: [], peer: [] };
    for (let round = 0; round < ROUNDS; round++) {
      times.ours.push(timed(() => ours.encode(text)));
      times.peer.push(timed(() => peer.encode(text)));
    }
    rows.push(beside("encode", pattern, megabytes, times));
    const decoding: typeof times = { ours: [], peer: [] };
    for (let round = 0; round < ROUNDS; round++) {
      decoding.ours.push(timed(() => ours.decode(ids)));
      decoding.peer.push(timed(() => peer.decode(ids)));
    }
    rows.push(beside("decode", pattern, megabytes, decoding));
  }
  return rows;
}

const perSecond = (megabytes: number, ms: number): number => Number(((megabytes / ms) * 1_000).toFixed(2));

function timed(work: () => unknown): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

function beside(metric: string, name: string, megabytes: number, times: { ours: number[]; peer: number[] }): Row {
  const [value, theirs] = [perSecond(megabytes, median(times.ours)), perSecond(megabytes, median(times.peer))];
  const ratio = Number((value / theirs).toFixed(2));
  return { metric, case: name, value, unit: "MB/s", peer: "@huggingface/tokenizers", peer_value: theirs, ratio };
}

/** Two megabytes of words whose frequencies fall as their rank rises (Zipf), with numbers and punctuation. */
function syntheticText(seed: number): string {
  let state = seed >>> 0 || 1;
  const random = () => {
    // Marsaglia's xorshift.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const pick = (from: string) => from[Math.floor(random() * from.length)] ?? "";
  const syllable = () => pick("bdfghklmnprstvwz") + pick("aeiou") + (random() < 0.4 ? pick("nrstl") : "");
  const word = () => Array.from({ length: 1 + Math.floor(random() * 4) }, syllable).join("");
  const words = Array.from({ length: 30_000 }, word);
  const parts: string[] = [];
  for (let length = 0; length < 2e6; ) {
    const next = random() < 0.02 ? String(Math.floor(random() * 1e4)) : words[Math.floor(words.length ** random()) - 1];
    const end = random() < 0.1 ? pick(".,;!?") + (random() < 0.2 ? "\n" : " ") : " ";
    parts.push(next ?? "", end);
    length += (next?.length ?? 0) + end.length;
  }
  return parts.join("");
}
