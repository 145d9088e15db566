/** What a model may answer, as a tree of tokens: it writes one at a time, and of those that a node leaves it the likeliest. */
import type { Lens } from "../lens.ts";
import { LensError } from "../lens-error.ts";

export interface ChoiceTask {
  prompt: readonly number[];
  /** For each choice the answers that mean it. No answer begins another one. */
  choices: readonly (readonly (readonly number[])[])[];
}

/** Where a choice ends up that a model makes by its likeliest tokens. */
export interface Course {
  choice: number;
  /** The tokens that are left to it at each step, with their chances among each other; the first is written. */
  steps: { token: number; chances: ReadonlyMap<number, number> }[];
}

interface Node {
  path: readonly number[];
  next: Map<number, Node>;
  /** That answers from here on mean. */
  choices: Set<number>;
}

/** Rows of a run at most: memory for the logits of all their places. */
const ROWS = 16;
/** Programs are of so many tokens at a time. */
const STRIDE = 16;
/** What is as unlikely as this is not followed further. */
const UNLIKELY = 1e-4;

export function answerTree({ choices }: ChoiceTask): Node {
  const root: Node = { path: [], next: new Map(), choices: new Set() };
  for (const [choice, answers] of choices.entries()) {
    if (answers.length === 0) throw new LensError(`Choice ${choice} has no answer`);
    for (const answer of answers) {
      let node = root;
      node.choices.add(choice);
      for (const token of answer) {
        const known = node.next.get(token) ?? { path: [...node.path, token], next: new Map(), choices: new Set() };
        node.next.set(token, known);
        known.choices.add(choice);
        node = known;
      }
    }
  }
  return root;
}

/** Logits of what comes after each text, over the vocabulary. Texts may be of different lengths. */
export async function nextLogits(lens: Lens, texts: readonly (readonly number[])[]): Promise<Float32Array[]> {
  const { context, vocab } = lens.config;
  const longest = Math.max(...texts.map(({ length }) => length));
  const time = Math.max(longest, Math.min(context, STRIDE * Math.ceil(longest / STRIDE)));
  const found: Float32Array[] = [];
  for (let from = 0; from < texts.length; from += ROWS) {
    const some = texts.slice(from, from + ROWS);
    // Rows over, and what stands behind a text, are not seen by it.
    const rows = Array.from({ length: texts.length > 1 ? ROWS : 1 }, (_, row) =>
      Array.from({ length: time }, (_, n) => some[row]?.[n] ?? 0),
    );
    const { logits } = await lens.run(rows);
    for (const [row, { length }] of some.entries()) {
      const start = (row * time + length - 1) * vocab;
      found.push(logits.slice(start, start + vocab));
    }
  }
  return found;
}

/** Chances of a node's tokens among each other. */
function among(node: Node, logits: Float32Array): Map<number, number> {
  const tokens = [...node.next.keys()];
  const most = Math.max(...tokens.map((token) => logits[token] as number));
  const weights = tokens.map((token) => Math.exp((logits[token] as number) - most));
  const sum = weights.reduce((a, b) => a + b, 0);
  const chances = tokens.map((token, n) => [token, (weights[n] as number) / sum] as const);
  return new Map(chances.sort(([, a], [, b]) => b - a));
}

const CERTAIN = new Map<number, number>();

/** What likeliest tokens lead to, for several tasks at once (views that differ in a few words). */
export async function courses(lens: Lens, tasks: readonly ChoiceTask[]): Promise<Course[]> {
  const walks = tasks.map((task) => ({ task, node: answerTree(task), steps: [] as Course["steps"] }));
  for (;;) {
    const open = walks.filter(({ node }) => node.choices.size > 1);
    if (open.length === 0) break;
    const asked = open.filter(({ node }) => node.next.size > 1);
    const logits =
      asked.length > 0
        ? await nextLogits(
            lens,
            asked.map(({ task, node }) => [...task.prompt, ...node.path]),
          )
        : [];
    for (const walk of open) {
      const { node } = walk;
      const [only] = node.next.keys();
      const said = logits[asked.indexOf(walk)];
      const chances = said ? among(node, said) : CERTAIN;
      const [token = only] = chances.keys();
      const after = token === undefined ? undefined : node.next.get(token);
      if (token === undefined || !after) throw new LensError("An answer begins another one");
      walk.steps.push({ token, chances });
      walk.node = after;
    }
  }
  return walks.map(({ node, steps }) => ({ choice: [...node.choices][0] as number, steps }));
}

/**
 * How likely each choice is made by drawing tokens: exact but for {@link UNLIKELY} beginnings; and its likeliest answer, as far as it tells
 * the choice from others.
 */
export async function chancesOf(
  lens: Lens,
  task: ChoiceTask,
): Promise<{ chance: number; beginning: readonly number[] }[]> {
  const found = task.choices.map(() => ({ chance: 0, beginning: [] as readonly number[], best: 0 }));
  let level = [{ node: answerTree(task), reach: 1 }];
  while (level.length > 0) {
    const told = level.filter(({ node }) => node.choices.size === 1);
    for (const { node, reach } of told) {
      const choice = found[[...node.choices][0] as number];
      if (!choice) continue;
      choice.chance += reach;
      if (reach > choice.best) Object.assign(choice, { best: reach, beginning: node.path });
    }
    const open = level.filter(({ node, reach }) => node.choices.size > 1 && reach >= UNLIKELY);
    const asked = open.filter(({ node }) => node.next.size > 1);
    const logits =
      asked.length > 0
        ? await nextLogits(
            lens,
            asked.map(({ node }) => [...task.prompt, ...node.path]),
          )
        : [];
    level = open.flatMap((each) => {
      const said = logits[asked.indexOf(each)];
      const chances = said ? among(each.node, said) : new Map([...each.node.next.keys()].map((token) => [token, 1]));
      return Array.from(chances, ([token, chance]) => ({
        node: each.node.next.get(token) as Node,
        reach: each.reach * chance,
      }));
    });
  }
  return found.map(({ chance, beginning }) => ({ chance, beginning }));
}
