/** Why a model chose what it chose: the tokens, heads and neurons that led there, and the smallest change of the prompt that leads elsewhere. */
import { meanRow } from "../directions.ts";
import type { Edit } from "../edits.ts";
import type { Lens, Metric } from "../lens.ts";
import { LensError } from "../lens-error.ts";
import { type ChoiceTask, chancesOf, courses } from "./answer-tree.ts";

/** A token that could stand in the prompt instead of one that does, with the answers that there would then be. */
export interface Swap {
  position: number;
  token: number;
  /** The task's own where they stay the same. */
  choices?: ChoiceTask["choices"];
}

export interface ExplainOptions {
  /** What was chosen, where it is not what the likeliest tokens lead to. */
  chosen?: number;
  swaps?: readonly Swap[];
  /** Points on the way from a prompt that says nothing to this one (integrated gradients). */
  steps?: number;
  neurons?: number;
}

export interface ChoiceExplanation {
  chosen: number;
  /** The likeliest of the others; `undefined` where there is no other. */
  rival: number | undefined;
  /** Of each choice, by drawing tokens. */
  chances: number[];
  /** What the likeliest tokens lead to. */
  likeliest: number;
  /** What was written before the two part, and the token of each there. */
  parting?: { written: readonly number[]; chosen: number; rival: number };
  /** Logit of the chosen one's token over the rival's where they part. */
  margin: number;
  /** What each of the prompt's tokens gave to the margin by being what it is; with `before` they add up to it. */
  tokens: Float32Array;
  /**
   * The margin of a prompt of which each token is the mean of those that could stand there: itself and those of the swaps. Without any
   * swaps it is the mean of all there are.
   */
  before: number;
  /** What the margin loses when what a head or an MLP says is everywhere its mean over the prompt. */
  parts: { part: string; effect: number }[];
  /** To first order what a neuron's being unlike its mean gave to the margin, where the answer is written. */
  neurons: { layer: number; neuron: number; effect: number }[];
  /** Fewest tokens first; undefined where none of those that were tried leads elsewhere. */
  change: { swaps: readonly Swap[]; choice: number } | undefined;
}

/** Swaps that are tried, by what they promise to first order. */
const TRIED = 48;
/** Swaps that are tried together, two and three at a time. */
const COMBINED = 10;

export async function explainChoice(
  lens: Lens,
  task: ChoiceTask,
  { chosen: given, swaps = [], steps = 16, neurons: most = 8 }: ExplainOptions = {},
): Promise<ChoiceExplanation> {
  const found = await chancesOf(lens, task);
  const chances = found.map(({ chance }) => chance);
  const [course] = await courses(lens, [task]);
  const likeliest = course?.choice ?? 0;
  const chosen = given ?? likeliest;
  if (!task.choices[chosen]) throw new LensError(`There is no choice ${chosen}`);
  const others = chances.flatMap((chance, n) => (n === chosen ? [] : [{ n, chance }]));
  const rival = others.reduce<(typeof others)[number] | undefined>(
    (best, each) => (best === undefined || each.chance > best.chance ? each : best),
    undefined,
  )?.n;
  const parting = rival === undefined ? undefined : partingOf(task, found, chosen, rival);
  if (!parting)
    return {
      ...{ chosen, rival, chances, likeliest, margin: 0, before: 0, parts: [], neurons: [], change: undefined },
      tokens: new Float32Array(task.prompt.length),
    };
  const text = [...task.prompt, ...parting.written];
  const metric: Metric["weights"][number] = [
    [parting.chosen, 1],
    [parting.rival, -1],
  ];
  const way = await integrated(lens, { text, metric, steps, blank: blankOf(lens, task.prompt, swaps) });
  const { parts, neurons } = await partsOf(lens, text, metric, most);
  const promising = ranked(lens, way.slopes, task.prompt, swaps);
  return {
    ...{ chosen, rival, chances, likeliest, parting, parts, neurons },
    margin: way.margin,
    before: way.before,
    tokens: way.given.slice(0, task.prompt.length),
    change: chosen === likeliest ? await smallestChange(lens, task, chosen, promising) : undefined,
  };
}

