import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { EVERY_RUN, Latches, type Stop } from "./latches.ts";

const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), "latches-"));
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true, force: true });
});
const stop = (target: string): Stop => ({ target, reason: "enough", by: "me", at: 1 });

describe("a latch", () => {
  it("holds for a run and what descends from it, and for nothing else", () => {
    const latches = new Latches(folder());
    latches.set(stop("r-2"));
    expect(latches.over(["r-2"])).toEqual(stop("r-2"));
    expect(latches.over(["r-4", "r-3", "r-2", "r-1"])?.target).toBe("r-2");
    expect(latches.over(["r-1"])).toBeUndefined();
    expect(latches.over(["r-22"])).toBeUndefined();
  });

  it("holds in another process's eyes from the moment it lies there, without any notice", () => {
    const here = folder();
    const [one, other] = [new Latches(here), new Latches(here)];
    one.set(stop("r-1"));
    expect(other.over(["r-1"])).toEqual(stop("r-1"));
    expect(other.list()).toEqual([]);
    expect(other.takeIn()).toEqual([stop("r-1")]);
    expect(other.takeIn()).toEqual([]);
  });

  it("made by hand or cut off in the middle of its writing is a stop all the same", () => {
    const here = folder();
    writeFileSync(join(here, "r-1.stop"), '{"reason":"eno');
    writeFileSync(join(here, `${EVERY_RUN}.stop`), "");
    expect(new Latches(here).over(["r-1"])).toMatchObject({ target: EVERY_RUN, reason: "stop file" });
    rmSync(join(here, `${EVERY_RUN}.stop`));
    expect(new Latches(here).over(["r-1"])).toMatchObject({ target: "r-1", by: "operator" });
  });

  it("set twice says what it said first", () => {
    const here = folder();
    new Latches(here).set(stop("r-1"));
    const latches = new Latches(here);
    latches.set({ ...stop("r-1"), reason: "again" });
    expect(latches.of("r-1")?.reason).toBe("enough");
  });

  it("holds in memory where the disk takes nothing", () => {
    const here = folder();
    const latches = new Latches(here);
    rmSync(here, { recursive: true });
    writeFileSync(here, "a file where the folder was");
    expect(() => latches.set(stop("r-1"))).toThrow();
    expect(latches.over(["r-1"])).toEqual(stop("r-1"));
  });

  it("outlives its folder in memory, and makes it again", () => {
    const here = folder();
    const latches = new Latches(here);
    latches.set(stop("r-1"));
    rmSync(here, { recursive: true });
    expect(latches.over(["r-1"])).toBeDefined();
    expect(latches.takeIn()).toEqual([]);
    latches.set(stop("r-2"));
    expect(existsSync(join(here, "r-2.stop"))).toBe(true);
  });

  it("that was asked for stays asked for until somebody who holds it answers", () => {
    const here = folder();
    const [outside, warden] = [new Latches(here), new Latches(here)];
    outside.ask(stop("r-1"));
    warden.answer();
    expect(outside.isAsked("r-1")).toBe(true);
    warden.takeIn();
    warden.answer();
    expect(outside.isAsked("r-1")).toBe(false);
    expect(readdirSync(here)).toEqual(["r-1.stop"]);
  });

  it("still holds where another process has lifted it, and says that it was lifted", () => {
    const here = folder();
    const [one, other] = [new Latches(here), new Latches(here)];
    one.set(stop("r-1"));
    expect(one.isLifted("r-1")).toBe(false);
    other.clear("r-1");
    expect(one.over(["r-1"])?.target).toBe("r-1");
    expect([one.isLifted("r-1"), other.isLifted("r-1"), one.isLifted("r-2")]).toEqual([true, false, false]);
  });

  it("holds in all processes exactly from set to clear, whatever they do in between", () => {
    const targets = fc.constantFrom("a", "b", "c", EVERY_RUN);
    const act = fc.record({
      who: fc.constantFrom(0, 1),
      what: fc.constantFrom("set", "clear", "take in"),
      target: targets,
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 12 }), fc.uniqueArray(targets, { maxLength: 3 }), (acts, chain) => {
        const here = folder();
        const both = [new Latches(here), new Latches(here)] as const;
        const set = new Set<string>();
        for (const { who, what, target } of acts) {
          if (what === "set") both[who].set(stop(target));
          else if (what === "take in") both[who].takeIn();
          // A run is resumed by whoever took its stop in; the others hold it from then on only if they took it in too.
          else for (const each of both) each.clear(target);
          if (what === "set") set.add(target);
          if (what === "clear") set.delete(target);
          const wanted = set.has(EVERY_RUN) || chain.some((run) => set.has(run));
          for (const each of both) if ((each.over(chain) !== undefined) !== wanted) return false;
        }
        return true;
      }),
      { numRuns: 60 },
    );
  });
});
