/**
 * Puts a past run's proposals before the guard again, with other permissions. What the guard knows besides them is rebuilt
 * event by event: which text came from where, what was proven, which accounts were confirmed, how far the run went by itself.
 */
import { advance, fold, type RunState, trace } from "@candor/agent";
import { createAnalyst, createMasker, type PriorJudgment, provenIn } from "@candor/exposure";
import {
  createGuard,
  createTracer,
  effectivePermissions,
  ownEffect,
  sealedValuesStay,
  standingIn,
} from "@candor/oversight";
import type { Decision, EffectClass, EventOf, Recorded, Verdict } from "@candor/store";
import type { Operator } from "../operator.ts";
import { Trust } from "../trust.ts";

export interface Judged {
  step: number;
  decision: Decision;
  was: Verdict;
  /** What a person answered. */
  answer?: EventOf<"approval.answered">["answer"];
  would: Verdict;
}

export interface Surroundings {
  operator: Operator;
  /** The run's ancestors, oldest first. */
  above: readonly string[];
  priorJudgments: readonly PriorJudgment[];
}

/**
 * One row for each verdict of the run: a step whose arguments a person changed has two.
 * @param permissions undefined for the run's own, with what a person allowed on the way
 */
export function replay(
  events: readonly Recorded[],
  permissions: unknown,
  { operator, above, priorJudgments }: Surroundings,
): Judged[] {
  const [first, ...rest] = events;
  if (!first) return [];
  const state = fold(first.run, [first]);
  const { started } = state;
  const tracer = createTracer();
  trace(tracer, first, state);
  const effects = effectsIn(events);
  const standing = new Set(standingIn(started.permissions));
  const proofs: string[] = [];
  const analyst = createAnalyst(operator.seeds, { proven: proofs, priorJudgments: [...priorJudgments] });
  let now = first.at;
  let trust = new Trust(operator, started.world.kind, undefined, () => now);
  const values = createMasker(operator.vault, { names: false });
  const guard = createGuard({
    invariants: [(request) => trust.judge(request), sealedValuesStay((text) => values.text(text).counts)],
  });
  const judge = ({ step, verdict, effect }: EventOf<"step.judged">, { tool, args }: Decision): Verdict => {
    const known = effect ?? effects.get(tool) ?? ownEffect(tool);
    // A tool that the run did not have: no permission gives it one.
    if (!known) return verdict;
    return guard.judge({
      run: first.run,
      chain: [...above, first.run],
      kind: started.kind,
      world: started.world.kind,
      goal: started.goal,
      step,
      tool: { name: tool, effect: known },
      args,
      origins: tracer.originsOf(args),
      autonomy: state.autonomy,
      permissions: permissions ?? effectivePermissions(started.permissions, rulesOf(state), standing),
      seeds: trust.seeds,
    });
  };
  const rows: Judged[] = [];
  for (const recorded of rest) {
    const { event } = recorded;
    now = recorded.at;
    if (event.type === "step.proposed") trust.confirm(analyst.findings(state.events));
    const decision = state.steps.at(-1)?.decision;
    if (event.type === "step.judged" && decision)
      rows.push({ step: event.step, decision, was: event.verdict, would: judge(event, decision) });
    const last = rows.at(-1);
    if (event.type === "approval.answered" && last?.step === event.step && event.answer !== "escalate")
      last.answer = event.answer;
    advance(state, recorded);
    trace(tracer, recorded, state);
    if (event.type === "step.done" && event.tool === "prove") {
      trust = new Trust(operator, started.world.kind, provenIn(state.events), () => now);
      proofs.splice(0, proofs.length, ...trust.pages);
    }
  }
  return rows;
}

const rulesOf = ({ grants }: RunState): unknown[] => grants.map((grant) => grant.rule);

/** Classes of tools from outside, as far as one of them was used. */
function effectsIn(events: readonly Recorded[]): Map<string, EffectClass> {
  return new Map(events.flatMap(({ event }) => (event.type === "step.done" ? [[event.tool, event.effect]] : [])));
}