/** Where the likeliest answers of the two part. */
function partingOf(
  task: ChoiceTask,
  found: readonly { beginning: readonly number[] }[],
  chosen: number,
  rival: number,
): NonNullable<ChoiceExplanation["parting"]> {
  const answerOf = (choice: number): readonly number[] => {
    const beginning = found[choice]?.beginning ?? [];
    const answers = task.choices[choice] ?? [];
    return answers.find((answer) => beginning.every((token, n) => answer[n] === token)) ?? [];
  };
  const [own, other] = [answerOf(chosen), answerOf(rival)];
  const at = own.findIndex((token, n) => token !== other[n]);
  const [mine, theirs] = [own[at], other[at]];
  if (mine === undefined || theirs === undefined) throw new LensError("An answer begins another one");
  return { written: own.slice(0, at), chosen: mine, rival: theirs };
}

/** The embedding of a prompt's tokens, each the mean of those that could stand there: [pos, width]. */
function blankOf(lens: Lens, prompt: readonly number[], swaps: readonly Swap[]): Float32Array {
  const { width } = lens.config;
  const table = lens.weights.get("embed.weight") ?? new Float32Array();
  const row = (token: number): Float32Array => table.subarray(token * width, (token + 1) * width);
  const all = swaps.length > 0 ? undefined : meanRow(Array.from({ length: table.length / width }, (_, n) => row(n)));
  const families = Map.groupBy(swaps, ({ position }) => position);
  const blank = new Float32Array(prompt.length * width);
  for (const [position, token] of prompt.entries()) {
    const others = new Set(families.get(position)?.map((swap) => swap.token));
    blank.set(all ?? meanRow([...others.add(token)].map(row)), position * width);
  }
  return blank;
}

/**
 * Integrated gradients (Sundararajan et al. 2017, arXiv 1703.01365) on the embeddings of the prompt, from `blank`; midpoints of `steps`
 * equal parts. What is written after the prompt stays as it is.
 */
async function integrated(
  lens: Lens,
  {
    text,
    metric,
    steps,
    blank,
  }: { text: readonly number[]; metric: Metric["weights"][number]; steps: number; blank: Float32Array },
): Promise<{ margin: number; before: number; given: Float32Array; slopes: Float32Array }> {
  const { width } = lens.config;
  const table = lens.weights.get("embed.weight") ?? new Float32Array();
  const size = text.length * width;
  const whole = Float32Array.from(
    { length: size },
    (_, n) => table[(text[Math.floor(n / width)] as number) * width + (n % width)] as number,
  );
  const start = Float32Array.from(whole, (value, n) => blank[n] ?? value);
  // Two rows more say what the margin is at both ends.
  const shares = [...Array.from({ length: steps }, (_, n) => (n + 0.5) / steps), 0, 1];
  const to = new Float32Array(shares.length * size);
  for (const [row, share] of shares.entries())
    for (let n = 0; n < size; n++) {
      const from = start[n] as number;
      to[row * size + n] = from + share * ((whole[n] as number) - from);
    }
  const { gradients, metric: told } = await lens.gradients(
    shares.map(() => text),
    { weights: shares.map(() => metric) },
    { read: ["hook_embed"], edits: [{ at: "hook_embed", to }] },
  );
  const { values } = gradients.at("hook_embed");
  const given = new Float32Array(text.length);
  for (let n = 0; n < size; n++) {
    let slope = 0;
    for (let row = 0; row < steps; row++) slope += values[row * size + n] as number;
    const place = Math.floor(n / width);
    given[place] = (given[place] as number) + (slope / steps) * ((whole[n] as number) - (start[n] as number));
  }
  return {
    ...{ margin: told[steps + 1] as number, before: told[steps] as number, given },
    slopes: values.slice((steps + 1) * size),
  };
}

