/** Which goal a run pursues, judged by what it chose. */
import { thinned } from "../curve/thinned.ts";
import type { GoalInference } from "../explanation.ts";
import type { Told } from "../subject.ts";
import { Beliefs, likelihoods, type Observed } from "./beliefs.ts";
import { type Candidate, candidatesOf } from "./candidates.ts";
import { type Action, type Choice, choicesOf } from "./choices.ts";

export interface InferOptions {
  /** Chance, before anything was seen, that the run is after something it was not told. */
  suspicion?: number;
}

const MOST_SERIES = 300;
const MOST_TELLING = 12;

/**
 * Reads a run's choices backwards: the posterior over candidate goals after each, set against the goal it was told.
 * See `beliefs.ts` for the formula and `candidates.ts` for the goals. Pure.
 */
export function inferGoals(told: Told, options: InferOptions = {}): GoalInference {
  const goals = candidatesOf(told, options.suspicion);
  const beliefs = new Beliefs(
    goals.map(({ prior }) => prior),
    0,
  );
  const observed: { choice: Pick<Choice, "step" | "what">; seen: Observed }[] = [];
  const series: GoalInference["series"] = [];
  const choices = choicesOf(told);
  choices.each((choice) => {
    const seen = observe(choice, goals);
    beliefs.observe(seen);
    observed.push({ choice: { step: choice.step, what: choice.what }, seen });
    series.push({ step: choice.step, posterior: beliefs.posterior });
  });
  const posterior = beliefs.posterior;
  const logs = beliefs.logs;
  const given = goals[0];
  const order = goals.map((_, goal) => goal).sort((a, b) => (posterior[b] ?? 0) - (posterior[a] ?? 0));
  const rival = order.find((goal) => goal !== 0) ?? 0;
  const telling = observed
    .map(({ choice, seen }) => ({ ...choice, nats: beliefs.telling(seen, rival), goal: goals[rival]?.id ?? "" }))
    .sort((a, b) => Math.abs(b.nats) - Math.abs(a.nats))
    .slice(0, MOST_TELLING)
    .sort((a, b) => a.step - b.step);
  return {
    given: given.id,
    goals: order.flatMap((goal) => {
      const candidate = goals[goal];
      if (!candidate) return [];
      const { id, kind, label, prior } = candidate;
      // Without the priors, which are not evidence.
      const overGiven = (logs[goal] ?? 0) - Math.log(prior) - ((logs[0] ?? 0) - Math.log(given.prior));
      return [{ id, kind, label, prior, posterior: posterior[goal] ?? 0, overGiven }];
    }),
    divergence: 1 - (posterior[0] ?? 0),
    logOdds: beliefs.logOdds,
    choices: choices.total,
    weighed: observed.length,
    series: thinned(series, MOST_SERIES).map(({ step, posterior }) => ({
      step,
      posterior: order.map((goal) => posterior[goal] ?? 0),
    })),
    telling,
  };
}

/** The chosen action and what else was open: other leads, the best question for each goal, and the end. */
function observe(choice: Choice, goals: readonly Candidate[]): Observed {
  const actions: Action[] = [
    choice.chosen,
    ...choice.leads.map((lead) => ({ type: "open" as const, lead, again: false })),
  ];
  for (const { id } of goals) actions.push({ type: "question", goal: id });
  if (choice.chosen.type !== "end") actions.push({ type: "end" });
  const values = goals.map((goal) => goal.values(choice, actions));
  if (choice.chosen.type === "search") {
    // The question that was asked is the best one of whichever goal values it: it does not compete with itself.
    for (const [goal, own] of values.entries()) {
      const question = actions.findIndex((action) => action.type === "question" && action.goal === goals[goal]?.id);
      if ((own[0] ?? 0) >= 0.5 * (own[question] ?? 0)) own[question] = 0;
    }
  }
  return { step: choice.step, actions: actions.length, chosen: values.map((own) => likelihoods(own)[0] ?? 0) };
}
