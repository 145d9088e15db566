/** Finds the running `candor serve`, or starts one: it alone owns the embedded store. */
import { spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Failure, readServeFile, SERVE_ENV, SERVE_FLAGS, type ServeFile, VERSION } from "@candor/server/outside";
import { Api } from "./api.ts";

const START_LIMIT_MS = 30_000;

export async function connect(home: string): Promise<Api> {
  const running = await findRunning(home);
  if (running && running.version === VERSION) return new Api(running);
  if (running) await shutDown(running);
  return new Api(await startServer(home));
}

/** The server of this home, when one is up. */
export async function findRunning(home: string): Promise<ServeFile | undefined> {
  const file = readServeFile(home);
  if (!file) return undefined;
  return (await new Api(file).isUp()) ? file : undefined;
}

async function shutDown(server: ServeFile): Promise<void> {
  try {
    process.kill(server.pid, "SIGTERM");
  } catch {
    return;
  }
  for (let waited = 0; waited < 10_000 && (await new Api(server).isUp()); waited += 50) await sleep(50);
}

async function startServer(home: string): Promise<ServeFile> {
  const log = join(home, "serve.log");
  const out = openSync(log, "a", 0o600);
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, ...SERVE_FLAGS, main, "serve", "--background"], {
    detached: true,
    stdio: ["ignore", out, out],
    env: { ...SERVE_ENV, ...process.env, CANDOR_HOME: home },
  });
  let exit: number | null | undefined;
  child.once("exit", (code) => {
    exit = code;
  });
  child.unref();
  for (const began = Date.now(); Date.now() - began < START_LIMIT_MS; ) {
    const running = await findRunning(home);
    if (running) return running;
    if (exit !== undefined) throw lastWords(log, exit);
    await sleep(20);
  }
  throw new Failure("candor serve did not start within 30 s", { hint: `See ${log}.` });
}

/** What the server said before it gave up: its one-line error and hint. */
function lastWords(log: string, exit: number | null): Failure {
  const lines = readFileSync(log, "utf8").trimEnd().split("\n");
  const error = lines.findLast((line) => line.startsWith("error: "));
  const hint = lines.findLast((line) => line.startsWith("hint: "));
  return new Failure(error?.slice(7) ?? `candor serve ended with ${exit}`, {
    hint: hint?.slice(6) ?? `See ${log}.`,
    exit: exit === 2 ? 2 : 1,
  });
}