async function partsOf(
  lens: Lens,
  text: readonly number[],
  metric: Metric["weights"][number],
  most: number,
): Promise<Pick<ChoiceExplanation, "parts" | "neurons">> {
  const { layers, heads, headDim, width, mlpWidth } = lens.config;
  const each = Array.from({ length: layers }, (_, layer) => `blocks.${layer}`);
  const [z, out] = [each.map((block) => `${block}.attn.hook_z`), each.map((block) => `${block}.hook_mlp_out`)];
  const post = mlpWidth > 0 ? each.map((block) => `${block}.mlp.hook_post`) : [];
  const read = [...z, ...(mlpWidth > 0 ? out : []), ...post];
  const { gradients, cache } = await lens.gradients([text], { weights: [metric] }, { read });
  const time = text.length;
  const meanAt = (name: string, size: number): Float32Array => {
    const { values } = cache.at(name);
    return meanRow(Array.from({ length: time }, (_, n) => values.subarray(n * size, (n + 1) * size)));
  };
  const cut: { part: string; edit: (row: number) => Edit[] }[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const own = meanAt(z[layer] as string, heads * headDim);
    for (let head = 0; head < heads; head++)
      cut.push({
        part: `${layer}.${head}`,
        edit: (row) => [
          { at: z[layer] as string, rows: [row], heads: [head], to: own.slice(head * headDim, (head + 1) * headDim) },
        ],
      });
    if (mlpWidth === 0) continue;
    const mean = meanAt(out[layer] as string, width);
    cut.push({ part: `${layer}.mlp`, edit: (row) => [{ at: out[layer] as string, rows: [row], to: mean }] });
  }
  // The last row is left as it is.
  const { vocab } = lens.config;
  const { logits } = await lens.run(
    [...cut, undefined].map(() => text),
    { edits: cut.flatMap(({ edit }, row) => edit(row)) },
  );
  const marginOf = (row: number): number =>
    metric.reduce(
      (sum, [token, weight]) => sum + weight * (logits[((row + 1) * time - 1) * vocab + token] as number),
      0,
    );
  const whole = marginOf(cut.length);
  const neurons = post.flatMap((name, layer) => {
    const mean = meanAt(name, mlpWidth);
    const from = (time - 1) * mlpWidth;
    return Array.from(mean, (usual, neuron) => ({
      ...{ layer, neuron },
      effect:
        ((cache.at(name).values[from + neuron] as number) - usual) *
        (gradients.at(name).values[from + neuron] as number),
    }));
  });
  return {
    parts: cut.map(({ part }, row) => ({ part, effect: whole - marginOf(row) })).sort(byEffect),
    neurons: neurons.sort(byEffect).slice(0, most),
  };
}

const byEffect = (a: { effect: number }, b: { effect: number }): number => Math.abs(b.effect) - Math.abs(a.effect);

/** By what they take from the margin to first order, the most first. */
function ranked(lens: Lens, slopes: Float32Array, prompt: readonly number[], swaps: readonly Swap[]): Swap[] {
  const { width } = lens.config;
  const table = lens.weights.get("embed.weight") ?? new Float32Array();
  const taken = ({ position, token }: Swap): number => {
    const old = prompt[position] as number;
    let sum = 0;
    for (let n = 0; n < width; n++)
      sum +=
        (slopes[position * width + n] as number) *
        ((table[old * width + n] as number) - (table[token * width + n] as number));
    return sum;
  };
  return swaps
    .map((swap) => ({ swap, promise: taken(swap) }))
    .sort((a, b) => b.promise - a.promise)
    .map(({ swap }) => swap);
}

/** Each alone, then two and three of the most promising together, until something else is chosen. */
async function smallestChange(
  lens: Lens,
  task: ChoiceTask,
  chosen: number,
  promising: readonly Swap[],
): Promise<ChoiceExplanation["change"]> {
  const first = promising.slice(0, COMBINED);
  const together = (swaps: readonly Swap[]): boolean =>
    new Set(swaps.map(({ position }) => position)).size === swaps.length &&
    // Two that change the answers would need answers of both.
    swaps.filter(({ choices }) => choices !== undefined).length < 2;
  const pairs = first.flatMap((a, n) => first.slice(n + 1).map((b) => [a, b])).filter(together);
  const triples = pairs
    .flatMap(([a, b]) => first.slice(first.indexOf(b as Swap) + 1).map((c) => [a as Swap, b as Swap, c]))
    .filter(together);
  for (const tried of [promising.slice(0, TRIED).map((swap) => [swap]), pairs, triples]) {
    for (let from = 0; from < tried.length; from += AT_ONCE) {
      const some = tried.slice(from, from + AT_ONCE);
      const made = await courses(
        lens,
        some.map((swaps) => swapped(task, swaps)),
      );
      const n = made.findIndex(({ choice }) => choice !== chosen);
      if (n >= 0) return { swaps: some[n] ?? [], choice: made[n]?.choice ?? 0 };
    }
  }
  return undefined;
}

/** Views that are tried at once. */
const AT_ONCE = 16;

function swapped({ prompt, choices }: ChoiceTask, swaps: readonly Swap[]): ChoiceTask {
  const changed = [...prompt];
  for (const { position, token } of swaps) changed[position] = token;
  return { prompt: changed, choices: swaps.find((swap) => swap.choices)?.choices ?? choices };
}
