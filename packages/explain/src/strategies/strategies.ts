/**
 * Names for what a run was doing, step by step. The first rule that holds names the step:
 *
 * | strategy | a step that |
 * | --- | --- |
 * | retry | does what an earlier step did, word for word |
 * | close | ends, or sends or checks what the end owes: the message, the breaches, the summary |
 * | prepare | proves the operator, opens a page the operator named, plans, recalls or notes |
 * | pivot | asks about a handle, or goes to where a handle led: an account check, or a link with a handle on a host not read before |
 * | corroborate | asks or opens for a fact that is known already, or ends up confirming one and nothing new |
 * | broad search | asks anything else |
 * | wander | opens a page that no clue led to and that gave nothing |
 * | follow | opens any other page |
 *
 * A clue is a word of the goal or of the operator in link or address, a search, an account check, a page of theirs that
 * links there, or a fact that is known.
 */
import { foldWords, hostOf, normalise } from "@candor/agent";
import type { StrategyName, StrategySpan, StrategyTotal } from "../explanation.ts";
import { costOf, plusCost } from "../steps/price.ts";
import type { Reading } from "../steps/readings.ts";
import type { Told } from "../subject.ts";

const CLOSING = new Set(["finish", "message_operator", "breach_lookup", "wait"]);
const PREPARING = new Set([
  "prove",
  "plan",
  "recall",
  "remember",
  "note_finding",
  "write_file",
  "read_file",
  "list_files",
  "spawn",
]);
/** Spans told apart at most; the shortest are counted to the one before. */
const MOST_SPANS = 200;

export function strategiesOf(told: Told, readings: readonly Reading[]): StrategyName[] {
  const { state, seeds, findings, foundAt } = told;
  const sites = new Set(seeds.sites.map(normalise));
  const clues = cluesOf(told);
  const confirms = new Map<string, number>();
  for (const { id, urls } of findings)
    for (const url of urls) {
      const key = normalise(url);
      confirms.set(key, Math.min(confirms.get(key) ?? Number.POSITIVE_INFINITY, foundAt.get(id) ?? 0));
    }
  const facts = findings
    .filter(({ kind }) => ["employer", "school", "interest", "location"].includes(kind))
    .map(({ id, value }) => ({ text: foldWords(value), at: foundAt.get(id) ?? 0 }))
    // What the operator said of themselves is where one begins, not what one confirms.
    .filter(
      ({ text }) => text.length > 3 && text !== foldWords(seeds.city ?? "") && text !== foldWords(seeds.employer ?? ""),
    );
  const handles = [
    ...seeds.usernames.map((name) => ({ text: foldWords(name), at: 0 })),
    ...findings
      .filter(({ kind }) => kind === "username")
      .map(({ id, value }) => ({ text: foldWords(value.split("@")[0] ?? ""), at: foundAt.get(id) ?? 0 })),
  ].filter(({ text }) => text.length > 3);
  const visited = new Set<string>();
  return readings.map((reading) => {
    const { tool, object, lead, host, step } = reading;
    const fresh = host !== "" && !visited.has(host);
    if (host) visited.add(host);
    if (reading.again) return "retry";
    if (CLOSING.has(tool)) return "close";
    if (PREPARING.has(tool) || (tool === "open" && sites.has(normalise(object)))) return "prepare";
    const text = foldWords(`${object} ${lead?.label ?? ""}`);
    const has = (marks: { text: string; at: number }[]) =>
      marks.some((mark) => mark.at < step && within(text, mark.text));
    if (tool === "check_username") return "pivot";
    if (tool === "search") return has(handles) ? "pivot" : has(facts) ? "corroborate" : "broad search";
    if (tool !== "open") return "follow";
    if (lead?.from.startsWith("check_username") || (fresh && has(handles))) return "pivot";
    const known = confirms.get(normalise(object));
    if (reading.findings.length === 0 && ((known !== undefined && known < step) || has(facts))) return "corroborate";
    if (reading.findings.length > 0) return "follow";
    const led =
      lead !== undefined &&
      (lead.from.startsWith("search") || told.owned(lead.from) >= 0.3 || told.owned(object) >= 0.3);
    return led || clues.some((clue) => within(text, clue)) || has(handles) || state.started.goal.includes(object)
      ? "follow"
      : "wander";
  });
}

/** Words that tell that a link has to do with the goal, folded. */
export function cluesOf({ state, seeds }: Told): string[] {
  const own = [
    ...seeds.names,
    ...seeds.usernames,
    seeds.employer ?? "",
    ...seeds.names.map((name) => name.split(" ").at(-1) ?? ""),
  ];
  const asked = state.started.kind === "run" ? [state.started.goal, ...state.subgoals.map(({ text }) => text)] : [];
  const words = asked.flatMap((text) => foldWords(text).split(" ")).filter((word) => word.length > 4);
  return [
    ...new Set([...own.map(foldWords), ...words, ...seeds.sites.map((site) => foldWords(hostOf(site) ?? ""))]),
  ].filter((clue) => clue.length > 3);
}

/** As words, or run together as addresses do. */
const within = (text: string, clue: string): boolean =>
  ` ${text} `.includes(` ${clue} `) || (clue.length > 5 && text.replace(/ /g, "").includes(clue.replace(/ /g, "")));

export function spansOf(readings: readonly Reading[], names: readonly StrategyName[]): StrategySpan[] {
  const spans: StrategySpan[] = [];
  for (const [index, reading] of readings.entries()) {
    const name = names[index] ?? "follow";
    const last = spans.at(-1);
    if (last?.name === name) extend(last, reading);
    else
      spans.push({
        name,
        from: reading.step,
        to: reading.step,
        steps: 1,
        findings: reading.findings.length,
        cost: reading.cost,
        about: reading.host || reading.object || reading.tool,
      });
  }
  return merged(spans);
}

function extend(span: StrategySpan, reading: Reading): void {
  span.to = reading.step;
  span.steps++;
  span.findings += reading.findings.length;
  span.cost = plusCost(span.cost, reading.cost);
  const about = reading.host || reading.object || reading.tool;
  if (about !== span.about && !span.about.endsWith(" and others")) span.about = `${span.about} and others`;
}

function merged(spans: StrategySpan[]): StrategySpan[] {
  for (let shortest = 1; spans.length > MOST_SPANS; shortest++) {
    const kept: StrategySpan[] = [];
    for (const span of spans) {
      const before = kept.at(-1);
      if (before && (span.steps <= shortest || before.name === span.name)) {
        before.to = span.to;
        before.steps += span.steps;
        before.findings += span.findings;
        before.cost = plusCost(before.cost, span.cost);
      } else kept.push(span);
    }
    spans = kept;
  }
  return spans;
}

export function totalsOf(readings: readonly Reading[], names: readonly StrategyName[]): StrategyTotal[] {
  const totals = new Map<StrategyName, StrategyTotal>();
  for (const [index, reading] of readings.entries()) {
    const name = names[index] ?? "follow";
    const total = totals.get(name) ?? { name, steps: 0, share: 0, findings: 0, cost: costOf([]) };
    total.steps++;
    total.findings += reading.findings.length;
    total.cost = plusCost(total.cost, reading.cost);
    totals.set(name, total);
  }
  return [...totals.values()]
    .map((total) => ({ ...total, share: total.steps / readings.length }))
    .sort((a, b) => b.steps - a.steps);
}
