/** One process that minds run in, seen from the warden: started, spoken to, and killed without asking. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type Answer, excerpt, parseAnswer } from "./answers.ts";
import { MindError } from "./mind-error.ts";
import { lineReader, type ToMind } from "./protocol.ts";

/** Characters that one answer may have. An inference request carries a prompt; nothing is longer. */
const LONGEST_ANSWER = 4_000_000;
const KEPT_STDERR = 2_000;
const START_MS = 10_000;

/** What the pool is told of a process. */
export interface MindProcessListener {
  answer(answer: Exclude<Answer, { type: "ready" }>): void;
  /** The process is gone or is being killed; nothing comes after. */
  gone(error: MindError): void;
}

export class MindProcess {
  readonly ready: Promise<void>;
  /** Decisions begun here. */
  served = 0;
  listener: MindProcessListener | undefined;
  readonly #child: ChildProcess;
  #stderr = "";
  #dead: MindError | undefined;

  /** @param command as {@link import("./isolation.ts").mindCommand} gives it */
  constructor(command: readonly [string, ...string[]]) {
    const [program, ...args] = command;
    this.#child = spawn(program, args, { env: {}, stdio: ["pipe", "pipe", "pipe"], cwd: "/" });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.ready = promise;
    promise.catch(() => undefined);
    const timer = setTimeout(
      () => this.kill(new MindError("unavailable", "The mind's process did not start in 10 s.")),
      START_MS,
    );
    const settled = (): void => clearTimeout(timer);
    promise.then(settled, settled);

    let started = false;
    const { stdin, stdout, stderr } = this.#child;
    // Writing to a process that has just died is told by its exit.
    stdin?.on("error", () => undefined);
    stdout?.setEncoding("utf8");
    stdout?.on(
      "data",
      lineReader(
        LONGEST_ANSWER,
        (line) => {
          if (this.#dead) return;
          const parsed = parseAnswer(line);
          if ("wrong" in parsed) this.kill(new MindError("invalid", `The mind ${parsed.wrong}.`));
          else if (parsed.answer.type !== "ready") this.listener?.answer(parsed.answer);
          else if (started) this.kill(new MindError("invalid", "The mind's process said twice that it is ready."));
          else {
            started = true;
            resolve();
          }
        },
        () => this.kill(new MindError("invalid", `The mind wrote more than ${LONGEST_ANSWER} characters on one line.`)),
      ),
    );
    stderr?.setEncoding("utf8");
    stderr?.on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-KEPT_STDERR);
    });
    this.#child.on("error", (error) =>
      this.#die(reject, new MindError("unavailable", `The mind's process could not be started: ${error.message}`)),
    );
    // "close" comes after the last output, so that the reason is complete.
    this.#child.on("close", (code, signal) => {
      this.#die(reject, new MindError("crashed", `The mind's process ${ending(code, signal, this.#stderr)}.`));
    });
    this.#reject = reject;
  }

  readonly #reject: (error: MindError) => void;

  get dead(): boolean {
    return this.#dead !== undefined;
  }

  /** Of the outermost process: the sandbox's, where there is one. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: ToMind): void {
    if (!this.#dead) this.#child.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  /** Whether the warden's process waits for this one before it ends. */
  hold(held: boolean): void {
    const { stdin, stdout, stderr } = this.#child;
    for (const part of [this.#child, stdin, stdout, stderr]) {
      if (
        part &&
        "unref" in part &&
        typeof part.unref === "function" &&
        "ref" in part &&
        typeof part.ref === "function"
      ) {
        if (held) part.ref();
        else part.unref();
      }
    }
  }

  /** SIGKILL, at once. The sandbox dies with it and takes the mind along. */
  kill(error: MindError): void {
    this.#child.kill("SIGKILL");
    this.#child.stdin?.destroy();
    this.#die(this.#reject, error);
  }

  /** Resolves when the operating system has taken the process away. */
  async exited(): Promise<void> {
    if (this.#child.pid === undefined) return;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    // An idle process does not keep the warden alive, but the wait for its end does.
    this.#child.ref();
    await once(this.#child, "exit");
  }

  #die(reject: (error: MindError) => void, error: MindError): void {
    if (this.#dead) return;
    this.#dead = error;
    reject(error);
    this.listener?.gone(error);
  }
}

function ending(code: number | null, signal: string | null, stderr: string): string {
  if (/heap out of memory|Failed to allocate|out of memory/i.test(stderr)) return "ran out of memory";
  const last = stderr.split("\n").findLast((line) => /error/i.test(line)) ?? "";
  const how = signal ? `was ended by ${signal}` : `ended by itself with code ${code}`;
  return last ? `${how} (${excerpt(last)})` : how;
}
