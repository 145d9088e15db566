/** A real `candor serve` in a home of its own and a real Chromium, for tests of the pages. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { openBrowser } from "./browser.ts";
import { buildPages } from "./build.ts";

const CLI = fileURLToPath(new URL("../../../cli/src/main.ts", import.meta.url));

export interface View {
  width: number;
  height: number;
  dark?: boolean;
}

export const WIDE: View = { width: 1280, height: 800 };
export const NARROW: View = { width: 390, height: 844 };

export class Candor implements AsyncDisposable {
  readonly home: string;
  port = 0;
  token = "";
  readonly #browser: Browser;
  #server: ChildProcess | undefined;

  private constructor(home: string, browser: Browser) {
    this.home = home;
    this.#browser = browser;
  }

  /** Builds the pages, starts a server on an empty home, and a browser. */
  static async open(): Promise<Candor> {
    buildPages();
    const candor = new Candor(mkdtempSync(join(tmpdir(), "candor-web-")), await openBrowser());
    await candor.serve();
    return candor;
  }

  /** Starts the server; after `kill`, another one on the same home and port. */
  async serve(): Promise<void> {
    const port = this.port > 0 ? ["--port", String(this.port)] : [];
    this.#server = spawn(process.execPath, [CLI, "serve", ...port], {
      env: { ...process.env, CANDOR_HOME: this.home, DATABASE_URL: "" },
      stdio: ["ignore", "ignore", "inherit"],
    });
    for (let tries = 0; tries < 1_200; tries++) {
      const file = this.#serveFile();
      if (file && file.pid === this.#server.pid) {
        this.port = file.port;
        this.token = file.token;
        return;
      }
      await sleep(25);
    }
    throw new Error("candor serve did not start");
  }

  /** As the power would. */
  async kill(): Promise<void> {
    const server = this.#server;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const gone = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGKILL");
    await gone;
  }

  /** A page of a browser of its own, signed in as `candor open` does it; fails the test on any error in it. */
  async page(view: View = WIDE, path = ""): Promise<{ page: Page; context: BrowserContext; problems: string[] }> {
    const context = await this.#browser.newContext({
      viewport: { width: view.width, height: view.height },
      colorScheme: view.dark ? "dark" : "light",
      reducedMotion: "reduce",
    });
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.stack ?? error.message));
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    await page.goto(`${this.address}/${path}#token=${this.token}`);
    return { page, context, problems };
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async api<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.address}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as T;
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Asks about a run until `holds`; what it read last is what it gives. */
  async when<T>(run: string, holds: (view: T) => boolean): Promise<T> {
    for (let tries = 0; tries < 600; tries++) {
      const view = await this.api<T>("GET", `/runs/${run}`);
      if (holds(view)) return view;
      await sleep(100);
    }
    throw new Error(`run ${run} did not get there in a minute`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    const server = this.#server;
    if (server && server.exitCode === null && server.signalCode === null) {
      const gone = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      await gone;
    }
    rmSync(this.home, { recursive: true, force: true });
  }

  #serveFile(): { port: number; token: string; pid: number } | undefined {
    try {
      return JSON.parse(readFileSync(join(this.home, "serve.json"), "utf8")) as {
        port: number;
        token: string;
        pid: number;
      };
    } catch {
      return undefined;
    }
  }
}
