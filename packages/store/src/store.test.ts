import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectServer, type Database } from "./database/database.ts";
import { openEmbedded } from "./database/embedded.ts";
import { migrate } from "./database/migrate.ts";
import { templatePath } from "./database/template.ts";
import type { Recorded } from "./events.ts";
import { freshHome, type Place, runStarted, said, until, variants } from "./fixtures/stores.ts";
import { Conflict } from "./log.ts";
import { assemble, openStore, type Store } from "./store.ts";

describe.each(variants)("the store, $name", ({ place: makePlace, available, name }) => {
  let place: Place;
  let database: Database;
  let store: Store;

  async function open(): Promise<void> {
    database = place.databaseUrl ? connectServer(place.databaseUrl) : await openEmbedded(place.home);
    await migrate(database.pool, database.where);
    store = assemble(database, place);
  }

  beforeAll(async () => {
    if (!available) return;
    place = await makePlace();
    await open();
  });
  afterAll(async () => {
    if (!available) return;
    await store.close();
    await place.remove();
  });

  /** A new run of five events. */
  async function fiveEvents(): Promise<string> {
    const run = store.runs.newRunId();
    await store.log.append(run, 0, [runStarted("look"), said("one"), said("two")]);
    await store.log.append(run, 3, [said("three"), said("four")]);
    return run;
  }

  const test = available ? it : it.skip;

  test("gives back what was appended, in order, also after it was opened again", async () => {
    const run = await fiveEvents();
    const events = await store.log.read(run);
    expect(events.map(({ seq, event }) => [seq, event.type])).toEqual([
      [1, "run.started"],
      [2, "operator.said"],
      [3, "operator.said"],
      [4, "operator.said"],
      [5, "operator.said"],
    ]);
    expect(events[4]?.event).toEqual({ type: "operator.said", text: "four", by: "tester" });
    expect((await store.log.read(run, 3)).map(({ seq }) => seq)).toEqual([4, 5]);
    await store.close();
    await open();
    expect(await store.log.read(run)).toEqual(events);
    expect((await store.log.append(run, 5, [said("five")])).map(({ seq }) => seq)).toEqual([6]);
    expect(await store.verify(run)).toMatchObject({ ok: true, events: 6 });
  });

  test("appends what it gives back: defaults filled in, unknown events refused", async () => {
    const run = store.runs.newRunId();
    const [first] = await store.log.append(run, 0, [runStarted("look")]);
    expect((await store.log.read(run))[0]).toEqual(first);
    await expect(store.log.append(run, 1, [{ type: "nonsense" } as never])).rejects.toThrow();
    expect(await store.log.append(run, 1, [])).toEqual([]);
    expect(await store.log.read(run)).toHaveLength(1);
  });

  test("refuses to append anywhere but at the end", async () => {
    const run = await fiveEvents();
    for (const after of [0, 4, 6, 99]) {
      await expect(store.log.append(run, after, [said("x")])).rejects.toBeInstanceOf(Conflict);
    }
    await expect(store.log.append(store.runs.newRunId(), 3, [said("x")])).rejects.toBeInstanceOf(Conflict);
    expect(await store.log.read(run)).toHaveLength(5);
    expect((await store.verify(run)).ok).toBe(true);
  });

  test("lets one of many writers through and appends no batch by half", async () => {
    const run = store.runs.newRunId();
    let after = 0;
    for (let round = 0; round < 5; round++) {
      const end = after;
      const tries = await Promise.allSettled(
        Array.from({ length: 8 }, (_, writer) =>
          store.log.append(run, end, [said(`${writer} a`), said(`${writer} b`)]),
        ),
      );
      expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      for (const one of tries) if (one.status === "rejected") expect(one.reason).toBeInstanceOf(Conflict);
      after += 2;
    }
    const texts = (await store.log.read(run)).map(({ event }) => (event.type === "operator.said" ? event.text : ""));
    for (let i = 0; i < texts.length; i += 2) expect(texts[i + 1]).toBe(texts[i]?.replace("a", "b"));
    expect(await store.verify(run)).toMatchObject({ ok: true, events: 10 });
  });

  test("tells subscribers of each event once, in order, until they leave", async () => {
    const run = await fiveEvents();
    const seen: number[] = [];
    const leave = store.log.subscribe(run, ({ seq }) => seen.push(seq));
    await store.log.append(run, 5, [said("a"), said("b")]);
    await store.log.append(run, 7, [said("c")]);
    await until(() => seen.length >= 3, "three events");
    leave();
    await store.log.append(run, 8, [said("d")]);
    expect(seen).toEqual([6, 7, 8]);
  });

  test("sums up runs without opening more than their first event", async () => {
    const parent = await fiveEvents();
    const over = store.runs.newRunId();
    await store.log.append(over, 0, [runStarted("be over")]);
    await store.log.append(over, 1, [{ type: "run.finished", reason: "found", summary: "all" }, said("thanks")]);
    const [first, second] = await store.runs.list({ limit: 2 });
    expect(first).toMatchObject({ run: over, status: "finished", events: 3, lastType: "operator.said", steps: 0 });
    expect(first?.started).toMatchObject({ goal: "be over" });
    expect(second).toMatchObject({ run: parent, status: "running", events: 5, erased: false });
  });

  test("finds a run by its name, a start or end of it, or as the last", async () => {
    const run = await fiveEvents();
    for (const text of [run, run.slice(0, -1), run.slice(2), run.slice(-5), "last"]) {
      expect(await store.runs.resolve(text)).toBe(run);
    }
    await fiveEvents();
    await expect(store.runs.resolve("r-")).rejects.toMatchObject({ kind: "ambiguous run", code: 2 });
    for (const text of ["nobody", "", "%", "_"]) {
      await expect(store.runs.resolve(text)).rejects.toMatchObject({ kind: "unknown run", code: 2 });
    }
    await expect(store.verify("nobody")).rejects.toMatchObject({ kind: "unknown run" });
    await expect(store.log.read("../x")).rejects.toMatchObject({ kind: "bad run id" });
    expect(await store.log.read("nobody")).toEqual([]);
  });

  test("finds what was done to the database with SQL", async () => {
    const runs = await Promise.all(Array.from({ length: 7 }, fiveEvents));
    const [changed, removed, swapped, cut, emptied, moved, intact] = runs as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const { pool } = database;
    await pool.query(
      "update candor.events set payload = set_byte(payload, 20, get_byte(payload, 20) # 1) where run = $1 and seq = 2",
      [changed],
    );
    await pool.query("delete from candor.events where run = $1 and seq = 3", [removed]);
    await pool.query("update candor.events set seq = 100 + seq where run = $1 and seq in (2, 4)", [swapped]);
    await pool.query("update candor.events set seq = 106 - seq where run = $1 and seq > 100", [swapped]);
    await pool.query("delete from candor.events where run = $1 and seq > 4", [cut]);
    await pool.query("delete from candor.events where run = $1", [emptied]);
    await pool.query("update candor.events set at = at + 1 where run = $1 and seq = 5", [moved]);
    expect(await store.verify(changed)).toMatchObject({ problem: "changed", at: 2 });
    expect(await store.verify(removed)).toMatchObject({ problem: "removed", at: 3 });
    expect(await store.verify(swapped)).toMatchObject({ ok: false, at: 2 });
    expect(await store.verify(cut)).toMatchObject({ problem: "cut off", at: 5 });
    expect(await store.verify(emptied)).toMatchObject({ problem: "cut off", at: 1, events: 0 });
    expect(await store.verify(moved)).toMatchObject({ problem: "changed", at: 5 });
    expect(await store.verify(intact)).toMatchObject({ ok: true, events: 5 });
    await expect(store.log.read(changed)).rejects.toMatchObject({ kind: "unreadable event" });
  });

  test("finds a chain that was wholly rewritten with recomputed hashes", async () => {
    const run = await fiveEvents();
    // sha256 of the same canonical bytes, in SQL: what somebody with the database but without the keys can do.
    const rewrite = `
      with recursive rows as (select * from candor.events where run = $1),
      anew as (
        select seq, prev, payload, sha256(${canonical("rows")} || payload) as hash from (
          select seq, run, at, type, prev, set_byte(payload, 15, get_byte(payload, 15) # 1) as payload from rows where seq = 1
        ) as rows
        union all
        select rows.seq, anew.hash, rows.payload, sha256(${canonical("rows", "anew.hash")} || rows.payload)
        from rows join anew on rows.seq = anew.seq + 1
      )
      update candor.events e set prev = anew.prev, hash = anew.hash, payload = anew.payload
      from anew where e.run = $1 and e.seq = anew.seq`;
    await database.pool.query(rewrite, [run]);
    expect(await store.verify(run)).toMatchObject({ problem: "rewritten", at: 1 });
  });

  test("finds heads that are gone or forged, and forgives one that lags", async () => {
    const run = await fiveEvents();
    const path = join(place.home, "heads", `${run}.json`);
    const head = readFileSync(path, "utf8");
    await store.log.append(run, 5, [said("six")]);
    writeFileSync(path, head);
    expect(await store.verify(run)).toMatchObject({ ok: true, events: 6 });
    writeFileSync(path, head.replace('"seq":5', '"seq":6'));
    expect(await store.verify(run)).toMatchObject({ problem: "bad signature" });
    writeFileSync(path, "{");
    expect(await store.verify(run)).toMatchObject({ problem: "bad signature" });
    rmSync(path);
    expect(await store.verify(run)).toMatchObject({ problem: "head missing" });
  });

  test("erases a run for good and still proves its chain", async () => {
    const planted = "telephone zero seven seven zero zero nine zero zero one two three";
    const run = store.runs.newRunId();
    await store.log.append(run, 0, [runStarted(planted), said(planted)]);
    await store.engine.schedule("erase-test", 1_000, { planted });
    expect(JSON.stringify(await store.log.read(run))).toContain(planted);
    if (name === "embedded") expect(filesWith(place.home, planted)).toEqual([]);

    await store.erase(run);
    await store.erase(run);
    await expect(store.log.read(run)).rejects.toMatchObject({ kind: "erased", code: 2 });
    await expect(store.log.append(run, 2, [said("more")])).rejects.toMatchObject({ kind: "erased" });
    expect(await store.verify(run)).toMatchObject({ ok: true, events: 2 });
    expect((await store.runs.list()).find((one) => one.run === run)).toMatchObject({ erased: true, started: null });
    await expect(store.erase("nobody")).rejects.toMatchObject({ kind: "unknown run" });
    await store.engine.unschedule("erase-test");

    await store.close();
    expect(filesWith(place.home, planted)).toEqual([]);
    expect(readdirSync(join(place.home, "keys")).filter((file) => file.startsWith(run))).toEqual([`${run}.erased`]);
    await open();
    await expect(store.log.read(run)).rejects.toMatchObject({ kind: "erased" });
    expect(await store.verify(run)).toMatchObject({ ok: true, events: 2 });
  });

  test("only reads when opened for reading", async () => {
    const run = await fiveEvents();
    const reader = assemble(database, { ...place, readOnly: true });
    await expect(reader.log.append(run, 5, [said("x")])).rejects.toMatchObject({ kind: "read only" });
    await expect(reader.erase(run)).rejects.toMatchObject({ kind: "read only" });
    expect(await reader.log.read(run)).toHaveLength(5);
  });

  test("refuses a database of a newer schema in one line", async () => {
    await database.pool.query("insert into candor.schema_version (version, name) values (999, 'future')");
    await expect(migrate(database.pool, database.where)).rejects.toMatchObject({
      kind: "newer schema",
      message: expect.stringMatching(/^The database at .+ has schema 999; this Candor knows up to \d+\.$/),
    });
    await database.pool.query("delete from candor.schema_version where version = 999");
  });
});

