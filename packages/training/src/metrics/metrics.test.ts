import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawCurve, LiveCurve } from "./curve.ts";
import { MetricsLog, type MetricsRecord, readMetrics } from "./jsonl.ts";
import { EventFile, readEvents } from "./tensorboard.ts";
import { crc32c, decodeRecords, encodeRecord } from "./tfrecord.ts";

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "candor-metrics-"));
  path = join(folder, "metrics.jsonl");
});
afterAll(() => rmSync(folder, { recursive: true }));

function log(records: readonly MetricsRecord[]): string | null {
  const file = new MetricsLog(path);
  for (const record of records) file.append(record);
  file.close();
  return file.torn;
}

describe("metrics as JSON lines", () => {
  const measures = fc.array(fc.record({ loss: fc.double(), lr: fc.float() }), { minLength: 1, maxLength: 20 });

  it("come back as they were, NaN and infinities too", () => {
    fc.assert(
      fc.property(measures, (all) => {
        rmSync(path, { force: true });
        // JSON has no minus zero.
        const records = all.map(({ loss, lr }, step) => ({ step, loss: loss + 0, lr: lr + 0 }));
        log(records);
        expect(readMetrics(path)).toEqual({ records, torn: null });
      }),
    );
  });

  it("survive a crash at any byte: what was whole is kept, what was torn is said, and the next run writes on", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(), (count, cut) => {
        rmSync(path, { force: true });
        log(Array.from({ length: count }, (_, step) => ({ step, loss: 1 / (step + 1) })));
        const text = readFileSync(path, "utf8");
        const size = cut % (text.length + 1);
        truncateSync(path, size);
        const whole = text.slice(0, size).split("\n").length - 1;
        const torn = text.slice(0, size).split("\n").at(-1) || null;
        expect(readMetrics(path).torn).toBe(torn);
        expect(readMetrics(path).records).toHaveLength(whole);
        expect(log([{ step: 99, loss: 0 }])).toBe(torn);
        const after = readMetrics(path);
        expect(after.torn).toBeNull();
        expect(after.records.map(({ step }) => step)).toEqual([...Array(whole).keys(), 99]);
      }),
    );
  });

  it("mends a torn line of many blocks", () => {
    writeFileSync(path, `{"step":1}\n${"x".repeat(20_000)}`);
    expect(log([])).toHaveLength(20_000);
    expect(readFileSync(path, "utf8")).toBe('{"step":1}\n');
  });

  it("count a step that was done again as it was done last, and refuse a broken line in the middle", () => {
    rmSync(path);
    log([1, 2, 3, 2].map((step, i) => ({ step, loss: i })));
    expect(readMetrics(path).records).toEqual([
      { step: 1, loss: 0 },
      { step: 2, loss: 3 },
      { step: 3, loss: 2 },
    ]);
    appendFileSync(path, '{"loss":1}\n{"step":5}\n');
    expect(() => readMetrics(path)).toThrow("line 5");
  });
});

describe("TensorBoard's files", () => {
  it("have CRC-32C checksums (RFC 3720, appendix B.4)", () => {
    expect(crc32c(new TextEncoder().encode("123456789"))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  });

  it("give back records up to a torn end, and notice each changed byte", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 5 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (all, place, flip) => {
          const file = Buffer.concat(all.map(encodeRecord));
          expect([...decodeRecords(file)].map((bytes) => [...bytes])).toEqual(all.map((bytes) => [...bytes]));
          const kept = [...decodeRecords(file.subarray(0, file.length - 1))];
          expect(kept).toHaveLength(all.length - 1);
          const changed = Buffer.from(file);
          const at = place % file.length;
          changed[at] = (changed[at] ?? 0) ^ flip;
          expect(() => [...decodeRecords(changed)]).toThrow("checksum");
        },
      ),
    );
  });

  it("give back scalars as 32-bit numbers, at steps and times as large as they come", () => {
    const scalars = fc.dictionary(
      fc.string({ unit: "grapheme", minLength: 1 }).filter((tag) => tag !== "__proto__"),
      fc.double(),
      { minKeys: 1 },
    );
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.double({ min: 1, max: 4e9, noNaN: true }), scalars, (step, wallTime, values) => {
        const file = new EventFile(folder);
        file.append(step, values, wallTime);
        file.close();
        const rounded = Object.fromEntries(Object.entries(values).map(([tag, value]) => [tag, Math.fround(value)]));
        expect(readEvents(file.path)).toEqual([{ step, wallTime, scalars: rounded }]);
        rmSync(file.path);
      }),
    );
  });
});

describe("a loss curve", () => {
  it("falls from the upper left to the lower right with falling losses", () => {
    const points = Array.from({ length: 200 }, (_, i) => ({ step: 10 * i, loss: 4 - i / 100 }));
    expect(drawCurve(points, 30, 4)).toMatchInlineSnapshot(`
      [
        "4.000 |⠉⠒⠤⠤⣀",
        "      |     ⠉⠉⠒⠤⢄⣀",
        "      |           ⠉⠉⠒⠢⢄⣀⡀",
        "2.010 |                 ⠈⠑⠒⠢⢄⣀",
        "      '0             step 1990",
      ]
    `);
  });

  it("holds its width and height whatever the losses", () => {
    const loss = fc.oneof(fc.double(), fc.double({ min: 0, max: 10, noNaN: true }));
    fc.assert(
      fc.property(
        fc.array(loss, { maxLength: 300 }),
        fc.integer({ min: 40, max: 120 }),
        fc.integer({ min: 2, max: 20 }),
        (losses, width, height) => {
          const bounded = losses.map((value, step) => ({ step, loss: Math.abs(value) > 1e9 ? Number.NaN : value }));
          const lines = drawCurve(bounded, width, height);
          for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
          expect(lines.length).toBe(bounded.some(({ loss }) => Number.isFinite(loss)) ? height + 1 : 1);
        },
      ),
    );
  });

  it("is one line a report where there is no terminal, and drawn in place where there is", () => {
    const written: string[] = [];
    const write = (text: string) => written.push(text);
    new LiveCurve({ write }).report({ step: 7, loss: 2.5 }, "18,000 tokens/s");
    expect(written).toEqual(["step 7  loss 2.5000  18,000 tokens/s\n"]);
    const live = new LiveCurve({ write, isTTY: true, columns: 60 }, 3);
    for (const step of [1, 2]) live.report({ step, loss: 3 - step });
    expect(written[1]).not.toContain("\u001b[5A");
    expect(written[2]?.startsWith("\u001b[5A")).toBe(true);
    expect(written[2]?.split("\n")).toHaveLength(6);
    live.say("checkpoint written");
    live.report({ step: 3, loss: 0 });
    expect(written.at(-1)).not.toContain("\u001b[5A");
  });
});
