/** A training as it is written: its records and samples, resumed where the connection was cut (Last-Event-ID). */
import type { TrainingRecord, TrainingSample } from "@candor/server";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { useEffect, useState } from "react";
import { ApiError, request } from "../../api/client.ts";

export interface Followed {
  /** By step. One that was done again after a crash counts as it was done last. */
  records: readonly TrainingRecord[];
  samples: readonly TrainingSample[];
  error: unknown;
}

const NOTHING: Followed = { records: [], samples: [], error: undefined };
const RETRY_MS = 2_000;

export function useTraining(id: string): Followed {
  const [followed, setFollowed] = useState(NOTHING);
  useEffect(() => {
    setFollowed(NOTHING);
    const gone = new AbortController();
    void follow(id, gone.signal, (change) => setFollowed((before) => ({ ...before, ...change(before) })));
    return () => gone.abort();
  }, [id]);
  return followed;
}

type Change = (before: Followed) => Partial<Followed>;

async function follow(id: string, signal: AbortSignal, change: (how: Change) => void): Promise<void> {
  let last = "";
  while (!signal.aborted) {
    try {
      const headers = { accept: "text/event-stream", ...(last && { "last-event-id": last }) };
      const { body } = await request(`/api/training/${id}/events`, { signal, headers });
      if (!body) return;
      change(() => ({ error: undefined }));
      const reader = body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        last = value.id ?? last;
        // Both ends are this version of Candor: the server's own schemas type what it sends.
        if (value.event === "records") {
          const records = JSON.parse(value.data) as TrainingRecord[];
          change((before) => ({ records: byStep(before.records, records) }));
        } else if (value.event === "samples") {
          const samples = JSON.parse(value.data) as TrainingSample[];
          change((before) => ({ samples: byStep(before.samples, samples) }));
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      change(() => ({ error }));
      if (error instanceof ApiError && error.status >= 400 && error.status < 500) return;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

function byStep<T extends { step: number }>(before: readonly T[], more: readonly T[]): T[] {
  const all = new Map([...before, ...more].map((each) => [each.step, each]));
  return [...all.values()].sort((a, b) => a.step - b.step);
}
