import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeBatch, randomBatch, sequentialBatch, sequentialBatches } from "./batches.ts";
import { Dataset, TokenRow } from "./dataset.ts";
import { type Encoder, type PrepareOptions, prepareDataset } from "./prepare.ts";
import { Shard, writeShard } from "./shard.ts";
import { cutByPosition, sideOf } from "./split.ts";

const bytes: Encoder = { vocabSize: 257, encode: (text) => new TextEncoder().encode(text) };
const ready: PrepareOptions = { encoder: bytes, tokenizerIdentity: "bytes", endOfText: 256 };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "candor-data-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a shard", () => {
  it("gives back every window of what was written, whole in memory and by place alike", () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.array(fc.nat(0xffff), { minLength: 1, maxLength: 300 }),
        fc.array(fc.nat(300), { maxLength: 9 }),
        fc.nat(),
        fc.nat(),
        (wide, tokens, starts, a, b) => {
          const path = join(folder, "shard.tokens");
          writeShard(
            path,
            wide ? Uint32Array.from(tokens, (t) => t * 3) : Uint16Array.from(tokens),
            starts,
            "ab".repeat(32),
          );
          const [from, length] = [a % tokens.length, 1 + (b % tokens.length)];
          const wanted = tokens.slice(from, from + length).map((t) => (wide ? t * 3 : t));
          for (const whole of [0, 1 << 20]) {
            using shard = opened(path, whole);
            shard.value.verify();
            expect([...shard.value.window(from, wanted.length)]).toEqual(wanted);
            expect(shard.value.starts()).toEqual(starts);
            expect(shard.value.tokenizerHash).toBe("ab".repeat(32));
          }
        },
      ),
    );
  });

  it("that was cut, changed or is none is refused", () => {
    const path = join(folder, "damaged.tokens");
    const write = () => writeShard(path, Uint16Array.of(1, 2, 3), [0], "00".repeat(32));
    write();
    truncateSync(path, 100);
    expect(() => new Shard(path)).toThrow("is cut short");
    write();
    const content = readFileSync(path);
    content[97] = (content[97] ?? 0) ^ 1;
    writeFileSync(path, content);
    using shard = opened(path);
    expect(() => shard.value.verify()).toThrow("wrong checksum");
    writeFileSync(path, "hello");
    expect(() => new Shard(path)).toThrow("no shard");
  });
});

