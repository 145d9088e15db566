/** Follows a run for as long as a page shows it. */
import { useEffect, useState, useSyncExternalStore } from "react";
import type { ApiError } from "../api/client.ts";
import { type Finding, followRun, type StreamState } from "../api/events.ts";
import { Trace } from "./trace.ts";

/** Grows with every change; the trace itself stays the same object. */
export interface TraceView {
  trace: Trace;
  version: number;
  findings: ReadonlyMap<string, Finding>;
  stream: StreamState;
  /** Whether all that had happened is here, and what comes is new. */
  caughtUp: boolean;
  error: ApiError | undefined;
}

class Followed {
  #view: TraceView;
  readonly #findings = new Map<string, Finding>();
  readonly #listeners = new Set<() => void>();
  /** Whether somebody is about to be told. */
  #told = false;

  constructor(run: string) {
    this.#view = {
      trace: new Trace(run),
      version: 0,
      findings: new Map(),
      stream: "loading",
      caughtUp: false,
      error: undefined,
    };
  }

  view = (): TraceView => this.#view;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  follow(signal: AbortSignal): void {
    const { trace } = this.#view;
    void followRun(
      trace.run,
      {
        event: (event) => {
          trace.take(event);
          this.#soon();
        },
        finding: (finding) => {
          this.#findings.set(finding.id, finding);
          this.#soon();
        },
        caughtUp: () => this.#tell({ caughtUp: true }),
        state: (stream, error) => this.#tell({ stream, error }),
      },
      signal,
    );
  }

  /** Tells of many events at once, before the browser draws. */
  #soon(): void {
    if (this.#told) return;
    this.#told = true;
    requestAnimationFrame(() => {
      this.#told = false;
      this.#tell({ ...(this.#findings.size > this.#view.findings.size && { findings: new Map(this.#findings) }) });
    });
  }

  #tell(change: Partial<TraceView>): void {
    this.#view = { ...this.#view, ...change, version: this.#view.version + 1 };
    for (const listener of this.#listeners) listener();
  }
}

export function useTrace(run: string): TraceView {
  const [followed, setFollowed] = useState(() => new Followed(run));
  useEffect(() => {
    const next = new Followed(run);
    const end = new AbortController();
    next.follow(end.signal);
    setFollowed(next);
    return () => end.abort();
  }, [run]);
  return useSyncExternalStore(followed.subscribe, followed.view);
}
