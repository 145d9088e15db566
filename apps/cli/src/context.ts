/** What every command needs: where things are, how to answer, and how to fail. */
import { Failure, homeFolder } from "@candor/server";
import type { Api } from "./client/api.ts";
import { connect } from "./client/connect.ts";
import { print, red } from "./screen/style.ts";

export interface Global {
  json?: boolean;
}

export const home = (): string => homeFolder();

let connected: Promise<Api> | undefined;
export const api = (): Promise<Api> => {
  connected ??= connect(home());
  return connected;
};

/** Prints `value` as JSON with `--json`, otherwise calls `screen`. */
export function answer(options: Global, value: unknown, screen: () => void): void {
  if (options.json) print(JSON.stringify(value, null, 2));
  else screen();
}

/** The one place where an error becomes words and an exit code: one line, a hint, no stack. */
export function fail(error: unknown, json: boolean): number {
  const failure =
    error instanceof Failure
      ? error
      : hasHint(error)
        ? new Failure(error.message, { hint: error.hint, exit: error.exit === 2 ? 2 : 1 })
        : new Failure(error instanceof Error ? error.message : String(error));
  if (json) print(JSON.stringify({ error: failure.message, hint: failure.hint, exit: failure.exit }));
  else {
    process.stderr.write(`${red("error: ")}${failure.message.split("\n")[0]}\n`);
    if (failure.hint) process.stderr.write(`hint: ${failure.hint}\n`);
  }
  return failure.exit;
}

const hasHint = (error: unknown): error is Error & { hint: string; exit?: number } =>
  error instanceof Error && "hint" in error && typeof error.hint === "string";
