/** The off switch that needs no API and no terminal: while `STOP` lies in the home folder, nothing runs. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { watchStopFile } from "@candor/oversight";
import { Failure } from "./failure.ts";

export const STOP_FILE = "STOP file";
const BY = "operator";

export class OffSwitch {
  readonly path: string;
  readonly #stop: (target: string, reason: string, by: string) => Promise<string[]>;
  #end: () => void = () => {};

  /** @param stop stops a run and everything below it, or `all` */
  constructor(home: string, stop: (target: string, reason: string, by: string) => Promise<string[]>) {
    this.path = join(home, "STOP");
    this.#stop = stop;
  }

  get isOn(): boolean {
    return existsSync(this.path);
  }

  /** Stops what was left running when the file appeared with nobody there to see it, then watches for it. */
  async watch(): Promise<void> {
    if (this.isOn) await this.#stop("all", STOP_FILE, BY);
    this.#end = watchStopFile(this.path, () => {
      this.#stop("all", STOP_FILE, BY).catch((error: unknown) =>
        process.stderr.write(`STOP file: ${error instanceof Error ? error.message : String(error)}\n`),
      );
    });
  }

  /** Does `work` on a run, unless the file is there: then it is stopped. Closes the gap between looking and starting. */
  async unlessOn(run: string, work: () => Promise<void>): Promise<void> {
    if (this.isOn) await this.#stop(run, STOP_FILE, BY);
    else await work();
  }

  /** @throws Failure while the file is there */
  refuse(): void {
    if (this.isOn)
      throw new Failure(`the off switch is on: while ${this.path} exists, no run starts or resumes`, {
        hint: `Remove the file first: rm ${this.path}`,
      });
  }

  end(): void {
    this.#end();
  }
}
