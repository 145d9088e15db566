import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChild } from "./fixtures/child.ts";
import { type Place, until, variants } from "./fixtures/stores.ts";
import { openStore } from "./store.ts";

const KILLS = 5;

describe.each(variants)("an append that was acknowledged, $name", ({ place: makePlace, available }) => {
  let place: Place;
  beforeAll(async () => {
    if (available) place = await makePlace();
  });
  afterAll(async () => {
    if (available) await place.remove();
  });

  (available ? it : it.skip)("survives kill -9 at random moments, once and in order", async () => {
    const run = "r-killed";
    let acknowledged = 0;
    for (let round = 0; round < KILLS; round++) {
      const child = startChild("appender.ts", [place.home, run, place.databaseUrl]);
      await until(() => child.lines.length > 3 || child.errors() !== "", "appends of the child");
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
      await child.kill("SIGKILL");
      expect(child.errors()).toBe("");
      // What it found when it opened holds everything that was acknowledged before.
      expect(Number(child.lines[0]?.slice("open ".length))).toBeGreaterThanOrEqual(acknowledged);
      acknowledged = Number(child.lines.at(-1));
    }
    // The lock of the killed process is stale: opening takes it over.
    const store = await openStore(place);
    const events = await store.log.read(run);
    expect(events.length).toBeGreaterThanOrEqual(acknowledged);
    // No more than one batch may be there that nobody heard of.
    expect(events.length).toBeLessThanOrEqual(acknowledged + 3);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const texts = events.map(({ event }) => (event.type === "operator.said" ? event.text.split(" ")[0] : ""));
    expect(texts).toEqual(events.map((_, index) => String(index + 1)));
    expect(await store.verify(run)).toMatchObject({ ok: true, events: events.length });
    await store.close();
  });
});
