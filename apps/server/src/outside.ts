/** What a program beside the server needs: its settings, where it serves, how to stop it from outside, and how to fail. */
export { Problem } from "./api/schemas.ts";
export { type Config, loadConfig } from "./config.ts";
export { badInput, Failure, toFailure } from "./failure.ts";
export { homeFolder } from "./home.ts";
export { endServer, layStop, servingProcess } from "./off-switch/from-outside.ts";
export { knownRun } from "./off-switch/known-run.ts";
export { SERVE_ENV, SERVE_FLAGS } from "./serve-command.ts";
export { readServeFile, type ServeFile } from "./serve-file.ts";
export { VERSION } from "./version.ts";
