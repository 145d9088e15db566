import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkRunId, newRunId, runIdFor } from "./run-id.ts";

describe("run ids", () => {
  it("are short, valid, distinct and sorted by the time they were made", () => {
    const ids = Array.from({ length: 2_000 }, () => newRunId());
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(ids);
    for (const id of ids) expect(id).toMatch(/^r-[0-9a-hjkmnp-tv-z]{8}-[0-9a-hjkmnp-tv-z]{5}$/);
    expect(() => checkRunId(ids[0] ?? "")).not.toThrow();
  });

  it("sort like their times", () => {
    const time = fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2058, 0, 1) });
    fc.assert(
      fc.property(time, time, fc.string(), (a, b, thing) => {
        fc.pre(a < b);
        expect(runIdFor(a, thing) < runIdFor(b, thing)).toBe(true);
        expect(runIdFor(a, thing)).toBe(runIdFor(a, thing));
      }),
    );
  });

  it("never leave the folder they name files in", () => {
    for (const bad of ["", ".", "..", "../x", "a/b", "a\\b", "x\0", "a b", "é", "x".repeat(81)]) {
      expect(() => checkRunId(bad)).toThrow(expect.objectContaining({ kind: "bad run id", code: 2 }));
    }
  });
});
