/** Replays a run up to a step into a new run, and goes on from there with another mind, budget or permission set. */
import type { Budget, EventLog, EventOf, MindConfig, RunEvent } from "@candor/store";
import { HELD_UP } from "./state.ts";

export interface ForkChanges {
  mind?: MindConfig;
  budget?: Partial<Budget>;
  permissions?: unknown;
  /** Of the Candor that goes on with it. */
  version?: string;
  /** In force for the mind from here on. */
  isolation?: string;
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
  // A fork is nobody's child: its budget is its own, and no parent waits for it.
  const { parent: _, ...alone } = first;
  const copied: RunEvent[] = [
    {
      ...alone,
      mind: changes.mind ?? first.mind,
      budget: { ...first.budget, ...changes.budget },
      permissions: changes.permissions ?? first.permissions,
      version: changes.version ?? first.version,
      isolation: changes.isolation ?? first.isolation,
      forkOf: { run, step },
    },
  ];
  const judgedAnew = isOpen(events, step);
  for (const event of events.slice(1)) {
    if ("step" in event && (event.step ?? 0) > step) break;
    if (staysBehind(event) || (judgedAnew && isVerdict(event) && event.step === step)) continue;
    copied.push(event.type === "approval.answered" ? forOnce(event) : event);
  }
  await log.append(fork, 0, copied);
}

/** Whether `step` was neither begun nor refused: what was allowed then is judged anew, by the fork's own permissions. */
function isOpen(events: readonly RunEvent[], step: number): boolean {
  return !events.some(
    (event) =>
      "step" in event &&
      event.step === step &&
      (event.type === "step.done" ||
        event.type === "step.intended" ||
        (event.type === "step.judged" && event.verdict.outcome === "deny") ||
        (event.type === "approval.answered" && DECLINED.has(event.answer))),
  );
}

const DECLINED: ReadonlySet<EventOf<"approval.answered">["answer"]> = new Set(["reject", "terminate", "expire"]);

/** What was allowed for the rest of a run was allowed to that run: a fork is another. */
function forOnce({ scope: _, grant: __, ...answer }: EventOf<"approval.answered">): RunEvent {
  return answer;
}

const isVerdict = (event: RunEvent): event is EventOf<"step.judged" | "approval.answered"> =>
  event.type === "step.judged" || event.type === "approval.answered";

const staysBehind = (event: RunEvent) =>
  event.type === "run.paused" ||
  event.type === "run.resumed" ||
  event.type === "run.stopped" ||
  event.type === "run.finished" ||
  event.type === "run.failed" ||
  // The children of the original stay its own; a fork that copied them would wait for results that never come.
  event.type === "child.started" ||
  event.type === "child.finished" ||
  (event.type === "signal.raised" && event.monitor === HELD_UP);
