/** The run's analyst: draws records from pages and folds a run's records into findings. */
import type { Analyst, Document, FindingView, Seeds } from "@candor/agent";
import type { Recorded } from "@candor/store";
import { type Attribution, attribute } from "../attribute/attribute.ts";
import { type Judgments, type Known, startingPoint } from "../attribute/known.ts";
import { extract } from "../extract/extract.ts";
import { whoIs } from "../extract/names.ts";
import { PageRecord } from "../extract/record.ts";
import { fold, urlKey } from "../extract/words.ts";
import type { Exposure, Finding } from "./finding.ts";
import { gather, type Source } from "./findings.ts";
import { unreadOf } from "./unread.ts";

export interface AnalystOptions {
  /** Addresses of pages that the operator has proven to be theirs. Read at each fold: it may grow. */
  proven: readonly string[];
  /** What the operator said of findings in earlier runs. */
  priorJudgments?: readonly PriorJudgment[];
}

export interface PriorJudgment {
  finding: string;
  kind: string;
  value: string;
  judgment: "mine" | "not mine";
}

export interface ExposureAnalyst extends Analyst {
  /** Findings with evidence, what was not read, and how many others were dropped. */
  exposure(events: readonly Recorded[]): Exposure;
}

interface Folded {
  attribution: Attribution;
  findings: Finding[];
  views: FindingView[];
}

/**
 * @param seeds what the agent may know of the operator; read at each call, so that it may grow
 * @example
 * const analyst = createAnalyst(identity.seeds, { proven: ["https://ada.example/"] });
 * const record = analyst.extract(maskedDocument); // goes into the step's observation
 * const findings = analyst.findings(events);
 */
export function createAnalyst(seeds: Seeds, options: AnalystOptions): ExposureAnalyst {
  const fold = folder(seeds, options);
  let known: Known = startingPoint(seeds, options.proven);
  const current = (events: readonly Recorded[]): Folded => {
    const folded = fold(events);
    known = folded.attribution.known;
    return folded;
  };
  return {
    extract(document: Document): PageRecord | undefined {
      // Handles that pages of this run have added count as the operator's as well.
      const who = whoIs(seeds.names, [...seeds.usernames, ...known.handles.keys()]);
      const owned = new Set(known.owned.keys());
      return extract(document, {
        who,
        city: seeds.city,
        owned,
        ownedHosts: known.ownedHosts,
        reached: new Set(known.reached.keys()),
      });
    },
    findings: (events) => current(events).views,
    owned(events, url) {
      const { attribution } = current(events);
      const key = urlKey(url);
      const page = attribution.weighed.filter((each) => urlKey(each.record.url) === key);
      const sure = Math.max(
        0,
        ...page.map((each) =>
          each.mine && each.subject.main ? each.verdict.confidence : each.mine ? each.verdict.confidence * 0.7 : 0,
        ),
      );
      return page.length > 0 ? sure : (attribution.known.owned.get(key) ?? 0);
    },
    exposure(events) {
      const { attribution, findings } = current(events);
      return {
        findings,
        unread: unreadOf(events),
        dropped: attribution.dropped,
        pages: pagesOf(attribution, startingPoint(seeds, options.proven).owned),
      };
    },
  };
}

/** Folds incrementally: records are parsed once, and only a new record or judgment makes it weigh all again. */
function folder(seeds: Seeds, options: AnalystOptions): (events: readonly Recorded[]) => Folded {
  let run: string | undefined;
  let seen = 0;
  let lastHash = "";
  let records: PageRecord[] = [];
  let sources = new Map<string, Source>();
  let indexed = new Set<string>();
  let judged = new Map<string, "mine" | "not mine">();
  let dirty = true;
  let provenCount = -1;
  let folded: Folded | undefined;
  const reset = (): void => {
    seen = 0;
    records = [];
    sources = new Map();
    indexed = new Set();
    judged = new Map((options.priorJudgments ?? []).map((prior) => [prior.finding, prior.judgment]));
    dirty = true;
    folded = undefined;
  };
  return (events) => {
    const first = events[0];
    const same = first?.run === run && events.length >= seen && (seen === 0 || events[seen - 1]?.hash === lastHash);
    if (!same) {
      run = first?.run;
      reset();
    }
    if (seen === 0 && judged.size === 0) reset();
    for (const recorded of events.slice(seen)) {
      const { event } = recorded;
      if (event.type === "finding.judged") {
        judged.set(event.finding, event.judgment);
        dirty = true;
      }
      if (event.type !== "step.done") continue;
      if (event.tool === "search")
        for (const lead of event.observation.leads) {
          if (lead.kind !== "page" || indexed.has(urlKey(lead.value))) continue;
          indexed.add(urlKey(lead.value));
          if (records.some((record) => urlKey(record.url) === urlKey(lead.value))) dirty = true;
        }
      const parsed =
        event.observation.record === undefined ? undefined : PageRecord.safeParse(event.observation.record);
      if (!parsed?.success) continue;
      records = [...records.filter((record) => record.url !== parsed.data.url), parsed.data];
      sources.set(`${parsed.data.url} ${parsed.data.hash}`, { at: recorded.at, step: event.step });
      dirty = true;
    }
    seen = events.length;
    lastHash = events.at(-1)?.hash ?? "";
    if (provenCount !== options.proven.length) {
      provenCount = options.proven.length;
      dirty = true;
    }
    if (!folded || dirty) folded = weighAll(records, sources, indexed, judged, seeds, options);
    dirty = false;
    return folded;
  };
}

