/** A stream is read no faster than it is taken, and its work ends when its reader goes. */
import type { Recorded } from "@candor/store";
import { expect, test } from "vitest";
import type { Service } from "../service.ts";
import { eventStream } from "./event-stream.ts";

/** A run of so many events whose log counts how often it is asked. */
function longRun(count: number) {
  const listeners = new Set<(event: Recorded) => void>();
  const asked: { after: number; most: number | undefined }[] = [];
  const service = {
    events: async (_: string, after: number, most = count) => {
      asked.push({ after, most });
      return Array.from({ length: Math.max(0, Math.min(most, count - after)) }, (_, n) => ({ seq: after + n + 1 }));
    },
    findings: async () => [{ id: "f1" }],
    subscribe: (_: string, listener: (event: Recorded) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as Service;
  return { service, asked, listeners };
}

const idsIn = (text: string): number[] => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));

test("every event comes once, in order, then the findings, and the stream ends", async () => {
  const { service } = longRun(1_000);
  const text = await eventStream(service, { run: "r", after: 0, follow: false }).text();
  expect(idsIn(text)).toEqual(Array.from({ length: 1_000 }, (_, n) => n + 1));
  expect(text.endsWith('event: finding\ndata: {"id":"f1"}\n\n')).toBe(true);
});

test("a reader that was cut off goes on after the last event it has", async () => {
  const { service } = longRun(500);
  const text = await eventStream(service, { run: "r", after: 498, follow: false }).text();
  expect(idsIn(text)).toEqual([499, 500]);
});

test("a reader that takes nothing makes the server read no more than the pages on their way", async () => {
  const { service, asked } = longRun(100_000);
  const reader = eventStream(service, { run: "r", after: 0, follow: true }).body?.getReader();
  await reader?.read();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(asked.length).toBeLessThanOrEqual(3);
  await reader?.cancel();
});

test("a reader that goes ends the reading and the listening", async () => {
  const { service, asked, listeners } = longRun(30);
  const reader = eventStream(service, { run: "r", after: 0, follow: true }).body?.getReader();
  await reader?.read();
  await reader?.read();
  const waiting = reader?.read();
  expect(listeners.size).toBe(1);
  await reader?.cancel();
  await waiting;
  await expect.poll(() => listeners.size).toBe(0);
  const before = asked.length;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(asked.length).toBe(before);
});
