/** The off switch with everything against it: hostile minds, databases that are gone, full disks, restarts. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createMindPool } from "@candor/agent";
import { freshHome, until, variants } from "@candor/store/testing";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { createService, type RunningService } from "../create-service.ts";
import { settled } from "../fixture.ts";

const HOSTILE = fileURLToPath(new URL("../../../../packages/agent/src/minds/testing/hostile.ts", import.meta.url));
const town = { kind: "town", seed: 3 } as const;
const request = (goal: string) => ({ kind: "run", goal, world: town, mind: { kind: "scripted" } }) as const;
/** More looking than anybody waits for. */
const script = Array.from({ length: 300 }, (_, at) => ({
  thought: "as the test says",
  tool: "search",
  args: { query: `clubs and societies ${at}` },
}));
const long = { ...request("look at the town's clubs"), mind: { kind: "scripted", script } } as const;

async function serviceOn(
  place: { home: string; databaseUrl?: string | undefined },
  more: Partial<Parameters<typeof createService>[0]> = {},
): Promise<RunningService> {
  const service = await createService({ home: place.home, databaseUrl: place.databaseUrl, ...more });
  onTestFinished(() => service.close());
  return service;
}

async function underWay(service: RunningService): Promise<string> {
  const { run } = await service.start(long, "test");
  await until(async () => (await service.show(run)).steps >= 2, "the run to be under way");
  return run;
}

const stops = async (service: RunningService, run: string) =>
  (await service.events(run, 0)).flatMap(({ event }) => (event.type === "run.stopped" ? [event.reason] : []));

describe("a mind cannot delay a stop", () => {
  const home = freshHome();
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test.each([
    ["that spins", "hang"],
    ["that never answers and ignores signals", "deaf"],
    ["that floods its errors", "flood-errors"],
    ["that does not read, with its pipe full", "clog"],
    ["that is SIGSTOPped", "sleep"],
  ])("%s", async (_, goal) => {
    const minds = createMindPool({ size: 1, entry: HOSTILE });
    const service = await serviceOn({ home }, { mindPool: minds });
    const { run } = await service.start(request(goal), "test");
    await until(() => mindsBelow().length > 0, "the mind to be asked");
    // Time to do its worst.
    await new Promise((resolve) => setTimeout(resolve, 500));
    if (goal === "sleep") for (const pid of mindsBelow()) process.kill(pid, "SIGSTOP");
    expect(await service.stop(run, "enough", "test")).toEqual({ stopped: [run], recorded: true });
    expect((await service.show(run)).status).toBe("stopped");
    await until(() => mindsBelow().length === 0, "the mind's process to be gone");
    // The next run gets a mind of its own.
    const { run: next } = await service.start(request("use wait"), "test");
    await until(async () => (await service.show(next)).steps > 0, "the next run to be served");
  });
});

/** Processes that run the hostile mind below this one. */
function mindsBelow(): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && descends(pid) && readOr(`/proc/${pid}/cmdline`).includes("hostile.ts"));
}

function descends(pid: number): boolean {
  for (let at = pid; at > 1; ) {
    if (at === process.pid) return pid !== process.pid;
    at = Number(
      readOr(`/proc/${at}/stat`)
        .replace(/^.*\) /s, "")
        .split(" ")[1],
    );
  }
  return false;
}