describe("the embedded store", () => {
  it("has a template for the installed PGlite, below 5 MB", () => {
    // `npm run template -w @candor/store` makes it.
    expect(statSync(templatePath()).size).toBeLessThan(5_000_000);
  });

  it("belongs to one opener at a time, and says who has it", async () => {
    const home = freshHome();
    const store = await openStore({ home });
    await expect(openStore({ home })).rejects.toMatchObject({
      kind: "in use",
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await store.close();
    await store.close();
    await (await openStore({ home })).close();
    rmSync(home, { recursive: true });
  });

  it("opens in a folder whose path is too long for a socket", async () => {
    const home = join(freshHome(), "x".repeat(100));
    mkdirSync(home);
    const store = await openStore({ home });
    const run = store.runs.newRunId();
    await store.log.append(run, 0, [said("hello")]);
    expect(await store.log.read(run)).toHaveLength(1);
    await store.close();
    rmSync(home, { recursive: true });
  });

  it("says in one line that its folder cannot be made or is no database", async () => {
    const home = freshHome();
    writeFileSync(join(home, "file"), "");
    await expect(openStore({ home: join(home, "file", "candor") })).rejects.toMatchObject({ kind: "not writable" });
    mkdirSync(join(home, "db"));
    writeFileSync(join(home, "db", "PG_VERSION"), "9\n");
    await expect(openStore({ home })).rejects.toMatchObject({ kind: "embedded database broken" });
    rmSync(home, { recursive: true });
  });
});

describe("a server's store", () => {
  it("says in one line that nobody answers or the address is none", async () => {
    const home = freshHome();
    await expect(openStore({ home, databaseUrl: "postgres://x@127.0.0.1:1/x" })).rejects.toMatchObject({
      kind: "database down",
      message: expect.stringContaining("127.0.0.1:1/x"),
      code: 1,
    });
    await expect(openStore({ home, databaseUrl: "mysql://x" })).rejects.toMatchObject({ code: 2 });
    rmSync(home, { recursive: true });
  });

  const server = variants.find(({ name }) => name === "server");
  const test = server?.available ? it : it.skip;

  test("is read from another home only with the keys that the workers share", async () => {
    const place = await server?.place();
    if (!place) return;
    const here = await openStore(place);
    const run = here.runs.newRunId();
    await here.log.append(run, 0, [said("one")]);
    const home = freshHome();
    const stranger = await openStore({ ...place, home });
    await expect(stranger.log.read(run)).rejects.toMatchObject({ kind: "key missing" });
    await expect(stranger.log.append(run, 1, [said("x")])).rejects.toMatchObject({ kind: "key missing" });
    const friend = await openStore({ ...place, home, keyring: place.home });
    await friend.log.append(run, 1, [said("two")]);
    expect(await here.log.read(run)).toHaveLength(2);
    expect(await here.verify(run)).toMatchObject({ ok: true, events: 2 });
    // Erased by one worker, it is closed to the others at once.
    await friend.erase(run);
    await expect(here.log.read(run)).rejects.toMatchObject({ kind: "erased" });
    for (const store of [here, stranger, friend]) await store.close();
    rmSync(home, { recursive: true });
    await place.remove();
  });

  test("says what another process appended, and survives the loss of its connections", async () => {
    const place = await server?.place();
    if (!place) return;
    const here = await openStore(place);
    const there = await openStore(place);
    const run = here.runs.newRunId();
    await here.log.append(run, 0, [said("one")]);
    const seen: Recorded[] = [];
    there.log.subscribe(run, (event) => seen.push(event));
    // LISTEN takes a moment to be in force.
    let end = 1;
    await until(async () => {
      end = (await here.log.append(run, end, [said("more")])).at(-1)?.seq ?? end;
      return seen.length > 0;
    }, "the first event from another process");

    const admin = new Client({ connectionString: place.databaseUrl });
    await admin.connect();
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
    await admin.end();
    await until(async () => {
      const more = await here.log.append(run, end, [said("again")]).catch(() => []);
      end = more.at(-1)?.seq ?? end;
      return more.length > 0;
    }, "an append on new connections");
    await until(() => seen.at(-1)?.seq === end, "events after the connections broke");
    const seqs = seen.map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
    await here.close();
    await there.close();
    await place.remove();
  });
});

/** Files under `folder` whose bytes contain `text`. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .filter((file) => readFileSync(file).includes(text));
}

/** The bytes of `context` in chain.ts, as an SQL expression. */
function canonical(row: string, prev = `${row}.prev`): string {
  return `convert_to(E'candor event 1\\n', 'UTF8') || int8send(${row}.seq) || int8send(${row}.at)
    || int4send(octet_length(${row}.run)) || int4send(octet_length(${row}.type))
    || convert_to(${row}.run, 'UTF8') || convert_to(${row}.type, 'UTF8') || ${prev}`;
}