function weighAll(
  records: readonly PageRecord[],
  sources: ReadonlyMap<string, Source>,
  indexed: ReadonlySet<string>,
  judged: ReadonlyMap<string, "mine" | "not mine">,
  seeds: Seeds,
  options: AnalystOptions,
): Folded {
  let attribution = attribute(records, seeds, options.proven, fromPrior(options.priorJudgments ?? [], judged));
  let findings = gather(attribution, sources, indexed, judged);
  if (judged.size > 0) {
    // Judgments name findings, so they are folded first without and then with what they say of pages and handles.
    const judgments = judgmentsOf(findings, judged, options);
    attribution = attribute(records, seeds, options.proven, judgments);
    findings = gather(attribution, sources, indexed, judged);
  }
  findings = findings.filter((finding) => finding.judgment !== "not mine");
  return {
    attribution,
    findings,
    views: findings.map(({ id, kind, value, evidence, confidence }) => ({
      id,
      kind,
      value,
      urls: evidence.map(({ url }) => url),
      confidence,
    })),
  };
}

function fromPrior(prior: readonly PriorJudgment[], judged: ReadonlyMap<string, "mine" | "not mine">): Judgments {
  const named = (judgment: string): Set<string> =>
    new Set(
      prior
        .filter((each) => (judged.get(each.finding) ?? each.judgment) === judgment)
        .map((each) => `${each.kind} ${fold(each.value)}`),
    );
  return { mine: named("mine"), notMine: named("not mine"), pages: new Set() };
}

function judgmentsOf(
  findings: readonly Finding[],
  judged: ReadonlyMap<string, "mine" | "not mine">,
  options: AnalystOptions,
): Judgments {
  const prior = fromPrior(options.priorJudgments ?? [], judged);
  const [mine, notMine] = [new Set(prior.mine), new Set(prior.notMine)];
  const pages = new Set<string>();
  const proven = new Set(options.proven.map(urlKey));
  for (const finding of findings) {
    const judgment = judged.get(finding.id);
    if (judgment === "mine") mine.add(`${finding.kind} ${fold(finding.value)}`);
    if (judgment !== "not mine") continue;
    notMine.add(`${finding.kind} ${fold(finding.value)}`);
    // What stands on the pages of a wrong finding is somebody else's, unless they prove otherwise.
    const kept = new Set(
      findings
        .filter((other) => judged.get(other.id) === "mine")
        .flatMap((other) => other.evidence.map(({ url }) => urlKey(url))),
    );
    if (!["interest", "school"].includes(finding.kind) || finding.evidence.length === 1)
      for (const { url } of finding.evidence)
        if (!kept.has(urlKey(url)) && !proven.has(urlKey(url))) pages.add(urlKey(url));
  }
  return { mine, notMine, pages };
}

function pagesOf({ weighed }: Attribution, roots: ReadonlyMap<string, number>): Exposure["pages"] {
  const pages = new Map<string, Exposure["pages"][number]>();
  for (const { record, verdict, mine } of weighed) {
    const known = pages.get(record.url);
    if (known && known.confidence >= verdict.confidence && known.mine >= mine) continue;
    pages.set(record.url, {
      url: record.url,
      title: record.title,
      kind: record.kind,
      confidence: verdict.confidence,
      from: verdict.from,
      mine: mine || (known?.mine ?? false),
      root: roots.has(urlKey(record.url)),
    });
  }
  return [...pages.values()];
}
