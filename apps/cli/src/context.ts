/** What every command needs: where things are, how to answer, and how to fail. */
import { homeFolder, toFailure } from "@candor/server/outside";
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
  const failure = toFailure(error);
  if (json) print(JSON.stringify({ error: failure.message, hint: failure.hint, exit: failure.exit }));
  else {
    process.stderr.write(`${red("error: ")}${failure.message}\n`);
    if (failure.hint) process.stderr.write(`hint: ${failure.hint}\n`);
  }
  return failure.exit;
}
