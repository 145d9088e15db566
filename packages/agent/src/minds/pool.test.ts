import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MindConfig } from "@candor/store";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { detectIsolation } from "./isolation.ts";
import { MindError } from "./mind-error.ts";
import { createMindPool, type MindPool, type MindPoolOptions } from "./pool.ts";
import { emptyView } from "./testing/views.ts";

const config: MindConfig = { kind: "scout" };
const entry = fileURLToPath(new URL("./testing/hostile.ts", import.meta.url));
const noInfer = async () => ({ text: "", calls: [], tokens: 0, usd: 0 });

let pool: MindPool;
afterEach(() => pool.close());

const open = (options: MindPoolOptions = {}): MindPool => {
  pool = createMindPool({ entry, ...options });
  return pool;
};
const ask = (goal: string, timeoutMs = 5_000, signal = new AbortController().signal) =>
  pool.decide(config, emptyView({ goal }), noInfer, { signal, timeoutMs });
const thought = async (goal: string): Promise<unknown> => JSON.parse((await ask(goal)).thought);
const failure = async (promise: Promise<unknown>): Promise<MindError> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!MindError.isInstance(error)) throw new Error(`no MindError, but ${error}`);
  return error;
};

describe("a hostile mind", () => {
  let server: Server;
  let requests = 0;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "candor-mind-"));
    writeFileSync(join(folder, "secret"), "secret");
    server = createServer((_, response) => response.end("hello"));
    server.on("connection", () => {
      requests += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it("reaches no file, network, process, worker, environment or code outside", async () => {
    open();
    const { permission, sandbox } = await detectIsolation();
    const { port } = server.address() as AddressInfo;
    const results = (await thought(`escape ${port} ${process.pid} ${join(folder, "secret")}`)) as Record<
      string,
      string
    >;
    const done = Object.keys(results).filter((name) => results[name] === "done");
    expect(Object.keys(results)).toHaveLength(15);
    expect(permission).toBe(true);
    // Where the machine has no sandbox, the summary says so and these stay open.
    const leftOpen = sandbox === "none" ? ["signal the warden", "connect", "fetch", "look up a name"] : [];
    expect(done.filter((name) => !leftOpen.includes(name))).toEqual([]);
    if (sandbox !== "none") expect(requests).toBe(0);
    expect(existsSync(join(folder, "secret.written"))).toBe(false);
    expect(pool.isolation).toContain(sandbox === "none" ? "no network sandbox" : sandbox);
  });

  it("that crashes, ends or throws costs one decision, and the next is served", async () => {
    open({ size: 1 });
    expect(await failure(ask("crash"))).toMatchObject({ kind: "crashed" });
    expect((await failure(ask("exit"))).message).toContain("ended by itself with code 3");
    expect(await failure(ask("throw"))).toMatchObject({ kind: "failed", message: "the mind has no idea" });
    expect(await thought("fine")).toBe("fine");
  });

  it.each(["hang", "sleep"])("that never answers (%s) is killed at its time limit", async (goal) => {
    open({ size: 1 });
    expect(await failure(ask(goal, 300))).toMatchObject({ kind: "timeout" });
    expect(await thought("fine")).toBe("fine");
  });

  it.each(["flood-heap", "flood-buffers"])("that floods memory (%s) is ended by its limit", async (goal) => {
    open({ size: 1 });
    const error = await failure(ask(goal, 30_000));
    expect(error.kind).not.toBe("timeout");
    expect(error.message).toMatch(/memory/);
    expect(await thought("fine")).toBe("fine");
  });

  it("that answers garbage gets a reason that says what was wrong", async () => {
    open({ size: 1 });
    expect((await failure(ask("garbage"))).message).toBe(
      "The mind wrote a line that is not JSON: I would rather talk.",
    );
    expect((await failure(ask("endless"))).message).toContain("more than 4000000 characters");
    expect((await failure(ask("nonsense"))).message).toContain("not a decision (decision.thought");
    expect(await thought("fine")).toBe("fine");
  });
});

