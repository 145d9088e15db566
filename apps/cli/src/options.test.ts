import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { budget, duration, integer, mind, world } from "./options.ts";

describe("a duration", () => {
  test("is a number and a unit", () => {
    expect([duration("90s"), duration("20m"), duration("12h"), duration("30d"), duration("1.5w")]).toEqual([
      90e3, 12e5, 432e5, 2592e6, 9072e5,
    ]);
  });
  test.each(["", "30", "d", "0d", "-1d", "1y", "1 d", "NaNs"])("%j is refused in one line", (text) => {
    expect(() => duration(text)).toThrow(/is not a duration/);
  });
});

describe("a budget", () => {
  test("names its limits, and a bare number is steps", () => {
    expect(budget("steps=200, usd=0.5,time=10m,pages=150,pages-per-host=9")).toEqual({
      steps: 200,
      usd: 0.5,
      seconds: 600,
      pages: 150,
      pagesPerHost: 9,
    });
    expect(budget("12")).toEqual({ steps: 12 });
  });
  test.each(["0", "steps=0", "usd=0", "usd=-1", "days=3", "steps", "steps=1.5", "time=0s", "steps=9007199254740993"])(
    "%j is refused",
    (text) => {
      expect(() => budget(text)).toThrow(expect.objectContaining({ exit: 2 }));
    },
  );
  test("never lets anything but a budget through", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          for (const value of Object.values(budget(text))) expect(value).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toMatchObject({ exit: 2 });
        }
      }),
    );
  });
});

test("whole numbers are whole and not too small", () => {
  expect(integer("n", 0)("7")).toBe(7);
  for (const text of ["", "x", "1.5", "-1", "1e3", "0x10"]) expect(() => integer("n", 0)(text)).toThrow("whole number");
});

test("worlds and minds that are not there are refused with what there is", () => {
  expect(world({ world: "web", townSeed: 1 })).toEqual({ kind: "web" });
  expect(() => world({ world: "moon", townSeed: 1 })).toThrow("no world");
  expect(() => mind({ mind: "llm" })).toThrow("needs a model");
  expect(() => mind({ mind: "llm", model: "gpt" })).toThrow("is not a model");
  expect(() => mind({ mind: "llm", model: "openai-compatible:x" })).toThrow("needs its server");
  expect(mind({ mind: "llm", model: "ollama:x" })).toEqual({ kind: "llm", model: "ollama:x" });
});