function readOr(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

describe("a database that is gone cannot delay a stop", () => {
  const server = variants.find(({ name }) => name === "server");
  (server?.available ? test : test.skip)(
    "PostgreSQL, out of reach and back again, and after a restart",
    async () => {
      const place = await server?.place();
      if (!place?.databaseUrl) throw new Error("no place");
      onTestFinished(() => place.remove());
      const wire = await wireTo(place.databaseUrl);
      onTestFinished(() => wire.close());
      const service = await serviceOn({ home: place.home, databaseUrl: wire.url });
      const [first, second] = [await underWay(service), await underWay(service)];

      wire.cut();
      expect(await service.stop(first, "enough", "test", 200)).toEqual({ stopped: [first], recorded: false });
      expect(service.stops()).toMatchObject([{ target: first, reason: "enough", by: "test" }]);
      // The other was let be, the first begins nothing more.
      wire.mend();
      await until(
        async () => (await service.show(first).catch(() => undefined))?.status === "stopped",
        "the log to say so",
      );
      const { steps } = await service.show(first);
      expect(await stops(service, first)).toEqual(["enough"]);
      expect((await service.show(second)).status).not.toBe("stopped");

      wire.cut();
      await service.stop(second, "enough too", "test", 100);
      const closing = service.close();
      wire.mend();
      await closing;
      const again = await serviceOn(place);
      expect((await again.show(second)).status).toBe("stopped");
      expect(await stops(again, second)).toEqual(["enough too"]);
      expect((await again.show(first)).steps).toBe(steps);
    },
    90_000,
  );

  const disk = freshHome();
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=60m", "tmpfs", disk]).status === 0;
  afterAll(() => {
    if (mounted) spawnSync("umount", ["-l", disk]);
    rmSync(disk, { recursive: true, force: true });
  });
  (mounted ? test : test.skip)(
    "the embedded one, dead of a full disk that takes no latch either",
    async () => {
      const service = await serviceOn({ home: disk });
      const { run: wordy } = await service.start({ ...long, mode: "step" }, "test");
      expect(await settled(service, wordy)).toBe("paused");
      const run = await underWay(service);
      let seen = 0;
      service.subscribe(run, ({ event }) => {
        if (event.type.startsWith("step.")) seen++;
      });
      const use = async () => {
        for (;;) await service.say(wordy, "x".repeat(2_000_000), "test");
      };
      await expect(use()).rejects.toMatchObject({ kind: "disk full" });
      await expect(service.events(run, 0)).rejects.toMatchObject({ kind: "disk full" });
      fill(join(disk, "ballast"));
      expect(await service.stop(run, "enough", "test", 500)).toMatchObject({ recorded: false });
      expect(readOr(join(disk, "stop", `${run}.stop`))).toBe("");
      expect(service.stops()).toMatchObject([{ target: run, reason: "enough" }]);
      const before = seen;
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(seen).toBe(before);
    },
    60_000,
  );
});

function fill(path: string): void {
  const megabyte = Buffer.alloc(1_000_000);
  for (const piece of [megabyte, megabyte.subarray(0, 4_096), megabyte.subarray(0, 1)]) {
    try {
      for (;;) writeFileSync(path, piece, { flag: "a" });
    } catch {
      // It takes no more of this size.
    }
  }
}

/** Passes bytes on to a PostgreSQL until it is cut: then nothing passes, and nobody is told. */
async function wireTo(databaseUrl: string): Promise<{ url: string; cut(): void; mend(): void; close(): void }> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      if (whole) from.on("data", (bytes) => to.write(bytes));
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
      if (!whole) from.pause();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = new URL(databaseUrl);
  url.port = String(typeof address === "object" ? address?.port : "");
  return {
    url: url.href,
    cut: () => {
      whole = false;
      for (const socket of sockets) socket.pause();
    },
    mend: () => {
      whole = true;
      for (const socket of sockets) {
        if (socket.listenerCount("data") === 0) socket.destroy();
        else socket.resume();
      }
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe("a stop", () => {
  test("holds until a person resumes the run, over restarts, and stopping twice is no error", async () => {
    const home = freshHome();
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    const service = await serviceOn({ home });
    const run = await underWay(service);
    const latch = join(home, "stop", `${run}.stop`);
    expect(await service.stop(run, "enough", "test")).toEqual({ stopped: [run], recorded: true });
    expect(await service.stop(run, "more than enough", "test")).toEqual({ stopped: [], recorded: true });
    expect(existsSync(latch)).toBe(true);
    await service.close();

    const again = await serviceOn({ home });
    expect(again.stops()).toMatchObject([{ target: run, reason: "enough" }]);
    expect(await stops(again, run)).toEqual(["enough"]);
    await again.resume(run, "test");
    expect(existsSync(latch)).toBe(false);
    const { steps } = await again.show(run);
    await until(async () => (await again.show(run)).steps > steps, "the run to go on");
    await again.stop(run, "for good", "test");
    expect(await stops(again, run)).toEqual(["enough", "for good"]);
  }, 60_000);

  test("laid down by hand while Candor was down is in the log before anything is taken up", async () => {
    const home = freshHome();
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    const service = await serviceOn({ home });
    const run = await underWay(service);
    await service.close();
    writeFileSync(join(home, "stop", `${run}.stop`), "");
    writeFileSync(join(home, "stop", "r-nobody.stop"), "");
    const again = await serviceOn({ home });
    expect(await stops(again, run)).toEqual(["stop file"]);
    await expect(again.stop("r-nothing", "", "test")).rejects.toMatchObject({ kind: "unknown run", code: 2 });
  }, 60_000);

  test("of a run that is finished leaves nothing behind", async () => {
    const home = freshHome();
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    const service = await serviceOn({ home });
    const finish = { thought: "done", tool: "finish", args: { summary: "done" } };
    const { run } = await service.start({ ...long, mind: { kind: "scripted", script: [finish] } }, "test");
    expect(await settled(service, run)).toBe("finished");
    expect(await service.stop(run, "late", "test")).toEqual({ stopped: [], recorded: true });
    expect(service.stops()).toEqual([]);
    expect((await service.show(run)).status).toBe("finished");
  }, 60_000);
});
