import type { Journey } from "@candor/server";
import fc from "fast-check";
import { expect, test } from "vitest";
import { layOut } from "./layout.ts";

const host = fc.record({
  host: fc.stringMatching(/^[a-z]{3,12}\.example$/),
  kind: fc.constantFrom("social", "forum", null),
  visits: fc.nat(3),
  blocked: fc.constant(0),
  findings: fc.nat(2),
  seen: fc.boolean(),
});
const hosts = fc.uniqueArray(host, { selector: ({ host }) => host, maxLength: 300 });

test("every host has a place of its own, and no two are closer than a label is high", () => {
  fc.assert(
    fc.property(hosts, fc.constantFrom(1, 1.9), (given: Journey["hosts"], stretch) => {
      const places = layOut(given, stretch);
      expect(places.map((place) => place.host).toSorted()).toEqual(given.map((each) => each.host).toSorted());
      for (const [n, a] of places.entries())
        for (const b of places.slice(n + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(40);
    }),
    { numRuns: 50 },
  );
});

test("what was visited stands nearer than what was only seen, and that nearer than the rest", () => {
  const at = (visits: number, seen: boolean, name: string) => ({
    host: name,
    kind: null,
    visits,
    blocked: 0,
    findings: 0,
    seen,
  });
  const [visited, seen, unknown] = layOut([at(0, false, "c"), at(0, true, "b"), at(2, true, "a")]).map(({ x, y }) =>
    Math.hypot(x, y),
  );
  expect(visited).toBeLessThan(seen ?? 0);
  expect(seen).toBeLessThan(unknown ?? 0);
});
