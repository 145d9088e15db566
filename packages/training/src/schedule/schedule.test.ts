import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkSchedule, learningRate, type Schedule } from "./schedule.ts";

const schedules: fc.Arbitrary<Schedule> = fc
  .record({
    peak: fc.double({ min: 1e-6, max: 1, noNaN: true }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
    warmup: fc.nat(50),
    decay: fc.nat(50),
    stable: fc.integer({ min: 1, max: 100 }),
    kind: fc.constantFrom("constant", "cosine", "linear", "wsd"),
    shape: fc.constantFrom("linear", "sqrt"),
  })
  .map(({ peak, part, warmup, decay, stable, kind, shape }): Schedule => {
    const steps = warmup + stable + decay;
    const min = peak * part;
    if (kind === "constant") return { kind, peak, warmup };
    return kind === "wsd" ? { kind, peak, min, warmup, steps, decay, shape } : { kind, peak, min, warmup, steps };
  });

describe("learning rates", () => {
  it("rise to the peak, never pass it, then never rise again", () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        checkSchedule(schedule);
        const warmup = schedule.warmup ?? 0;
        const rates = Array.from({ length: 260 }, (_, step) => learningRate(schedule, step));
        const slack = schedule.peak * 1e-12;
        for (const [step, rate] of rates.entries()) {
          expect(rate).toBeGreaterThan(schedule.kind !== "constant" && schedule.min === 0 ? -slack : 0);
          expect(rate).toBeLessThanOrEqual(schedule.peak + slack);
          const before = rates[step - 1];
          if (before === undefined) continue;
          if (step < warmup) expect(rate).toBeGreaterThan(before);
          if (step > warmup) expect(rate).toBeLessThanOrEqual(before + slack);
        }
        expect(rates[warmup]).toBeCloseTo(schedule.peak, 12);
      }),
    );
  });

  it("end at the lowest rate and stay there", () => {
    fc.assert(
      fc.property(schedules, fc.nat(1000), (schedule, later) => {
        if (schedule.kind === "constant") return;
        expect(learningRate(schedule, schedule.steps + later)).toBe(schedule.min);
      }),
    );
  });

  it("follow nanoGPT's cosine half-way and WSD's plateau", () => {
    const cosine: Schedule = { kind: "cosine", peak: 1e-3, min: 1e-4, warmup: 100, steps: 2000 };
    expect(learningRate(cosine, 1050)).toBeCloseTo(5.5e-4, 12);
    const wsd: Schedule = { kind: "wsd", peak: 1, min: 0, warmup: 10, steps: 100, decay: 20 };
    expect(learningRate(wsd, 80)).toBe(1);
    expect(learningRate(wsd, 90)).toBeCloseTo(0.5, 12);
  });

  it("refuse what holds no schedule, naming it", () => {
    expect(() => checkSchedule({ kind: "cosine", peak: 1, min: 2, steps: 10 })).toThrow("lowest rate must be");
    expect(() => checkSchedule({ kind: "constant", peak: Number.NaN })).toThrow("peak");
    expect(() => checkSchedule({ kind: "wsd", peak: 1, min: 0, steps: 10, warmup: 8, decay: 5 })).toThrow(
      "do not hold",
    );
  });
});
