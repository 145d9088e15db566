/** What is seen of an open model, in the words of its pages. */
import {
  differenceOfMeans,
  EditedModel,
  editReport,
  featureBoards,
  headEdit,
  neuronBoards,
  neuronEdit,
  type PairTask,
  PromptReader,
  projectionEdit,
  rankOneEdit,
  rowsAt,
  type WeightEdit,
} from "@candor/lens";
import type { z } from "@hono/zod-openapi";
import { badInput } from "../failure.ts";
import type { OpenLens } from "./lenses.ts";
import type {
  CutRequest,
  EditRequest,
  FeaturesRequest,
  LensCircuit,
  LensCut,
  LensEdit,
  LensFeatures,
  LensReading,
  LensView,
  PairRequest,
  ReadRequest,
} from "./schemas.ts";

/** Not the first: a text that is well under way. */
const EXAMPLE = 3;

export async function viewOf(open: OpenLens): Promise<LensView> {
  const dictionaries = await Promise.all(
    open.model.dictionaries.map(async (_, n) => {
      const { origin, shape } = await open.dictionary(n);
      return { reads: origin.reads, writes: origin.writes, features: shape.features };
    }),
  );
  const texts = await open.texts();
  const text = texts[Math.min(EXAMPLE, texts.length - 1)] ?? "";
  // What the small mind is asked ends where it is to answer.
  const example = open.model.id === "small-mind" ? text.replace(/(?<=\bthen ).*/s, "") : text;
  return { ...open.architecture, dictionaries, example };
}

export async function readingOf(
  open: OpenLens,
  { text, layer, head }: z.infer<typeof ReadRequest>,
): Promise<LensReading> {
  const view = await open.reader.read(open.tokens(text));
  const { tokens, patterns, attribution } = view;
  const pattern = patterns[layer]?.[head];
  if (!pattern) throw badInput(`there is no head ${layer}.${head}`);
  const named = ({ token, probability }: { token: number; probability: number }) => ({
    token,
    text: open.text(token),
    probability,
  });
  const round = (x: number): number => Number(x.toPrecision(4));
  return {
    tokens: tokens.map((token) => ({ token, text: open.text(token) })),
    next: view.next.map(named),
    layers: view.layers.map((positions) => positions.map((likely) => likely.slice(0, 3).map(named))),
    heads: patterns.flatMap((heads, at) =>
      heads.map((each, n) => ({
        layer: at,
        head: n,
        ...looksAt(each, tokens),
        attribution: round(attribution.heads[at]?.[n] ?? 0),
      })),
    ),
    pattern: Buffer.from(pattern.map((x) => Math.round(255 * x))).toString("base64"),
    attribution: Array.from(attribution.tokens, round),
    mlps: Array.from(attribution.mlps, round),
    milliseconds: view.milliseconds,
  };
}

/** Means over a prompt's positions. */
function looksAt(pattern: Float32Array, tokens: readonly number[]) {
  const count = tokens.length;
  const sums = { previous: 0, first: 0, own: 0, same: 0 };
  for (let query = 1; query < count; query++) {
    const at = (key: number): number => pattern[query * count + key] as number;
    sums.previous += at(query - 1);
    sums.first += at(0);
    sums.own += at(query);
    for (let key = 0; key < query; key++) if (tokens[key] === tokens[query]) sums.same += at(key);
  }
  const mean = (x: number): number => (count > 1 ? Number((x / (count - 1)).toFixed(3)) : 0);
  return { previous: mean(sums.previous), first: mean(sums.first), own: mean(sums.own), same: mean(sums.same) };
}

const MOST_EDGES = 400;

export async function circuitOf(open: OpenLens, request: PairRequest): Promise<LensCircuit> {
  const { edges, whole, none, faithfulness } = await (await open.circuit(pairOf(open, request))).view();
  const { curve, cpr, cmd } = faithfulness;
  return { edges: edges.slice(0, MOST_EDGES), count: edges.length, ...{ whole, none, curve, cpr, cmd } };
}

export async function cutOf(
  open: OpenLens,
  { threshold, without, ...pair }: z.infer<typeof CutRequest>,
): Promise<LensCut> {
  return (await open.circuit(pairOf(open, pair))).cut(threshold, without);
}

function pairOf(open: OpenLens, { clean, corrupted, right, wrong }: PairRequest): PairTask {
  const [a, b] = [open.tokens(clean), open.tokens(corrupted)];
  if (a.length !== b.length)
    throw badInput(
      `the prompts have ${a.length} and ${b.length} tokens`,
      "Prompts of a pair have as many tokens each: swap words for words of one token.",
    );
  return { clean: [a], corrupted: [b], right: [single(open, right)], wrong: [single(open, wrong)] };
}

