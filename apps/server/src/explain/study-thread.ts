/** The studying thread: holds the runs it was told of and explains them. It acts on nothing and reads nothing else. */
import { parentPort } from "node:worker_threads";
import { compare, type GoalNode, goalsOf, type Studied, type Subject, study, windowOf } from "@candor/explain";
import { createAnalyst } from "@candor/exposure";
import type { Recorded } from "@candor/store";
import type { About, FromThread, ToThread } from "./study-protocol.ts";

interface Held {
  events: Recorded[];
  about: About | undefined;
  studied: { at: number; result: Studied } | undefined;
}

const held = new Map<string, Held>();
/** Children of children of children. */
const DEEPEST = 4;

function hold(run: string): Held {
  const known = held.get(run) ?? { events: [], about: undefined, studied: undefined };
  held.set(run, known);
  return known;
}

function subjectOf(run: string): Subject {
  const { events, about } = hold(run);
  if (!about) throw new Error(`nothing is known of run ${run}`);
  const { seeds, ...options } = about;
  return { events, seeds, analyst: createAnalyst(seeds, options) };
}

/** Trees of goals of those children that the thread was told of. */
function below(run: string, depth = 1): Map<string, GoalNode[]> {
  const trees = new Map<string, GoalNode[]>();
  for (const { event } of hold(run).events) {
    if (event.type !== "child.started" || !held.get(event.run)?.about || depth > DEEPEST) continue;
    trees.set(event.run, goalsOf(subjectOf(event.run), below(event.run, depth + 1)));
  }
  return trees;
}

/** Events of a run and of what is below it. */
function eventsIn(run: string, depth = 1): number {
  const { events } = hold(run);
  let sum = events.length;
  for (const { event } of events)
    if (event.type === "child.started" && held.has(event.run) && depth <= DEEPEST)
      sum += eventsIn(event.run, depth + 1);
  return sum;
}

/** Anew when the run has gone on, or a child of it. */
function studiedOf(run: string): Studied {
  const known = hold(run);
  const at = eventsIn(run);
  if (known.studied?.at !== at) known.studied = { at, result: study(subjectOf(run), { children: below(run) }) };
  return known.studied.result;
}

function answer({ a, b, window }: Extract<ToThread, { type: "study" }>): unknown {
  if (b !== undefined) return compare(studiedOf(a), studiedOf(b), window);
  const { rows, told: _, ...rest } = studiedOf(a);
  return { ...rest, steps: windowOf(rows, window) };
}

parentPort?.on("message", (message: ToThread) => {
  const say = (said: FromThread): void => parentPort?.postMessage(said);
  switch (message.type) {
    case "events":
      hold(message.run).events.push(...message.events);
      return;
    case "about":
      hold(message.run).about = message.about;
      hold(message.run).studied = undefined;
      return;
    case "forget":
      held.delete(message.run);
      return;
    case "study":
      try {
        say({ type: "studied", id: message.id, result: answer(message) });
      } catch (error) {
        say({ type: "failed", id: message.id, reason: error instanceof Error ? error.message : String(error) });
      }
  }
});
