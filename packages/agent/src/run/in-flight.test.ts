import { expect, test } from "vitest";
import { InFlight } from "./in-flight.ts";

test("a run acts from the turn in which its first effect begins until its last one ends, however it ends", async () => {
  const inFlight = new InFlight();
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const both = [inFlight.during("r", () => first.promise), inFlight.during("r", () => second.promise)];
  expect(inFlight.has("r")).toBe(true);
  expect(inFlight.has("other")).toBe(false);
  first.resolve();
  await both[0];
  expect(inFlight.has("r")).toBe(true);
  second.reject(new Error("cut off"));
  await expect(both[1]).rejects.toThrow("cut off");
  expect(inFlight.has("r")).toBe(false);
});
