import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TransformerError } from "../transformer-error.ts";
import { BYTES, type Dtype, fromFloat32 } from "./dtype.ts";
import { openCheckpoint } from "./open-checkpoint.ts";
import { openSafetensors } from "./read-safetensors.ts";
import { type TensorToWrite, writeSafetensors } from "./write-safetensors.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "candor-safetensors-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const tensor = fc
  .tuple(fc.constantFrom(...(Object.keys(BYTES) as Dtype[])), fc.array(fc.nat(4), { maxLength: 3 }))
  .chain(([dtype, shape]) => {
    const size = shape.reduce((product, n) => product * n, BYTES[dtype]);
    return fc.uint8Array({ minLength: size, maxLength: size }).map((bytes): TensorToWrite => ({ dtype, shape, bytes }));
  });
const tensors = fc
  .array(fc.tuple(fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }), tensor), { maxLength: 6 })
  .map((entries) => new Map(entries));

async function readAll(path: string) {
  await using file = await openSafetensors(path);
  const all = new Map<string, TensorToWrite>();
  for (const [name, { dtype, shape }] of file.tensors) all.set(name, { dtype, shape, bytes: await file.bytes(name) });
  return all;
}

describe("safetensors", () => {
  it("come back as they were written, whatever the names, types and shapes", async () => {
    const path = join(folder, "round.safetensors");
    await fc.assert(
      fc.asyncProperty(tensors, async (written) => {
        await writeSafetensors(path, written, { step: "7" });
        expect(await readAll(path)).toEqual(written);
      }),
      { numRuns: 60 },
    );
    expect((await readdir(folder)).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("cut off anywhere, or with any bytes changed, give one clear line or the data that was written", async () => {
    const path = join(folder, "damaged.safetensors");
    const damage = fc.oneof(
      fc.record({ kind: fc.constant("cut" as const), at: fc.double({ min: 0, max: 0.999, noNaN: true }) }),
      fc.record({
        kind: fc.constant("change" as const),
        at: fc.double({ min: 0, max: 0.999, noNaN: true }),
        bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }),
      }),
      fc.record({ kind: fc.constant("append" as const), bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }) }),
    );
    let caught = 0;
    await fc.assert(
      fc.asyncProperty(tensors, damage, async (written, harm) => {
        await writeSafetensors(path, written);
        const whole = await readFile(path);
        let harmed: Buffer = Buffer.from(whole);
        if (harm.kind === "cut") harmed = harmed.subarray(0, Math.floor(harm.at * harmed.length));
        else if (harm.kind === "change")
          harmed.set(harm.bytes.subarray(0, 8), Math.floor(harm.at * (harmed.length - 8)));
        else harmed = Buffer.concat([harmed, harm.bytes]);
        await writeFile(path, harmed);
        try {
          expect(await readAll(path)).toEqual(written);
        } catch (error) {
          if (!TransformerError.isInstance(error)) throw error;
          caught++;
          expect(error.message).toContain(path);
          expect(error.message).not.toContain("\n");
        }
      }),
      { numRuns: 300 },
    );
    expect(caught).toBeGreaterThan(100);
  });

  const file = (header: unknown, data = 0) => {
    const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
    const prefix = Buffer.alloc(8);
    prefix.writeBigUInt64LE(BigInt(json.length));
    return Buffer.concat([prefix, json, Buffer.alloc(data)]);
  };
  const f32 = (shape: number[], begin: number, end: number) => ({ dtype: "F32", shape, data_offsets: [begin, end] });
  const wrong: [why: string, bytes: Uint8Array, message: string][] = [
    ["empty", Buffer.alloc(0), "it is cut off: 0 bytes"],
    [
      "a header longer than the file",
      Buffer.from([255, 0, 0, 0, 0, 0, 0, 0, 1]),
      "says it is 255 bytes long, the file is 9",
    ],
    ["a header of 2^64 bytes", Buffer.alloc(9, 255), "says it is 18446744073709552000 bytes long"],
    ["no JSON", file("{"), "its header is not JSON"],
    ["a list", file([]), "its header is no object"],
    ["overlap", file({ a: f32([1], 0, 4), b: f32([1], 2, 6) }, 6), "tensors a and b overlap"],
    ["a gap", file({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12), "a gap between a and tensor b"],
    ["shape and size at odds", file({ a: f32([2], 0, 4) }, 4), "tensor a is F32 [2], 8 bytes, but has 4"],
    [
      "an unknown dtype",
      file({ a: { dtype: "F4", shape: [1], data_offsets: [0, 1] } }, 1),
      'tensor a has the dtype "F4"',
    ],
    ["negative offsets", file({ a: f32([1], -4, 0) }), "tensor a has no dtype, shape and data_offsets"],
    ["cut off data", file({ a: f32([2], 0, 8) }, 5), "it is cut off: its tensors need 8 bytes, it has 5"],
    ["more data", file({ a: f32([2], 0, 8) }, 9), "1 bytes too many"],
  ];
  it.each(wrong)("are refused: %s", async (_, bytes, message) => {
    const path = join(folder, "wrong.safetensors");
    await writeFile(path, bytes);
    await expect(openSafetensors(path)).rejects.toThrow(message);
    await expect(openSafetensors(path)).rejects.toThrow(path);
  });

  it("stay as they were when a new version cannot be written", async () => {
    const path = join(folder, "kept.safetensors");
    await writeSafetensors(path, new Map([["x", { dtype: "U8", shape: [1], bytes: Uint8Array.of(7) }]]));
    const before = await readFile(path);
    const broken = new Map([["x", { dtype: "U8" as const, shape: [2], bytes: Uint8Array.of(7) }]]);
    await expect(writeSafetensors(path, broken)).rejects.toThrow("tensor x: U8 [2] is 2 bytes, given 1");
    expect(await readFile(path)).toEqual(before);
  });
});

describe("a folder with shards", () => {
  const one = { dtype: "F32" as const, shape: [2], bytes: fromFloat32(Float32Array.of(1, 2), "F32") };
  const index = (map: Record<string, string>) =>
    writeFile(join(folder, "model.safetensors.index.json"), JSON.stringify({ metadata: {}, weight_map: map }));

  it("reads each tensor from its file, and names the shard or tensor that is missing", async () => {
    await writeSafetensors(join(folder, "s1.safetensors"), new Map([["a", one]]));
    await writeSafetensors(join(folder, "s2.safetensors"), new Map([["b", one]]));
    await index({ a: "s1.safetensors", b: "s2.safetensors" });
    await using store = await openCheckpoint(folder);
    expect([...store.tensors.keys()]).toEqual(["a", "b"]);
    expect([...(await store.float32("b"))]).toEqual([1, 2]);
    await index({ a: "s1.safetensors", b: "s3.safetensors" });
    await expect(openCheckpoint(folder)).rejects.toThrow("s3.safetensors: there is no such file");
    await index({ c: "s1.safetensors" });
    await expect(openCheckpoint(folder)).rejects.toThrow("tensor c is not in s1.safetensors");
    await index({ a: "../s1.safetensors" });
    await expect(openCheckpoint(folder)).rejects.toThrow("weight_map.a: is no file beside the index");
  });
});
