export type { Answer, Fork, RunRow, RunView } from "./api/schemas.ts";
export { Problem, StartRun } from "./api/schemas.ts";
export { Config, loadConfig } from "./config.ts";
export { badInput, Failure } from "./failure.ts";
export { homeFolder } from "./home.ts";
export { type Serving, serve } from "./serve.ts";
export { readServeFile, type ServeFile } from "./serve-file.ts";
export type { MeView, ReportFormat, Service, Summary } from "./service.ts";
export { VERSION } from "./version.ts";
