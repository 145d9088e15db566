/** The tree of goals: what the run was told, what that asks for, what the mind made of it, and which steps served what. */
import { foldWords, isOver } from "@candor/agent";
import type { GoalNode, Span } from "../explanation.ts";
import { plusCost } from "../steps/price.ts";
import type { Reading } from "../steps/readings.ts";
import type { Told } from "../subject.ts";

const MOST_SPANS = 60;
const MOST_SUBGOALS = 40;
const UPKEEP = new Set([
  "prove",
  "breach_lookup",
  "message_operator",
  "remember",
  "recall",
  "note_finding",
  "plan",
  "wait",
  "finish",
  "write_file",
  "read_file",
  "list_files",
]);

export interface Tree {
  nodes: GoalNode[];
  /** Id of the node that each reading served, in their order. */
  served: string[];
}

/** @param below goals of a child's own tree, by the child's run */
export function treeOf(told: Told, readings: readonly Reading[], below: ReadonlyMap<string, GoalNode[]>): Tree {
  const { state, findings } = told;
  const { started, run } = state;
  const over = isOver(state);
  const root = node(run, null, "run", started.goal, over ? state.status === "finished" : null);
  const nodes = new Map<string, GoalNode>([[root.id, root]]);
  const add = (made: GoalNode): GoalNode => {
    nodes.set(made.id, made);
    return made;
  };
  const wanted = started.kind === "audit" ? started.wanted : [];
  for (const kind of wanted) {
    const found = findings.filter((finding) => finding.kind === kind).length;
    add({
      ...node(`${run} wanted ${kind}`, run, "wanted", kind, found > 0 ? true : over ? false : null),
      findings: found,
    });
  }
  const subgoals = state.subgoals.slice(0, MOST_SUBGOALS).map(({ text, done }, index) => ({
    text: foldWords(text),
    made: add(node(`${run} subgoal ${index + 1}`, run, "subgoal", text, done)),
  }));
  const scouting = add(node(`${run} scouting`, run, "scouting", "find pages that may say something", null));
  const upkeep = add(node(`${run} upkeep`, run, "upkeep", "prove, note, tell and end", null));
  const spawned = new Map<number, GoalNode>();
  for (const child of state.children.values()) {
    const status = child.finished?.status;
    const made = node(`${run} child ${child.run}`, run, "child", child.goal, status ? status === "finished" : null);
    spawned.set(child.step, add({ ...made, run: child.run }));
  }

  const kindOf = new Map(findings.map(({ id, kind }) => [id, kind]));
  const served = readings.map((reading) => {
    const goal = serves(reading);
    goal.steps++;
    goal.cost = plusCost(goal.cost, reading.cost);
    // Findings of wanted kinds are counted above, each once.
    if (goal.kind !== "wanted") goal.findings += reading.findings.length;
    extend(goal.spans, reading.step);
    return goal.id;
  });

  function serves(reading: Reading): GoalNode {
    const child = spawned.get(reading.step);
    if (child) return child;
    if (UPKEEP.has(reading.tool)) return upkeep;
    const kinds = new Set(reading.findings.map((id) => kindOf.get(id)));
    const best = wanted.find((kind) => kinds.has(kind));
    if (best !== undefined) return nodes.get(`${run} wanted ${best}`) ?? scouting;
    const said = foldWords(`${reading.thought} ${reading.object}`);
    const closest = subgoals
      .map(({ text, made }) => ({ made, shared: shared(text, said) }))
      .sort((a, b) => b.shared - a.shared)[0];
    if (closest && closest.shared >= 2) return closest.made;
    // "It mentions your username" is a clue, and no wish for usernames.
    if (reading.tool === "open") return scouting;
    const meant = wanted.find((kind) => ` ${said} `.includes(` ${foldWords(kind)} `));
    return (meant !== undefined && nodes.get(`${run} wanted ${meant}`)) || scouting;
  }

  root.steps = readings.length;
  root.findings = findings.length;
  root.cost = readings.reduce((sum, { cost }) => plusCost(sum, cost), root.cost);
  const [first, last] = [readings[0], readings.at(-1)];
  if (first && last) root.spans.push({ from: first.step, to: last.step });

  const all: GoalNode[] = [];
  for (const goal of nodes.values()) {
    // What nothing was asked of and nothing was done for says nothing.
    if (goal.steps === 0 && (goal.kind === "scouting" || goal.kind === "upkeep")) continue;
    all.push(goal);
    // A child's own root says the same as the node that stands for it here.
    const [, ...goals] = (goal.run && below.get(goal.run)) || [];
    all.push(...goals.map((each) => (each.parent === goal.run ? { ...each, parent: goal.id } : each)));
  }
  return { nodes: all, served };
}

const node = (
  id: string,
  parent: string | null,
  kind: GoalNode["kind"],
  text: string,
  done: boolean | null,
): GoalNode => ({ id, parent, kind, text, done, spans: [], steps: 0, findings: 0, cost: { pages: 0, usd: 0, ms: 0 } });

function extend(spans: Span[], step: number): void {
  const last = spans.at(-1);
  if (last && last.to === step - 1) last.to = step;
  else if (spans.length < MOST_SPANS) spans.push({ from: step, to: step });
}

/** Longer words of `text` that `said` has too. */
function shared(text: string, said: string): number {
  const words = new Set(said.split(" "));
  return new Set(text.split(" ").filter((word) => word.length > 3 && words.has(word))).size;
}
