import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../random.ts";
import { bestOfKl, bestOfN, fitOveroptimisation } from "./best-of-n.ts";

describe("the best of n", () => {
  test("is the mean over all choices of n from what was drawn", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 7 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer(),
        (proxies, size, seed) => {
          fc.pre(size <= proxies.length);
          const random = new Random(seed);
          const worths = proxies.map(() => random.unit());
          const chosen: number[] = [];
          for (let mask = 0; mask < 1 << proxies.length; mask++) {
            const some = proxies.map((_, n) => n).filter((n) => mask & (1 << n));
            if (some.length !== size) continue;
            const best = some.reduce((a, b) => ((proxies[b] ?? 0) > (proxies[a] ?? 0) ? b : a));
            chosen.push(worths[best] ?? Number.NaN);
          }
          const mean = chosen.reduce((a, b) => a + b, 0) / chosen.length;
          expect(bestOfN(proxies, worths, [size])[0]).toBeCloseTo(mean, 10);
        },
      ),
    );
  });

  test("is as far as Gao et al. say", () => {
    expect([1, 64, 1000].map((n) => Number(bestOfKl(n).toFixed(2)))).toEqual([0, 3.17, 5.91]);
  });
});

describe.each(["bon", "rl"] as const)("the form of %s", (form) => {
  test("is found again in what was made by it, with its turning point", () => {
    const [alpha, beta] = [1.4, 0.35];
    const points = Array.from({ length: 30 }, (_, n) => {
      const kl = 0.3 * (n + 1);
      const d = Math.sqrt(kl);
      return { kl, reward: form === "bon" ? d * (alpha - beta * d) : d * (alpha - beta * Math.log(d)) };
    });
    const fit = fitOveroptimisation(points, form);
    expect(fit.alpha).toBeCloseTo(alpha, 6);
    expect(fit.beta).toBeCloseTo(beta, 6);
    expect(fit.rSquared).toBeCloseTo(1, 6);
    expect(fit.turningPointKl).toBeCloseTo(form === "bon" ? 4 : Math.exp(3) ** 2, 3);
  });

  test("has no turning point where more is always better", () => {
    const points = [1, 2, 3, 4].map((d) => ({ kl: d * d, reward: form === "bon" ? d + d * d : d + d * Math.log(d) }));
    expect(fitOveroptimisation(points, form).turningPointKl).toBeUndefined();
  });
});
