/** Runs that ask, and people who answer, for tests. */
import type { EventOf, RunEvent } from "@candor/store";
import { answerQuestion, type Given } from "../answer.ts";
import { questionHash } from "../approval.ts";
import { createWorld, decide, started, type World, type WorldOptions } from "../fixture.ts";
import { fold, openQuestion, type RunState } from "../state.ts";

export const stateOf = (world: World, run = "r1"): RunState => fold(run, world.log.runs.get(run) ?? []);
export const asksIn = (world: World, run = "r1") => {
  const open = openQuestion(stateOf(world, run));
  if (!open) throw new Error(`${run} asks nothing`);
  return { run, step: open.step, argsHash: questionHash(open) };
};
export const goalOf = (world: World, run: string) => stateOf(world, run).started.goal;
export type Asks = ReturnType<typeof asksIn>;
export const give = ({ step, argsHash }: Asks, answer: Given["answer"], more: Partial<Given> = {}): Given => ({
  step,
  argsHash,
  answer,
  message: "",
  by: "ada",
  ...more,
});
export const answer = (world: World, asks: Asks, what: Given["answer"], more: Partial<Given> = {}) =>
  answerQuestion(world.log, asks.run, give(asks, what, more), () => world.log.clock?.() ?? 0);

/** A run that asks about every send whose words begin with a question mark, and is denied what begins with an exclamation mark. */
export function asking(script: WorldOptions["script"], more: Partial<WorldOptions> = {}): World {
  return createWorld({
    script,
    judge: (_, { what = "" }) =>
      String(what).startsWith("?") ? "ask" : String(what).startsWith("!") ? "deny" : "allow",
    ...more,
  });
}
export const sends =
  (...words: string[]) =>
  (_: string, step: number) => {
    const what = words[step - 1];
    return what === undefined ? decide("finish", { summary: "done" }) : decide("send", { what });
  };
export const begin = async (world: World, more: Partial<EventOf<"run.started">> = {}) => {
  await world.log.append("r1", 0, [started(more)]);
  await world.work("r1");
};
export const append = (world: World, event: RunEvent, run = "r1") =>
  world.log.append(run, stateOf(world, run).seq, [event]);

/** A parent of two children that each ask about one thing. */
export function family(words?: string): World {
  return asking((run, step) => {
    if (run === "r1") {
      const goal = (n: number) => words ?? `child ${n}`;
      return [decide("spawn", { goal: goal(1) }), decide("spawn", { goal: goal(2) })][step - 1] ?? waits(step);
    }
    return step === 1 ? decide("send", { what: `? ${words ?? `from ${run}`}` }) : decide("finish", { summary: "done" });
  });
}

const waits = (step: number) => (step < 10 ? decide("wait") : decide("finish", { summary: "done" }));