/** @throws {Failure} for text of several tokens */
function single(open: OpenLens, text: string): number {
  const tokens = open.tokens(text);
  const [token] = tokens;
  if (tokens.length !== 1 || token === undefined)
    throw badInput(
      `"${text}" is ${tokens.length} tokens for this model: ${tokens.map((each) => JSON.stringify(open.text(each))).join(", ")}`,
      "Give one token, with its space where it has one.",
    );
  return token;
}

const SHOWN = 12;

export async function featuresOf(
  open: OpenLens,
  { of, feature }: z.infer<typeof FeaturesRequest>,
): Promise<LensFeatures> {
  const rows = await open.rows();
  const options = { ...(feature === undefined ? { most: SHOWN } : { features: [feature] }), examples: 5, tokens: 6 };
  const { layers, mlpWidth } = open.lens.config;
  const count = "layer" in of ? mlpWidth : (await open.dictionary(of.dictionary)).shape.features;
  if ("layer" in of && (of.layer >= layers || mlpWidth === 0))
    throw badInput(`there are no neurons in layer ${of.layer}`);
  if (feature !== undefined && feature >= count)
    throw badInput(`there is no feature ${feature}`, `They are 0 to ${count - 1}.`);
  const boards =
    "layer" in of
      ? await neuronBoards(open.lens, of.layer, rows, options)
      : await featureBoards(open.lens, await open.dictionary(of.dictionary), rows, options);
  return {
    positions: rows.length * (rows[0]?.length ?? 0),
    features: boards.map(({ examples, raises, lowers, ...board }) => ({
      ...board,
      examples: examples.map(({ row, position, value, values }) => {
        const tokens = rows[row] ?? [];
        // The loudest token with what stands around it.
        const from = Math.max(0, Math.min(position - AROUND, tokens.length - 2 * AROUND));
        return {
          value,
          tokens: tokens
            .slice(from, from + 2 * AROUND)
            .map((token, n) => ({ text: open.text(token), value: values[from + n] ?? 0 })),
        };
      }),
      raises: raises.map(({ token }) => open.text(token)),
      lowers: lowers.map(({ token }) => open.text(token)),
    })),
  };
}

const AROUND = 8;

export async function editOf(open: OpenLens, { edit, prompt, target }: EditRequest): Promise<LensEdit> {
  const { lens } = open;
  const prompts = [open.tokens(prompt)];
  const rows = await open.rows();
  const made = await weightEdit(open, edit, prompts[0] ?? [], single(open, target), rows);
  const model = new EditedModel(lens);
  model.apply(made);
  await using after = model.open();
  await using readerAfter = new PromptReader(after);
  const next = async (reader: PromptReader) =>
    (await reader.read(prompts[0] ?? [])).next
      .slice(0, 5)
      .map(({ token, probability }) => ({ token, text: open.text(token), probability }));
  const report = await editReport(lens, after, {
    question: { prompts, target: single(open, target) },
    ...{ neighbourhood: rows, heldOut: rows },
  });
  return {
    title: made.title,
    ...report,
    next: { before: await next(open.reader), after: await next(readerAfter) },
    texts: rows.length,
  };
}

async function weightEdit(
  open: OpenLens,
  edit: EditRequest["edit"],
  prompt: readonly number[],
  target: number,
  others: readonly (readonly number[])[],
): Promise<WeightEdit> {
  const { lens } = open;
  switch (edit.kind) {
    case "heads":
      return headEdit(lens, edit.heads, edit.scale);
    case "neurons":
      return neuronEdit(lens, edit.layer, edit.neurons, edit.scale);
    case "rank-one":
      return rankOneEdit(lens, {
        prompts: [prompt],
        subjects: [endOf(open, prompt, edit.subject)],
        target,
        layer: edit.layer,
        others,
      });
    case "direction": {
      const place = `blocks.${edit.layer}.hook_resid_post`;
      const rows = async (texts: readonly string[]) =>
        rowsAt(
          lens,
          place,
          texts.map((text) => open.tokens(text)),
        );
      return projectionEdit(lens, differenceOfMeans(await rows(edit.from), await rows(edit.to)));
    }
  }
}

/** Where a phrase of the prompt ends. @throws {Failure} when it is not in it */
function endOf(open: OpenLens, prompt: readonly number[], subject: string): number {
  const texts = prompt.map((token) => open.text(token));
  const end = texts.join("").indexOf(subject) + subject.length;
  if (subject === "" || end < subject.length)
    throw badInput(`"${subject}" is not in the prompt`, "Give the words of the prompt that the edit is about.");
  let read = 0;
  for (const [n, text] of texts.entries()) {
    read += text.length;
    if (read >= end) return n;
  }
  return prompt.length - 1;
}
