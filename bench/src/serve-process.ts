/** A real `candor serve` in a process of its own, with everything it starts, and its API. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { RunView, StartRun } from "@candor/server";
import { readServeFile, SERVE_ENV, SERVE_FLAGS } from "@candor/server/outside";
import type { Recorded } from "@candor/store";
import { z } from "zod";

const CLI = fileURLToPath(new URL("../../apps/cli/src/main.ts", import.meta.url));
const START_MS = 60_000;

export class ServeProcess {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  #base = "";
  #token = "";

  private constructor(child: ChildProcess, pid: number) {
    this.#child = child;
    this.pid = pid;
    this.#exited = new Promise((resolve) => child.once("exit", () => resolve()));
  }

  /** As the command line starts it, in a process group of its own. */
  static start(home: string): ServeProcess {
    const child = spawn(process.execPath, [...SERVE_FLAGS, CLI, "serve", "--background"], {
      env: { ...SERVE_ENV, ...process.env, CANDOR_HOME: home, DATABASE_URL: "" },
      stdio: ["ignore", "ignore", "inherit"],
      detached: true,
    });
    if (child.pid === undefined) throw new Error("candor serve could not be started");
    return new ServeProcess(child, child.pid);
  }

  /** @throws when it ends, or does not answer within a minute */
  async ready(home: string): Promise<void> {
    const until = Date.now() + START_MS;
    while (Date.now() < until) {
      if (this.#child.exitCode !== null) throw new Error(`candor serve ended with code ${this.#child.exitCode}`);
      if (this.#child.signalCode !== null) throw new Error(`candor serve was ended by ${this.#child.signalCode}`);
      const file = readServeFile(home);
      if (file?.pid === this.pid) {
        this.#base = `http://127.0.0.1:${file.port}/api`;
        this.#token = file.token;
        return;
      }
      await sleep(10);
    }
    throw new Error("candor serve did not answer within a minute");
  }

  start = async (request: StartRun): Promise<string> =>
    z.object({ run: z.string() }).parse(await this.#call("POST", "/runs", request)).run;
  show = async (run: string): Promise<RunView> => (await this.#call("GET", `/runs/${run}`)) as RunView;
  verify = async (run: string): Promise<{ ok: boolean; explanation: string }> =>
    z.object({ ok: z.boolean(), explanation: z.string() }).parse(await this.#call("GET", `/runs/${run}/verify`));
  post = (run: string, action: string, body: unknown): Promise<unknown> =>
    this.#call("POST", `/runs/${run}/${action}`, body);

  async events(run: string): Promise<Recorded[]> {
    const events: Recorded[] = [];
    for await (const event of this.#stream(`/runs/${run}/events`)) events.push(event);
    return events;
  }

  /** Events as they come, until the connection ends. */
  follow = (run: string): AsyncGenerator<Recorded> => this.#stream(`/runs/${run}/events?follow=1`);

  async *#stream(path: string): AsyncGenerator<Recorded> {
    const { body } = await this.#fetch("GET", path);
    let rest = "";
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const messages = (rest + chunk).split("\n\n");
      rest = messages.pop() ?? "";
      for (const message of messages) {
        if (/^event: /m.test(message)) continue;
        const data = /^data: (.*)$/m.exec(message)?.[1];
        if (data) yield JSON.parse(data) as Recorded;
      }
    }
  }

  /** Ends it and everything it has started, as the power would. Resolves when the operating system took it away. */
  async kill(): Promise<void> {
    const started = descendants(this.pid);
    for (const target of [-this.pid, ...started]) signal(target, "SIGKILL");
    await this.#exited;
    while (started.some((pid) => signal(pid, 0))) await sleep(2);
  }

  async stop(): Promise<void> {
    signal(this.pid, "SIGTERM");
    await this.#exited;
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await this.#fetch(method, path, body);
    return response.json();
  }

  async #fetch(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(this.#base + path, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** True when there is such a process. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

/** Every process that `pid` started, and what those started: minds in their sandboxes included. */
export function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync("/proc")) {
    const id = Number(entry);
    if (!Number.isInteger(id)) continue;
    const parent = parentOf(id);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), id]);
  }
  const below = (id: number): number[] => (children.get(id) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

function parentOf(pid: number): number | undefined {
  try {
    // The name, in brackets, may hold anything; the state and the parent follow it.
    const after = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "");
    return Number(after.split(" ")[1]);
  } catch {
    return undefined;
  }
}
