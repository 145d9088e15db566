import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Child, startChild } from "../fixtures/child.ts";
import { type Place, said, until, variants } from "../fixtures/stores.ts";
import { openStore } from "../store.ts";

describe.each(variants)("the engine, $name", ({ place: makePlace, available, name }) => {
  let place: Place;
  const children: Child[] = [];
  beforeAll(async () => {
    if (available) place = await makePlace();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await child.kill("SIGKILL");
  });
  afterAll(async () => {
    if (available) await place.remove();
  });

  function worker(who: string, options: Record<string, unknown>): Child {
    const child = startChild("worker.ts", [place.home, who, JSON.stringify(options), place.databaseUrl]);
    children.push(child);
    return child;
  }

  const test = available ? it : it.skip;
  const onServer = available && name === "server" ? it : it.skip;
  const onEmbedded = name === "embedded" ? it : it.skip;

  test("works on a run once at a time, and again when asked meanwhile", async () => {
    await using store = await openStore(place);
    const calls: string[] = [];
    let together = 0;
    let most = 0;
    const gate = Promise.withResolvers<void>();
    await store.engine.start(async (run) => {
      together++;
      most = Math.max(most, together);
      calls.push(run);
      if (calls.length === 1) await gate.promise;
      together--;
    });
    await Promise.all([store.engine.enqueue("a"), store.engine.enqueue("a")]);
    await until(() => calls.length === 1, "the first call");
    expect(store.engine.working()).toEqual(["a"]);
    for (let i = 0; i < 5; i++) await store.engine.enqueue("a");
    expect(calls).toEqual(["a"]);
    gate.resolve();
    await until(() => calls.length === 2, "the second call");
    await store.engine.enqueue("b");
    await until(() => calls.includes("b"), "another run");
    // However often it was asked for meanwhile: one call folds it all.
    expect(calls).toEqual(["a", "a", "b"]);
    expect(most).toBe(1);
    await store.engine.stop();
    expect(store.engine.working()).toEqual([]);
  });

  test("keeps to its limit, tells of errors, and goes on", async () => {
    await using store = await openStore(place);
    const failed: string[] = [];
    let together = 0;
    let most = 0;
    let done = 0;
    await store.engine.start(
      async (run) => {
        most = Math.max(most, ++together);
        await new Promise((resolve) => setTimeout(resolve, 30));
        together--;
        done++;
        if (run === "r3") throw new Error("no");
      },
      { concurrency: 2, onError: (run, error) => failed.push(`${run} ${String(error)}`) },
    );
    for (let i = 0; i < 6; i++) await store.engine.enqueue(`r${i}`);
    await until(() => done === 6, "six runs");
    expect(most).toBeLessThanOrEqual(2);
    expect(failed).toEqual(["r3 Error: no"]);
  });

  test("aborts and waits when it stops, and the next start goes on with the run", async () => {
    await using store = await openStore(place);
    const begun = Promise.withResolvers<void>();
    let cleanedUp = false;
    await store.engine.start(async (_run, signal) => {
      begun.resolve();
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      await new Promise((resolve) => setTimeout(resolve, 30));
      cleanedUp = true;
    });
    await store.engine.enqueue("stopped");
    await begun.promise;
    await store.engine.stop();
    expect(cleanedUp).toBe(true);
    await expect(store.engine.enqueue("stopped")).rejects.toMatchObject({ kind: "engine" });
    const again: string[] = [];
    await store.engine.start(async (run) => void again.push(run));
    await until(() => again.includes("stopped"), "the run that was let go of");
  });

  test("works on what a period asks for that was cut off after it had asked for something else", async () => {
    // A run that is folded anew after a crash has come further, and asks for other runs than it did before.
    const asked: string[] = [];
    for (const wanted of ["before", "after"]) {
      await using store = await openStore(place);
      const calls: string[] = [];
      const waiting = Promise.withResolvers<void>();
      await store.engine.start(async (run, signal) => {
        calls.push(run);
        if (run !== "asker") return;
        await store.engine.enqueue(`wanted-${wanted}`);
        asked.push(wanted);
        waiting.resolve();
        if (wanted === "before")
          await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      });
      if (wanted === "before") await store.engine.enqueue("asker");
      await waiting.promise;
      await until(() => calls.includes(`wanted-${wanted}`), `the run that was asked for ${wanted} the crash`);
    }
    expect(asked).toEqual(["before", "after"]);
  });

  test("picks up a run after kill -9 and finishes it, nothing lost and nothing twice", async () => {
    const first = worker("first", { enqueue: ["killed-1", "killed-2"] });
    await until(() => first.lines.some((line) => line === "step killed-2 4"), "four steps");
    await first.kill("SIGKILL");
    // Another process of other code: what is to be done is decided by the log alone.
    const second = worker("second", { stepMs: 5 });
    await until(
      () => ["done killed-1", "done killed-2"].every((line) => second.lines.includes(line)),
      "both runs to be done",
    );
    await second.kill("SIGTERM");
    expect(second.lines.at(-1)).toBe("closed");
    expect(first.errors() + second.errors()).toBe("");
    const store = await openStore(place);
    for (const run of ["killed-1", "killed-2"]) {
      const events = await store.log.read(run);
      expect(events.map(({ event }) => event.type === "operator.said" && event.text)).toEqual(
        Array.from({ length: 10 }, (_, index) => String(index + 1)),
      );
      expect(new Set(events.map(({ event }) => event.type === "operator.said" && event.by))).toEqual(
        new Set(["first", "second"]),
      );
      expect((await store.verify(run)).ok).toBe(true);
    }
    await store.close();
  });

  onEmbedded("leaves interrupted runs alone when told not to recover, until they are asked for", async () => {
    const first = worker("first", { enqueue: ["left-1"] });
    await until(() => first.lines.includes("step left-1 3"), "three steps");
    await first.kill("SIGKILL");
    await using store = await openStore(place);
    const calls: string[] = [];
    await store.engine.start(async (run) => void calls.push(run), { recover: false });
    await store.engine.enqueue("left-2");
    await until(() => calls.length > 0, "a call");
    expect(calls).toEqual(["left-2"]);
    await store.engine.enqueue("left-1");
    await until(() => calls.length > 1, "the call that was asked for");
    expect(calls).toEqual(["left-2", "left-1"]);
  });

  onServer("moves the runs of a dead worker to a living one, and of no other", async () => {
    const first = worker("first", { enqueue: ["moved"], stepMs: 1_000 });
    await until(() => first.lines.includes("begin moved"), "the first worker");
    const second = worker("second", { stepMs: 10 });
    await until(() => second.lines.includes("started"), "the second worker");
    const before = first.lines.length;
    await until(() => first.lines.length > before + 1, "two more steps");
    expect(second.lines).toEqual(["started"]);
    await first.kill("SIGKILL");
    await until(() => second.lines.includes("done moved"), "the run to be done elsewhere");
    const store = await openStore(place);
    const by = (await store.log.read("moved")).map(({ event }) => event.type === "operator.said" && event.by);
    expect(by).toHaveLength(10);
    expect(by.slice(0, 2)).toEqual(["first", "first"]);
    expect(by.at(-1)).toBe("second");
    await store.close();
  });

  test("fires schedules once per due time, keeps them, and forgets them when told", async () => {
    await using store = await openStore(place);
    const start = Date.now();
    await store.engine.schedule("audit", 400, { since: "r-1" }, start - 1_000_000);
    await store.engine.schedule("later", 3_600_000, null);
    const due: { id: string; at: number; run: string; payload: unknown }[] = [];
    await store.engine.start(async () => undefined, { onDue: async (one) => void due.push(one) });
    await until(() => due.length >= 3, "three firings");
    await store.engine.stop();
    // What was missed fires once, at the time it was first due; the rest in step with it.
    expect(due[0]).toMatchObject({ id: "audit", at: start - 1_000_000, payload: { since: "r-1" } });
    for (const one of due) expect((one.at - (start - 1_000_000)) % 400).toBe(0);
    expect(new Set(due.map(({ at }) => at)).size).toBe(due.length);
    expect(new Set(due.map(({ run }) => run)).size).toBe(due.length);
    expect(due[1]?.at).toBeGreaterThan(start - 400);
    expect((await store.engine.schedules()).map(({ id, everyMs }) => [id, everyMs])).toEqual([
      ["audit", 400],
      ["later", 3_600_000],
    ]);
    expect(await store.engine.unschedule("audit")).toBe(true);
    expect(await store.engine.unschedule("audit")).toBe(false);
    await expect(store.engine.schedule("x y", 1, null)).rejects.toMatchObject({ code: 2 });
    await expect(store.engine.schedule("x", 0, null)).rejects.toMatchObject({ code: 2 });
  });

  onServer("fires a schedule once among several workers", async () => {
    const store = await openStore(place);
    await store.engine.schedule("tick", 200, {}, Date.now());
    const workers = ["a", "b"].map((who) => worker(who, { schedule: true }));
    await until(() => workers.every(({ lines }) => lines.includes("started")), "two workers");
    const fired = () => workers.flatMap(({ lines }) => lines.filter((line) => line.startsWith("due ")));
    await until(() => fired().length >= 6, "six firings");
    expect(new Set(fired()).size).toBe(fired().length);
    await store.engine.unschedule("tick");
    await store.close();
  });

  onServer("survives the loss of all its connections", async () => {
    await using store = await openStore(place);
    await using other = await openStore(place);
    const calls: string[] = [];
    const aborted = Promise.withResolvers<void>();
    await store.engine.start(async (run, signal) => {
      calls.push(run);
      if (calls.length > 1) return;
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      aborted.resolve();
    });
    await store.engine.enqueue("lost-1");
    await until(() => calls.length === 1, "the first call");
    await other.log.append("x", 0, [said("to have a connection")]);
    const { Client } = await import("pg");
    const admin = new Client({ connectionString: place.databaseUrl });
    await admin.connect();
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
    await admin.end();
    await aborted.promise;
    await until(() => calls.length === 2, "the run to be taken up again");
    await until(
      () =>
        store.engine.enqueue("lost-2").then(
          () => true,
          () => false,
        ),
      "the queue to answer",
    );
    await until(() => calls.includes("lost-2"), "another run");
  });
});