describe("prepared data", () => {
  let source: string;
  let target: string;
  beforeEach(() => {
    source = join(folder, "source.jsonl");
    target = join(folder, "target");
    rmSync(target, { recursive: true, force: true });
  });
  const lay = (texts: readonly string[]) =>
    writeFileSync(source, texts.map((text) => JSON.stringify({ text })).join("\n"));

  it("holds every document once, on the side that its content says, in order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.stringMatching(/^[a-z]{1,20}$/), { minLength: 40, maxLength: 80 }),
        fc.integer({ min: 5, max: 500 }),
        async (texts, shardTokens) => {
          rmSync(target, { recursive: true, force: true });
          lay(texts);
          await prepareDataset([source], target, { ...ready, shardTokens, split: { by: "document", fraction: 0.4 } });
          const data = new Dataset(target);
          for (const side of ["train", "validation"] as const) {
            const wanted = texts.filter((text) => sideOf(text, 0.4) === side);
            expect(all(data[side])).toEqual(wanted.flatMap((text) => [...new TextEncoder().encode(text), 256]));
            expect(data[side].shards.reduce((sum, { documents }) => sum + documents, 0)).toBe(wanted.length);
          }
          data.close();
        },
      ),
      { numRuns: 10 },
    );
  });

  it("is byte for byte the same when it was cut off and went on", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(99), async (stop) => {
        lay(Array.from({ length: 100 }, (_, i) => `document ${i} `.repeat(3)));
        const straight = join(folder, "straight");
        for (const path of [target, straight]) rmSync(path, { recursive: true, force: true });
        const options = { ...ready, shardTokens: 300 };
        let left = stop;
        const failing: Encoder = {
          ...bytes,
          encode: (text) => {
            if (left-- === 0) throw new Error("power cut");
            return bytes.encode(text);
          },
        };
        await expect(prepareDataset([source], target, { ...options, encoder: failing })).rejects.toThrow("power cut");
        let encoded = 0;
        const counting: Encoder = {
          ...bytes,
          encode: (text) => {
            encoded++;
            return bytes.encode(text);
          },
        };
        await prepareDataset([source], target, { ...options, encoder: counting });
        if (stop > 20) expect(encoded).toBeLessThan(100);
        await prepareDataset([source], straight, options);
        expect(contents(target)).toEqual(contents(straight));
      }),
      { numRuns: 10 },
    );
  });

  it("is not made twice, and not mixed with other data", async () => {
    lay(Array.from({ length: 60 }, (_, i) => `text ${i}`));
    await prepareDataset([source], target, ready);
    const never: Encoder = { ...bytes, encode: () => expect.unreachable() };
    expect((await prepareDataset([source], target, { ...ready, encoder: never })).finished).toBe(true);
    await expect(prepareDataset([source], target, { ...ready, tokenizerIdentity: "other" })).rejects.toThrow(
      "holds other data",
    );
  });

  it("stops when it is told to, and then goes on", async () => {
    lay(Array.from({ length: 5000 }, (_, i) => `text ${i}`));
    const stop = new AbortController();
    const progress = ({ tokens }: { tokens: number }) => tokens > 4000 && stop.abort();
    const slow: Encoder = {
      ...bytes,
      encode: (text) => {
        for (const until = performance.now() + 0.3; performance.now() < until; );
        return bytes.encode(text);
      },
    };
    const told = { ...ready, encoder: slow, shardTokens: 2000, signal: stop.signal, progress };
    await expect(prepareDataset([source], target, told)).rejects.toThrow("aborted");
    expect(readdirSync(target)).toContain("train-00000.tokens");
    expect(readdirSync(target).filter((name) => name.endsWith(".partial"))).toEqual([]);
    const { train, validation } = await prepareDataset([source], target, { ...ready, shardTokens: 2000 });
    expect(train.documents + validation.documents).toBe(5000);
  });

  it("is refused when a byte of it changed or its summary is none", async () => {
    lay(Array.from({ length: 60 }, (_, i) => `text ${i}`));
    await prepareDataset([source], target, ready);
    const shard = join(target, "train-00000.tokens");
    const content = readFileSync(shard);
    content[97] = 0xff;
    writeFileSync(shard, content);
    expect(() => new Dataset(target)).toThrow("train-00000.tokens has a wrong checksum");
    writeFileSync(join(target, "dataset.json"), '{"version": 1, "finished": true}');
    expect(() => new Dataset(target)).toThrow("dataset.json cannot be read");
  });

  it("cuts a single text where nanoGPT does", async () => {
    const text = "abcdefghijklmnopqrstuvwxy";
    writeFileSync(source.replace("jsonl", "txt"), text);
    await prepareDataset([source.replace("jsonl", "txt")], target, {
      encoder: bytes,
      tokenizerIdentity: "bytes",
      split: { by: "position", fraction: 0.1 },
    });
    const data = new Dataset(target);
    expect([all(data.train).length, all(data.validation).length]).toEqual([22, 3]);
    data.close();
    expect(cutByPosition("aaaa\u{1f600}", 0.2).validation).toBe("\u{1f600}");
  });

  it.each([
    ["one document", ["alone"], ready, "is one document"],
    [
      "too few documents",
      ["a", "b"],
      { ...ready, split: { by: "document", fraction: 1e-9 } } as const,
      "fell to validation",
    ],
    [
      "several texts by position",
      ["a", "b"],
      { ...ready, split: { by: "position", fraction: 0.1 } } as const,
      "more than one document",
    ],
    ["a token out of range", ["a", "b"], { ...ready, encoder: { ...bytes, vocabSize: 50 } }, "out of its range of 50"],
    [
      "nothing set aside",
      ["a", "b"],
      { ...ready, split: { by: "document", fraction: 0 } } as const,
      "cannot be set aside",
    ],
  ])("refuses %s and leaves nothing behind", async (_, texts, options, message) => {
    lay(texts);
    await expect(prepareDataset([source], target, options)).rejects.toThrow(message);
    expect(existsSync(target)).toBe(false);
  });
});

