export { createGuard, type Guard, invariants } from "./guard/guard.ts";
export type { GuardRequest, Invariant } from "./guard/request.ts";
export { createMonitors, type Monitors } from "./monitors/monitors.ts";
export { narrow } from "./permissions/narrow.ts";
export { PermissionsError, parsePermissions, resolvePermissions } from "./permissions/parse.ts";
export { presets } from "./permissions/presets.ts";
export { Permissions, type Rule } from "./permissions/schema.ts";
export { watchStopFile } from "./stop/watch-stop-file.ts";
export { createTracer, type Tracer } from "./taint/trace.ts";
