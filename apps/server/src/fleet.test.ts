/** Several servers on one PostgreSQL: real processes, real effects in a file, kill -9. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Place, until, variants, workersOf } from "@candor/store/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RunView } from "./api/schemas.ts";
import { type ServerProcess, startServer } from "./testing/server-process.ts";

const postgres = variants.find(({ name }) => name === "server");
const TOOL = "mcp_effects_append";

describe.skipIf(!postgres?.available)("two servers on one PostgreSQL", () => {
  let place: Place;
  let root = "";
  let file = "";
  let servers: ServerProcess[] = [];

  beforeEach(async () => {
    if (!postgres) throw new Error("no PostgreSQL");
    place = await postgres.place();
    root = `${place.home}-fleet`;
    file = join(root, "effects");
    servers = await Promise.all(["a", "b"].map(start));
  });
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.kill("SIGTERM")));
    await place.remove();
    rmSync(root, { recursive: true, force: true });
  });

  async function start(name: string): Promise<ServerProcess> {
    const home = join(root, name);
    mkdirSync(home, { recursive: true });
    const args = [fileURLToPath(new URL("../../../packages/agent/src/mcp/testing/effects.ts", import.meta.url)), file];
    const mcp = [{ name: "effects", command: process.execPath, args }];
    writeFileSync(join(home, "config.json"), JSON.stringify({ mcp }));
    return startServer({ home, databaseUrl: place.databaseUrl, keyring: join(root, "keys") });
  }

  const at = (n: number): ServerProcess => {
    const server = servers[n % servers.length];
    if (!server) throw new Error("no server is up");
    return server;
  };
  const written = (): string[] => (existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : []);

  /** A run that writes `NAME-1` to `NAME-K` into the file. */
  async function begin(
    server: ServerProcess,
    name: string,
    steps: number,
    ms: number,
    outcome: "allow" | "ask" = "allow",
  ) {
    const script = Array.from({ length: steps }, (_, i) => ({
      thought: "One more.",
      tool: TOOL,
      args: { line: `${name}-${i + 1}`, ms },
    }));
    const { status, body } = await server.ask<{ run: string }>("POST", "/api/runs", {
      kind: "run",
      goal: "Write the lines.",
      world: { kind: "town", seed: 4 },
      mind: { kind: "scripted", script },
      permissions: {
        name: "test",
        rules: [
          { outcome, tool: TOOL },
          { outcome: "allow", tool: "finish" },
        ],
      },
    });
    expect(status, JSON.stringify(body)).toBe(200);
    return body.run;
  }

  const view = async (server: ServerProcess, run: string) =>
    (await server.ask<RunView>("GET", `/api/runs/${run}`)).body;

  /** Tells the truth where it is asked whether an effect happened, to whichever server comes next. */
  async function answerTruly(run: string, { question }: RunView, server: ServerProcess): Promise<void> {
    if (!question) return;
    const { step, argsHash, decision, unknownOutcome } = question;
    const answer = unknownOutcome && written().includes(String(decision.args.line)) ? "reject" : "approve";
    await server.ask("POST", `/api/runs/${run}/answer`, { answer, step, argsHash });
  }

  test("divide the runs; when one is killed the other finishes them all, and nothing is done twice", async () => {
    const { databaseUrl = "" } = place;
    const names: string[] = [];
    const runs: string[] = [];
    // One server may have taken what there is before the other has looked: work comes until both have some.
    let workers = new Set<string>();
    do {
      const more = Array.from({ length: 8 }, (_, i) => `run${names.length + i}`);
      names.push(...more);
      runs.push(...(await Promise.all(more.map((name, i) => begin(at(i), name, 6, 120)))));
      const enough = written().length + 12;
      await until(() => written().length >= enough, "a quarter of the work");
      workers = new Set([...(await workersOf(databaseUrl)).values()].map(({ worker }) => worker));
    } while (workers.size < 2 && names.length < 40);
    expect(workers.size).toBe(2);

    await at(0).kill("SIGKILL");
    servers = [at(1)];
    // What either server had ended by now stays in its name.
    const atDeath = await workersOf(databaseUrl);
    await until(
      async () => {
        const views = await Promise.all(runs.map((run) => view(at(0), run)));
        for (const [i, each] of views.entries()) await answerTruly(runs[i] ?? "", each, at(0));
        return views.every(({ status }) => status === "finished");
      },
      "the end of every run",
      45_000,
    );
    const lines = names.flatMap((name) => [1, 2, 3, 4, 5, 6].map((k) => `${name}-${k}`));
    expect(written().toSorted()).toEqual(lines.toSorted());
    for (const run of runs) {
      const { body } = await at(0).ask<{ ok: boolean }>("GET", `/api/runs/${run}/verify`);
      expect(body).toMatchObject({ ok: true });
    }
    const after = await workersOf(databaseUrl);
    const unended = runs.filter((run) => !atDeath.get(run)?.ended);
    expect(unended).not.toEqual([]);
    expect(new Set(unended.map((run) => after.get(run)?.worker)).size).toBe(1);
  });

  test("an answer given to either server reaches the run", async () => {
    const run = await begin(at(0), "asking", 6, 0, "ask");
    for (let k = 1; k <= 6; k++) {
      // Asked on both, answered on one and then the other.
      for (const server of servers)
        await until(async () => (await view(server, run)).question?.step === k, `question ${k} on each server`);
      await answerTruly(run, await view(at(k), run), at(k));
    }
    await until(async () => (await view(at(1), run)).status === "finished", "the end");
    expect(written()).toEqual([1, 2, 3, 4, 5, 6].map((k) => `asking-${k}`));
  });

  test("a stop given to either server holds on both, and a resume given to the other lets go", async () => {
    const runs = await Promise.all([0, 1, 2, 3].map((i) => begin(at(i), `long${i}`, 12, 150)));
    await until(() => [0, 1, 2, 3].every((i) => written().includes(`long${i}-2`)), "all to be at work");
    // Twice each way round: of two stops through one server at least one is of a run that may be the other's.
    await Promise.all(runs.map((run, i) => at(i).ask("POST", "/api/stop", { target: run })));
    for (const server of servers)
      await until(
        async () =>
          (await Promise.all(runs.map((run) => view(server, run)))).every((each) => each.status === "stopped"),
        "the stop on each server",
      );
    // An effect under way when the stop came may still end; then nothing more begins.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const then = written();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(written()).toEqual(then);
    expect(then.length).toBeLessThan(48);

    for (const [i, run] of runs.entries()) {
      const { status, body } = await at(i + 1).ask("POST", `/api/runs/${run}/resume`, {});
      expect(status, JSON.stringify(body)).toBe(200);
    }
    await until(
      async () => {
        const views = await Promise.all(runs.map((run, i) => view(at(i), run)));
        for (const [i, each] of views.entries()) await answerTruly(runs[i] ?? "", each, at(i));
        return views.every(({ status }) => status === "finished");
      },
      "the end of every run",
      45_000,
    );
    const lines = written();
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines).toHaveLength(48);
  }, 90_000);
});
