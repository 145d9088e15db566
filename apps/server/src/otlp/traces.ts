/** A run and everything below it as one OTLP trace. */
import type { EventLog, Recorded } from "@candor/store";
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from "@opentelemetry/semantic-conventions";
import { VERSION } from "../version.ts";
import { type SpanOptions, spansOf } from "./spans.ts";
import { attributes, type Span, type Trace } from "./wire.ts";

export interface TraceOptions extends SpanOptions {
  /** The run alone: its children send their own. */
  alone?: boolean;
}

export interface Traces {
  /** The same bytes for the same events. */
  trace(run: string, options?: TraceOptions): Promise<Trace>;
}

/** More than any run has ancestors. */
const MOST_DEPTH = 16;

export function createTraces(log: EventLog): Traces {
  async function rootOf(run: string): Promise<string> {
    let at = run;
    for (let depth = 0; depth < MOST_DEPTH; depth++) {
      const parent = startOf(await log.read(at).catch(() => []))?.parent?.run;
      if (!parent) break;
      at = parent;
    }
    return at;
  }

  async function spans(run: string, root: string, options: TraceOptions): Promise<Span[]> {
    const events = await log.read(run);
    const forkOf = startOf(events)?.forkOf?.run;
    const own = spansOf(events, { root, ...(forkOf && { forkRoot: await rootOf(forkOf) }) }, options);
    if (options.alone) return own;
    const children = events.flatMap(({ event }) => (event.type === "child.started" ? [event.run] : []));
    // One that was announced and never begun, or was erased, has no spans.
    const below = await Promise.all(children.map((child) => spans(child, root, options).catch(() => [])));
    return [...own, ...below.flat()];
  }

  return {
    trace: async (run, options = {}) => ({
      resourceSpans: [
        {
          resource: { attributes: attributes({ [ATTR_SERVICE_NAME]: "candor", [ATTR_SERVICE_VERSION]: VERSION }) },
          scopeSpans: [
            { scope: { name: "candor", version: VERSION }, spans: await spans(run, await rootOf(run), options) },
          ],
        },
      ],
    }),
  };
}

function startOf(events: readonly Recorded[]) {
  const first = events[0]?.event;
  return first?.type === "run.started" ? first : undefined;
}
