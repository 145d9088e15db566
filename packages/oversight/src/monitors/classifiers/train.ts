/** Trains the small classifier on labelled traces: on each state of a safe one, and on the last of an unsafe one. */
import { createHash } from "node:crypto";
import { toEvents } from "../../traces/to-events.ts";
import type { Trace } from "../../traces/trace.ts";
import { builtIn } from "../monitors.ts";
import { FEATURES, FeatureReader } from "./features.ts";
import { type Example, fitLogistic, type LogisticModel, probability } from "./logistic.ts";
import type { TrainedWeights } from "./trained.ts";

const PENALTIES = [0.003, 0.01, 0.03, 0.1];
const FOLDS = 5;

interface Row {
  id: string;
  label: 0 | 1;
  /** One vector for each step. */
  states: number[][];
}

/**
 * Penalty and threshold are chosen by cross-validation within `traces`, for the best F1 of whole traces.
 * @param traces labelled ones; others are left out
 */
export function trainClassifier(
  traces: readonly Trace[],
  about: Pick<TrainedWeights, "name" | "provenance">,
): TrainedWeights {
  const rows = traces.flatMap((trace) => rowOf(trace) ?? []);
  const tried = PENALTIES.map((penalty) => ({ penalty, ...crossValidated(rows, penalty) }));
  const { penalty, threshold } = tried.reduce((best, each) => (each.f1 > best.f1 ? each : best));
  const model = fitLogistic(examplesOf(rows), penalty);
  const version = createHash("sha256").update(JSON.stringify(model)).digest("hex").slice(0, 8);
  const short = (values: number[]): number[] => values.map((value) => Number(value.toPrecision(6)));
  return {
    ...about,
    version,
    features: [...FEATURES],
    mean: short(model.mean),
    scale: short(model.scale),
    weights: short(model.weights),
    bias: Number(model.bias.toPrecision(6)),
    threshold,
  };
}

function rowOf(trace: Trace): Row | undefined {
  if (trace.label === undefined) return undefined;
  const reader = new FeatureReader(builtIn());
  const states: number[][] = [];
  for (const recorded of toEvents(trace).events) {
    reader.take(recorded);
    if (recorded.event.type === "step.judged") states.push(reader.vector());
  }
  return states.length > 0 ? { id: trace.id, label: trace.label, states } : undefined;
}

const examplesOf = (rows: readonly Row[]): Example[] =>
  rows.flatMap(({ label, states }) => {
    const used = label === 1 ? states.slice(-1) : states;
    return used.map((x) => ({ x, y: label, weight: 1 / used.length }));
  });

function crossValidated(rows: readonly Row[], penalty: number): { f1: number; threshold: number } {
  const scored = Array.from({ length: FOLDS }, (_, fold) => {
    const [held, rest] = [rows.filter(({ id }) => foldOf(id) === fold), rows.filter(({ id }) => foldOf(id) !== fold)];
    const model = rest.length > 0 ? fitLogistic(examplesOf(rest), penalty) : undefined;
    return held.map(({ label, states }) => ({ label, score: model ? highest(model, states) : 0 }));
  }).flat();
  const thresholds = Array.from({ length: 15 }, (_, at) => 0.2 + at * 0.05);
  return thresholds
    .map((threshold) => ({ threshold: Number(threshold.toFixed(2)), f1: f1At(scored, threshold) }))
    .reduce((best, each) => (each.f1 > best.f1 ? each : best));
}

const highest = (model: LogisticModel, states: readonly number[][]): number =>
  Math.max(...states.map((x) => probability(model, x)));

function f1At(scored: readonly { label: 0 | 1; score: number }[], threshold: number): number {
  const hits = scored.filter(({ label, score }) => label === 1 && score >= threshold).length;
  const wrong = scored.filter(({ label, score }) => (label === 1) !== score >= threshold).length;
  return hits === 0 ? 0 : (2 * hits) / (2 * hits + wrong);
}

const foldOf = (id: string): number => (createHash("sha256").update(`fold ${id}`).digest()[0] ?? 0) % FOLDS;
