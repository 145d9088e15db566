/** What `candor explain` and `candor compare` have in common: a story first, and its steps when they are asked for. */
import type { Command } from "commander";
import type { Api } from "../client/api.ts";
import { answer, api, type Global } from "../context.ts";
import { integer } from "../options.ts";
import { bold, print } from "../screen/style.ts";

export interface RowOptions extends Global {
  steps?: boolean;
  from: number;
  limit: number;
}

export interface Told<T> {
  ask(client: Api, runs: string[], options: RowOptions): Promise<T>;
  story(told: T): void;
  steps(told: T): void;
}

/** @param of what is numbered by `--from`: steps, or rows of an alignment */
export function toldWithSteps<T>(
  command: Command,
  of: { steps: string; row: string; rows: string },
  told: Told<T>,
): void {
  command
    .option("--steps", of.steps)
    .option(`--from <${of.row}>`, `with --steps or --json, from this ${of.row} on`, integer("--from", 1), 1)
    .option("--limit <n>", `with --steps or --json, so many ${of.rows} at most (1,000)`, integer("--limit", 1), 300)
    .action(async () => {
      const options = command.optsWithGlobals<RowOptions>();
      const answered = await told.ask(await api(), command.args, options);
      answer(options, answered, () => {
        told.story(answered);
        if (options.steps) told.steps(answered);
      });
    });
}

export const heading = (text: string): void => print(`\n${bold(text)}`);
