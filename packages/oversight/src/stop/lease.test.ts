import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";

const HOLDER = fileURLToPath(new URL("./fixtures/holder.ts", import.meta.url));
let holder: ChildProcess;
let folder: string;
let lines: AsyncIterator<string>;

async function hold(then?: string): Promise<number> {
  folder = mkdtempSync(join(tmpdir(), "lease-"));
  holder = spawn(process.execPath, [HOLDER, folder, ...(then ? [then] : [])], {
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  if (!holder.stdout) throw new Error("no output");
  lines = createInterface(holder.stdout)[Symbol.asyncIterator]();
  return line();
}
const line = async (): Promise<number> => Number((await lines.next()).value);

afterEach(() => {
  holder.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const until = async (what: () => boolean): Promise<void> => {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 20));
};
const ended = async (): Promise<unknown> => (await once(holder, "exit"))[1];

describe.skipIf(process.platform !== "linux")("a warden whose lease lapses is ended", () => {
  it("when it is suspended", async () => {
    const watchdog = await hold();
    holder.kill("SIGSTOP");
    expect(await ended()).toBe("SIGKILL");
    await until(() => !lives(watchdog));
  });

  it("when its event loop stands still and somebody asks it to stop", async () => {
    await hold("spin");
    writeFileSync(join(folder, "r-1.asked"), "");
    expect(await ended()).toBe("SIGKILL");
  });

  it("although its watchdog was killed before: another took its place", async () => {
    const first = await hold("say");
    process.kill(first, "SIGKILL");
    for (let pid = first; pid === first || !pid; ) pid = await line();
    holder.kill("SIGSTOP");
    expect(await ended()).toBe("SIGKILL");
  });
});

describe.skipIf(process.platform !== "linux")("a warden is left alone", () => {
  it("while it counts, asked or not", async () => {
    const watchdog = await hold();
    writeFileSync(join(folder, "r-1.asked"), "");
    const count = () => Number(readFileSync(join(folder, "lease"), "utf8"));
    const from = count();
    // Longer than either limit of a warden that is asked.
    await until(() => count() > from + 25);
    expect(lives(holder.pid ?? 0)).toBe(true);
    expect(lives(watchdog)).toBe(true);
  });

  it("when it gives its lease back; then its watchdog goes", async () => {
    const watchdog = await hold("end");
    await until(() => !existsSync(join(folder, "lease")));
    await until(() => !lives(watchdog));
    expect(lives(holder.pid ?? 0)).toBe(true);
  });
});
