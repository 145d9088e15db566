import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChild } from "./fixtures/child.ts";
import { freshHome, type Place, said, until, variants } from "./fixtures/stores.ts";
import { openStore } from "./store.ts";

/** `CANDOR_TEST_KILLS` asks for more. */
const KILLS = Number(process.env.CANDOR_TEST_KILLS ?? 3);

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

describe("a full disk", () => {
  const disk = freshHome();
  const mount = (options: string) => spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", disk]).status === 0;
  const mounted = mount("size=60m");
  if (!mounted) console.warn("The test of a full disk is skipped: this user may not mount a small one.");
  afterAll(() => {
    if (mounted) spawnSync("umount", [disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  (mounted ? it : it.skip)("is said in one line and loses nothing that was acknowledged", async () => {
    const home = join(disk, "home");
    const store = await openStore({ home });
    let last = 0;
    const fill = async () => {
      for (;;) last = (await store.log.append("r-1", last, [said("x".repeat(200_000))])).at(-1)?.seq ?? last;
    };
    const full = { kind: "disk full", message: expect.stringContaining(disk) };
    await expect(fill()).rejects.toMatchObject(full);
    await expect(store.log.read("r-1")).rejects.toMatchObject(full);
    await store.close();

    expect(mount("remount,size=200m")).toBe(true);
    const again = await openStore({ home });
    const events = await again.log.read("r-1");
    expect(last).toBeGreaterThan(10);
    expect(events).toHaveLength(last);
    await again.log.append("r-1", last, [said("on we go")]);
    expect(await again.verify("r-1")).toMatchObject({ ok: true, events: last + 1 });
    await again.close();
  });
});
