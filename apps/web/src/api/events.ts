/** The events of a run as they come, resumed where they were cut off (Last-Event-ID; WHATWG HTML, 9.2). */
import type { Recorded, RunView } from "@candor/server";
import { createParser } from "eventsource-parser";
import { ApiError, request } from "./client.ts";

export type Finding = RunView["findings"][number];
export type StreamState = "loading" | "live" | "cut";

export interface Listener {
  /** Takes events in. They come in order, each once. */
  event(event: Recorded): void;
  finding(finding: Finding): void;
  /** The log has no more for now. */
  caughtUp(): void;
  state(state: StreamState, error?: ApiError): void;
}

const CAUGHT_UP = "caught up";
/** Milliseconds of a frame that may go to taking events in; the rest belongs to drawing and scrolling. */
const SLICE_MS = 6;
const RETRY_MS = [500, 1_000, 2_000, 5_000];

/** Follows a run until `signal` aborts; when the connection is lost it asks again from the last event it has. */
export async function followRun(run: string, listener: Listener, signal: AbortSignal): Promise<void> {
  let last = 0;
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      const before = last;
      await readOnce(run, last, listener, signal, (seq) => {
        last = seq;
      });
      if (last > before) failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      const refused = error instanceof ApiError && error.status >= 400 && error.status < 500;
      listener.state("cut", error instanceof ApiError ? error : undefined);
      if (refused) return;
    }
    await pause(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 0, signal);
  }
}

async function readOnce(
  run: string,
  after: number,
  listener: Listener,
  signal: AbortSignal,
  seen: (seq: number) => void,
): Promise<void> {
  const response = await request(`/api/runs/${encodeURIComponent(run)}/events?follow=1`, {
    signal,
    headers: { accept: "text/event-stream", ...(after > 0 && { "last-event-id": String(after) }) },
  });
  if (!response.body) return;
  listener.state("live");
  const messages: { event?: string | undefined; data: string }[] = [];
  const parser = createParser({
    onEvent: (message) => messages.push(message),
    // In order with the events, since it speaks of them.
    onComment: (comment) => comment.trim() === CAUGHT_UP && messages.push({ event: CAUGHT_UP, data: "" }),
  });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let until = performance.now() + SLICE_MS;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parser.feed(value);
    for (const { event, data } of messages) {
      // Both ends are this version of Candor, and the server has parsed each event from its log.
      if (event === CAUGHT_UP) listener.caughtUp();
      else if (event === "finding") listener.finding(JSON.parse(data) as Finding);
      else {
        const recorded = JSON.parse(data) as Recorded;
        listener.event(recorded);
        seen(recorded.seq);
      }
      if (performance.now() < until) continue;
      await nextFrame();
      until = performance.now() + SLICE_MS;
    }
    messages.length = 0;
  }
}

/** After the browser has drawn; a page out of sight draws nothing and need not wait. */
const nextFrame = (): Promise<void> =>
  new Promise((resolve) => {
    if (document.hidden) setTimeout(resolve);
    else requestAnimationFrame(() => setTimeout(resolve));
  });

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