describe("batches", () => {
  it("are a function of seed and step, and targets follow inputs", () => {
    const row = rowOf([40, 1, 77, 200]);
    const [one, two] = [makeBatch(5, 16), makeBatch(5, 16)];
    fc.assert(
      fc.property(fc.integer(), fc.nat(), fc.nat(), (seed, step, other) => {
        randomBatch(row, seed, step, one);
        randomBatch(row, seed, other, two);
        randomBatch(row, seed, step, two);
        expect(two.inputs).toEqual(one.inputs);
        expect(two.targets).toEqual(one.targets);
        for (const [i, token] of one.inputs.entries()) expect(one.targets[i]).toBe(token + 1);
      }),
    );
    row.close();
  });

  it("reach every window alike", () => {
    const row = rowOf([30, 33]);
    const batch = makeBatch(50, 4);
    const counts = new Array<number>(59).fill(0);
    for (let step = 0; step < 1180; step++) {
      randomBatch(row, 1, step, batch);
      for (let r = 0; r < 50; r++) {
        const start = batch.inputs[r * 4] as number;
        counts[start] = (counts[start] ?? 0) + 1;
      }
    }
    // 1,000 expected of each of 59 starts: chi-squared with 58 degrees of freedom is below 98 in 999 of 1,000 cases.
    expect(counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(98);
    row.close();
  });

  it("of a pass make each token but the first a target exactly once", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 20 }),
        (sizes, rows, context) => {
          const row = rowOf(sizes);
          fc.pre(row.length > 1);
          const batch = makeBatch(rows, context);
          const seen: number[] = [];
          for (let n = 0; n < sequentialBatches(row, batch); n++) {
            sequentialBatch(row, n, batch);
            for (const [i, weight] of batch.weights.entries()) {
              if (weight === 0) continue;
              seen.push(batch.targets[i] as number);
              expect(batch.inputs[i]).toBe((batch.targets[i] as number) - 1);
            }
          }
          expect(seen).toEqual(Array.from({ length: row.length - 1 }, (_, i) => i + 1));
          row.close();
        },
      ),
    );
  });

  it("longer than the data are refused", () => {
    const row = rowOf([10]);
    expect(() => randomBatch(row, 1, 1, makeBatch(1, 10))).toThrow("no window of 10");
    randomBatch(row, 1, 1, makeBatch(1, 9));
    row.close();
  });
});

/** Tokens 0, 1, 2, ... in shards of these sizes. */
function rowOf(sizes: readonly number[]): TokenRow {
  let next = 0;
  const shards = sizes.map((size, i) => {
    const path = join(folder, `row-${i}.tokens`);
    writeShard(
      path,
      Uint16Array.from({ length: size }, () => next++),
      [],
      "00".repeat(32),
    );
    return new Shard(path, i % 2 === 0 ? 0 : undefined);
  });
  return new TokenRow(shards);
}

function all(row: TokenRow): number[] {
  const into = new Int32Array(row.length);
  row.copy(0, row.length, into, 0);
  return [...into];
}

function contents(path: string): Record<string, string> {
  return Object.fromEntries(readdirSync(path).map((name) => [name, readFileSync(join(path, name), "hex")]));
}

function opened(path: string, whole?: number): Disposable & { value: Shard } {
  const value = new Shard(path, whole);
  return { value, [Symbol.dispose]: () => value.close() };
}
