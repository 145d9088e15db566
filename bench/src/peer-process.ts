/** A peer in a process of its own: it is asked by lines and answers by lines of JSON. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export class PeerProcess {
  readonly #child: ReturnType<typeof spawn>;
  readonly #lines: AsyncIterator<string>;
  #errors = "";

  constructor(command: string, args: readonly string[]) {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    child.stderr.on("data", (chunk: Buffer) => {
      this.#errors = `${this.#errors}${chunk}`.slice(-2_000);
    });
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** The next line, to be parsed by a schema. @throws with the last line of its errors, when it has ended */
  async said(): Promise<unknown> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(this.#errors.trim().split("\n").at(-1) ?? "it ended");
    return JSON.parse(value);
  }

  ask(line: string): Promise<unknown> {
    this.#child.stdin?.write(`${line}\n`);
    return this.said();
  }

  end(): void {
    this.#child.kill();
  }
}
