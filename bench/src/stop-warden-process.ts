/** Handle of a process of `stop-warden.ts`. */
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { plainMind } from "./stop-minds.ts";
import { FromWarden, type ToWarden } from "./stop-protocol.ts";

const WARDEN = fileURLToPath(new URL("./stop-warden.ts", import.meta.url));

/** What the wardens of one benchmark have in common: their mind, and Node's cache of what it compiled. */
const shared = mkdtempSync(join(tmpdir(), "candor-bench-stop-shared-"));
process.once("exit", () => rmSync(shared, { recursive: true, force: true }));
const mind = plainMind(join(shared, "minds"));

export class WardenProcess {
  readonly home: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #inbox: FromWarden[] = [];
  #wake = (): void => undefined;

  private constructor(home: string, child: ChildProcess) {
    this.home = home;
    this.#child = child;
    this.#exited = new Promise((resolve) => child.once("exit", () => resolve()));
    child.on("message", (message) => {
      this.#inbox.push(FromWarden.parse(message));
      this.#wake();
    });
    child.on("exit", () => this.#wake());
  }

  /** In a process group of its own. */
  static async start(observer: string, options: { lease?: boolean } = {}): Promise<WardenProcess> {
    const home = mkdtempSync(join(tmpdir(), "candor-bench-stop-"));
    const child = fork(WARDEN, [home, observer, mind, ...(options.lease ? ["lease"] : [])], {
      detached: true,
      env: { ...process.env, NODE_COMPILE_CACHE: join(shared, "compiled") },
      execArgv: ["--max-semi-space-size=16"],
      stdio: ["ignore", "ignore", options.lease ? "ignore" : "inherit", "ipc"],
    });
    const warden = new WardenProcess(home, child);
    await warden.hears("ready");
    return warden;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  tell(message: ToWarden): void {
    this.#child.send(message);
  }

  async hears<T extends FromWarden["type"]>(type: T): Promise<Extract<FromWarden, { type: T }>> {
    for (;;) {
      const message = this.#inbox.shift();
      if (message?.type === type) return message as Extract<FromWarden, { type: T }>;
      if (message) throw new Error(`expected ${type}, heard ${message.type}`);
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) throw new Error("the warden is gone");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Resolves when it has ended, by whatever. */
  exited = (): Promise<void> => this.#exited;

  async end(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
    rmSync(this.home, { recursive: true, force: true });
  }
}
