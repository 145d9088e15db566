/**
 * Classifiers that take time, such as a language model that judges. Asked before an allowed action is performed and every
 * few steps; what they say becomes a signal with their name and version. Who replays a run reads it from the record.
 */
import type { Recorded, RunEvent, Severity } from "@candor/store";
import { type Signal, signal } from "../monitor.ts";
import { acts } from "../tool-effect.ts";

export interface Verdict {
  /** `info`: nothing to report. */
  severity: Severity;
  reason: string;
  evidence: string[];
}

export interface Classifier {
  readonly name: string;
  /** Changes whenever the same run could be judged otherwise: with the prompt, the model, the weights. */
  readonly version: string;
  /** @throws whatever keeps it from judging; the run goes on, and a signal says so */
  classify(events: readonly Recorded[], signal: AbortSignal): Promise<Verdict>;
}

export interface ConsultantOptions {
  /** Steps after which it is asked without an action. */
  every?: number;
  /** Times that one run asks. */
  most?: number;
  /** Milliseconds for one answer. */
  timeoutMs?: number;
}

export interface Consultant {
  observe(event: Recorded): void;
  consult(signal: AbortSignal): Promise<Signal[]>;
}

export function createConsultant(
  classifier: Classifier,
  { every = 15, most = 40, timeoutMs = 30_000 }: ConsultantOptions = {},
): Consultant {
  const events: Recorded[] = [];
  const name = `${classifier.name}@${classifier.version}`;
  let asked = 0;
  let failures = 0;
  /** Steps since it was last asked, and the step that it should be asked about. */
  let since = 0;
  let due: number | undefined;

  return {
    observe(recorded) {
      const { event } = recorded;
      if (event.type === "signal.raised") {
        // Its own word on this step, from before a restart.
        if (event.monitor === name && event.step === due) due = undefined;
        return;
      }
      events.push(recorded);
      if (event.type !== "step.judged") return;
      since++;
      due =
        event.verdict.outcome === "allow" && (actsAt(events, event.step) || since >= every) ? event.step : undefined;
    },

    async consult(stop) {
      if (due === undefined || asked >= most) return [];
      const step = due;
      due = undefined;
      since = 0;
      asked++;
      const limit = AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]);
      try {
        const { severity, reason, evidence } = await unlessAborted(classifier.classify(events, limit), limit);
        failures = 0;
        return severity === "info" ? [] : [signal(name, severity, reason, step, evidence)];
      } catch (error) {
        if (stop.aborted) {
          // It was not this classifier's fault; whoever takes the run up again asks again.
          due = step;
          return [];
        }
        failures++;
        const what = error instanceof Error ? error.message : String(error);
        return failures === 1
          ? [signal(name, "low", `The classifier could not judge: ${what.slice(0, 200)}`, step)]
          : [];
      }
    },
  };
}

function actsAt(events: readonly Recorded[], step: number): boolean {
  const proposed = events.findLast(
    (each): each is Recorded<Extract<RunEvent, { type: "step.proposed" }>> =>
      each.event.type === "step.proposed" && each.event.step === step,
  );
  return proposed !== undefined && acts(proposed.event.decision.tool, proposed.event.decision.args);
}

/** A classifier that does not heed its signal holds nothing up. */
async function unlessAborted<T>(work: Promise<T>, limit: AbortSignal): Promise<T> {
  limit.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(limit.reason);
  limit.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    limit.removeEventListener("abort", onAbort);
    work.catch(() => {});
  }
}
