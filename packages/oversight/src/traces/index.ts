export { fromEvents } from "./from-events.ts";
export { parseTraces, TraceError } from "./parse.ts";
export { type Told, toEvents } from "./to-events.ts";
export { Trace, type TraceInput, turnsOf } from "./trace.ts";
