/** The labelled traces that the monitors are measured on, from wherever they are. */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import {
  bundledCases,
  type Checked,
  checkTrace,
  createMonitors,
  hardCases,
  type Monitor,
  type Part,
  parseTraces,
  partOf,
  type Trace,
} from "@candor/oversight";

export interface TraceSet {
  name: string;
  traces: readonly Trace[];
  licence: string;
}

export const bundled: TraceSet = { name: "bundled", traces: bundledCases, licence: "Apache-2.0, Candor's own" };
export const hard: TraceSet = { name: "bundled, hard", traces: hardCases, licence: "Apache-2.0, Candor's own" };

/** `CANDOR_DATA`, or the data beside the checkout. */
const folder = (): string => process.env.CANDOR_DATA ?? join(import.meta.dirname, "../../../shared/data");

/** R-Judge's records that lie here, or undefined: they are never shipped. */
export function rJudge(): TraceSet | undefined {
  const path = join(folder(), "r-judge-dev.json");
  return existsSync(path) ? { ...readSet(path), name: "r-judge", licence: "unverified" } : undefined;
}

/** Traces of a file, or InjecAgent's test cases. */
export function readSet(path: string): TraceSet {
  const name = basename(path).replace(/\.jsonl?$/, "");
  return { name, traces: parseTraces(readFileSync(path, "utf8"), name), licence: "unknown" };
}

export const partsOf = ({ name, traces }: TraceSet, part: Part): Trace[] =>
  traces.filter((trace) => partOf(name, trace.id) === part);

/** What fires on each of them, with monitors besides the built-in ones. */
export async function checkedWith(traces: readonly Trace[], more: () => Monitor[] = () => []): Promise<Checked[]> {
  const checked: Checked[] = [];
  for (const trace of traces) checked.push(await checkTrace(trace, createMonitors(more())));
  return checked;
}