describe("the pool", () => {
  it("serves any number of runs with at most its size of processes", async () => {
    open({ size: 9 });
    const pids = new Set(await Promise.all(Array.from({ length: 40 }, () => thought("pid"))));
    expect(pool.processes).toBeLessThanOrEqual(4);
    expect(pids.size).toBeLessThanOrEqual(4);
  });

  it("with one decision a process, leaves a mind nothing to remember with", async () => {
    open({ size: 1, recycleAfter: 1 });
    expect([await thought("remember"), await thought("remember"), await thought("remember")]).toEqual([1, 1, 1]);
  });

  it("replaces a process after the given number of decisions", async () => {
    open({ size: 1, recycleAfter: 2 });
    const counts = [];
    for (let step = 0; step < 5; step++) counts.push(await thought("remember"));
    expect(counts).toEqual([1, 2, 1, 2, 1]);
  });

  it("kills at once when the run is stopped, whatever the mind does", async () => {
    open({ size: 1 });
    await thought("fine");
    const controller = new AbortController();
    const decision = ask("hang", 60_000, controller.signal);
    const queued = ask("fine", 60_000, controller.signal);
    setTimeout(() => controller.abort(new Error("stopped")), 50);
    await expect(decision).rejects.toThrow("stopped");
    await expect(queued).rejects.toThrow("stopped");
    expect(await thought("fine")).toBe("fine");
  });

  it("starts no process for decisions that are called off with others", async () => {
    open({ size: 1 });
    await thought("fine");
    const children = () => process.getActiveResourcesInfo().filter((kind) => kind === "ProcessWrap").length;
    const controller = new AbortController();
    const all = Array.from({ length: 200 }, () => ask("hang", 60_000, controller.signal).catch(() => "called off"));
    const before = children();
    controller.abort();
    // The ended ones count until the system has taken them away.
    expect(children()).toBe(before);
    expect(new Set(await Promise.all(all))).toEqual(new Set(["called off"]));
    expect(children()).toBeLessThanOrEqual(before);
  });

  it("ends idle processes", async () => {
    open({ size: 1, idleMs: 20 });
    await thought("fine");
    expect(pool.processes).toBe(1);
    await expect.poll(() => pool.processes, { timeout: 5_000 }).toBe(0);
    expect(await thought("fine")).toBe("fine");
  });

  it("carries inference to the warden and back, refusals too, outside the mind's time", async () => {
    open({ size: 1 });
    let calls = 0;
    const decision = await pool.decide(
      config,
      emptyView({ goal: "infer 3" }),
      async (request) => {
        calls += 1;
        if (calls === 2) throw new Error("no budget");
        await new Promise((resolve) => setTimeout(resolve, 250));
        return { text: `answer ${calls} to ${request.system}`, calls: [], tokens: 1, usd: 0 };
      },
      { signal: new AbortController().signal, timeoutMs: 400 },
    );
    expect(JSON.parse(decision.thought)).toEqual(["answer 1 to s", "refused: no budget", "answer 3 to s"]);
  });

  it("does not let a mind call a language model without end", async () => {
    open({ size: 1 });
    expect((await failure(ask("infer 20"))).message).toContain("more than 8 times");
  });

  it("fails what is under way when closed, and starts nothing more", async () => {
    open({ size: 1 });
    const failed = [failure(ask("hang")), failure(ask("fine"))];
    await pool.close();
    expect((await Promise.all(failed)).map((error) => error.kind)).toEqual(["unavailable", "unavailable"]);
    expect(await failure(ask("fine"))).toMatchObject({ kind: "unavailable" });
    expect(pool.processes).toBe(0);
  });

  it("says which file is missing when its entry cannot be loaded", async () => {
    open({ entry: "/nowhere/mind.ts" });
    const error = await failure(ask("fine"));
    expect(error.message).toMatch(/mind's process ended by itself.*(nowhere|denied|ERR_)/);
  });
});
