/** Servers in processes of their own, that tests talk to over HTTP and kill. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { SERVE_ENV, SERVE_FLAGS } from "../serve-command.ts";

export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  /** What it wrote to standard error. */
  errors(): string;
  /** JSON in and out, as the holder of the server's token or of another; a connection that breaks rejects. */
  ask<T>(method: string, path: string, body?: unknown, token?: string): Promise<{ status: number; body: T }>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface ServerPlace {
  home: string;
  databaseUrl?: string | undefined;
  /** Folder of keys that several servers share. */
  keyring?: string;
  port?: number;
}

/** @throws when it ends before it is up */
export async function startServer({ home, databaseUrl, keyring, port = 0 }: ServerPlace): Promise<ServerProcess> {
  const entry = fileURLToPath(new URL("serve.ts", import.meta.url));
  const args = [...SERVE_FLAGS, entry, home, String(port), ...(databaseUrl ? [databaseUrl] : [])];
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...SERVE_ENV, ...process.env, ...(keyring && { CANDOR_KEYRING: keyring }) },
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const up = await firstLine(child, () => errors);
  const { port: at, token } = JSON.parse(up) as { port: number; token: string };
  return {
    pid: child.pid ?? 0,
    port: at,
    errors: () => errors,
    ask: async (method, path, body, as = token) => {
      const response = await fetch(`http://127.0.0.1:${at}${path}`, {
        method,
        headers: { authorization: `Bearer ${as}`, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as never };
    },
    kill: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
}

function firstLine(child: ChildProcess, errors: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!child.stdout) throw new Error("no standard output");
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${errors()}`)));
  });
}
