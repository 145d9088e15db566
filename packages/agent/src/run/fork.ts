/** Replays a run up to a step into a new run, and goes on from there with another mind, budget or permission set. */
import type { Budget, EventLog, MindConfig, RunEvent } from "@candor/store";

export interface ForkChanges {
  mind?: MindConfig;
  budget?: Partial<Budget>;
  permissions?: unknown;
}

export class ForkError extends Error {
  override name = "ForkError";
}

/**
 * Copies what happened in `run` up to the end of `step` (0: only its start) to `fork`. Nothing that was sent is sent again.
 * @throws {ForkError} when the run has no such step
 */
export async function forkRun(
  log: EventLog,
  run: string,
  step: number,
  fork: string,
  changes: ForkChanges,
): Promise<void> {
  const events = (await log.read(run)).map((recorded) => recorded.event);
  const first = events[0];
  if (first?.type !== "run.started") throw new ForkError(`unknown run ${run}`);
  const steps = events.flatMap((e) => (e.type === "step.proposed" ? [e.step] : []));
  if (step !== 0 && !steps.includes(step))
    throw new ForkError(`run ${run} has no step ${step}; it has ${steps.length}`);
  const copied: RunEvent[] = [
    {
      ...first,
      mind: changes.mind ?? first.mind,
      budget: { ...first.budget, ...changes.budget },
      permissions: changes.permissions ?? first.permissions,
      forkOf: { run, step },
    },
  ];
  for (const event of events.slice(1)) {
    if ("step" in event && (event.step ?? 0) > step) break;
    if (event.type === "step.proposed" && event.step > step) break;
    if (!endsOrPauses(event)) copied.push(event);
  }
  await log.append(fork, 0, copied);
}

const endsOrPauses = (event: RunEvent) =>
  event.type === "run.paused" ||
  event.type === "run.resumed" ||
  event.type === "run.stopped" ||
  event.type === "run.finished" ||
  event.type === "run.failed" ||
  // The children of the original stay its own; a fork that copied them would wait for results that never come.
  event.type === "child.started" ||
  event.type === "child.finished";
