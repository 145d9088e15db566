/** The report of a run as data: everything that the pages, the letters and the terminal show is in here, masked. */
import type { Seeds } from "@candor/agent";
import { type Recorded, Severity } from "@candor/store";
import { z } from "zod";
import { FINDING_KINDS, FindingKind } from "../extract/record.ts";
import { hostOf } from "../extract/words.ts";
import { type Exposure, Unread } from "../findings/finding.ts";
import { rankOf, worst } from "../findings/severity.ts";
import type { Directory } from "../remedies/directory.ts";
import { RemediedFinding, withRemedies } from "../remedies/remedies.ts";
import { Comparison } from "./compare.ts";
import { headline } from "./words.ts";

export const KindSummary = z.object({
  kind: FindingKind,
  count: z.number().int(),
  severity: Severity,
  /** Hosts that show it, most often first. */
  hosts: z.array(z.string()),
});
export type KindSummary = z.infer<typeof KindSummary>;

export const Blocked = z.object({
  step: z.number().int(),
  /** `injection`: a page tried to give orders. `denied`: the guard refused an action. `signal`: a monitor raised it. */
  kind: z.enum(["injection", "denied", "signal"]),
  reason: z.string(),
  url: z.string().optional(),
});
export type Blocked = z.infer<typeof Blocked>;

export const Report = z
  .object({
    version: z.literal(1),
    run: z.string(),
    /** Of the operator, as they are named in the seeds. */
    name: z.string(),
    goal: z.string(),
    /** Milliseconds since the epoch. */
    started: z.number(),
    ended: z.number(),
    headline: z.object({ sentence: z.string(), detail: z.string(), severity: Severity }),
    summary: z.array(KindSummary),
    findings: z.array(RemediedFinding),
    /** Pages that were weighed and are the operator's or about them. */
    pages: z.array(
      z.object({
        url: z.string(),
        title: z.string(),
        kind: z.string(),
        confidence: z.number(),
        from: z.array(z.string()),
        mine: z.boolean(),
        /** Proven or named by the operator. */
        root: z.boolean(),
      }),
    ),
    unread: z.array(Unread),
    blocked: z.array(Blocked),
    /** Passages about other people of the same name or handle: counted and dropped. */
    others: z.number().int(),
    /** Identifiers masked before a mind saw the text. */
    masked: z.object({ yours: z.number().int(), others: z.number().int() }),
    method: z.object({
      mind: z.string(),
      world: z.string(),
      isolation: z.string(),
      candor: z.string(),
      steps: z.number().int(),
      pages: z.number().int(),
      searches: z.number().int(),
      tokens: z.number(),
      usd: z.number(),
      /** How the run ended, or that it is still going on. */
      outcome: z.string(),
    }),
    since: Comparison.optional(),
  })
  .meta({
    title: "Candor self-audit report",
    description: "What a self-audit found. Sealed identifiers appear as labels only.",
  });
export type Report = z.infer<typeof Report>;

export interface ReportOptions {
  seeds: Seeds;
  directory: Directory;
  /** What changed since an earlier run. */
  since?: Comparison;
}

/** @param events of one run, from its `run.started` on */
export function buildReport(events: readonly Recorded[], exposure: Exposure, options: ReportOptions): Report {
  const start = events[0];
  if (start?.event.type !== "run.started") throw new Error("a report needs a run that begins with run.started");
  const findings = withRemedies(exposure, options.directory, options.seeds).sort(
    (a, b) => rankOf(b.severity) - rankOf(a.severity) || b.confidence - a.confidence || (a.id < b.id ? -1 : 1),
  );
  const { mind, world } = start.event;
  const spent = { steps: 0, pages: 0, searches: 0, tokens: 0, usd: 0 };
  const masked = { yours: 0, others: 0 };
  let outcome = "the run has not ended";
  for (const { event } of events) {
    if (event.type === "step.proposed") {
      spent.steps++;
      spent.tokens += event.cost.tokens ?? 0;
      spent.usd += event.cost.usd ?? 0;
    } else if (event.type === "step.done") {
      spent.pages += event.observation.cost.pages ?? 0;
      spent.tokens += event.observation.cost.tokens ?? 0;
      spent.usd += event.observation.cost.usd ?? 0;
      if (event.tool === "search") spent.searches++;
      masked.yours += event.observation.masked?.yours ?? 0;
      masked.others += event.observation.masked?.others ?? 0;
    } else if (event.type === "run.finished") outcome = `finished: ${event.reason}`;
    else if (event.type === "run.stopped") outcome = `stopped: ${event.reason}`;
    else if (event.type === "run.failed") outcome = `failed: ${event.reason}`;
  }
  return {
    version: 1,
    run: start.run,
    name: options.seeds.names[0] ?? "",
    goal: start.event.goal,
    started: start.at,
    ended: events.at(-1)?.at ?? start.at,
    headline: headline(findings),
    summary: summarise(findings),
    findings,
    pages: exposure.pages.filter((page) => page.mine),
    unread: exposure.unread,
    blocked: blockedIn(events),
    others: exposure.dropped,
    masked,
    method: {
      mind: mind.model ? `${mind.kind} (${mind.model})` : mind.kind,
      world: world.kind === "town" ? `town ${world.spec ?? world.seed}` : "the web",
      isolation: start.event.isolation,
      candor: start.event.version,
      ...spent,
      outcome,
    },
    ...(options.since ? { since: options.since } : {}),
  };
}

/** One line per kind, the worst first. */
export function summarise(findings: readonly RemediedFinding[]): KindSummary[] {
  return FINDING_KINDS.flatMap((kind): KindSummary[] => {
    const some = findings.filter((finding) => finding.kind === kind);
    if (some.length === 0) return [];
    const hosts = new Map<string, number>();
    for (const { url } of some.flatMap((finding) => finding.evidence))
      hosts.set(hostOf(url), (hosts.get(hostOf(url)) ?? 0) + 1);
    return [
      {
        kind,
        count: some.length,
        severity: worst(some.map(({ severity }) => severity)),
        hosts: [...hosts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([host]) => host),
      },
    ];
  }).sort((a, b) => rankOf(b.severity) - rankOf(a.severity));
}

function blockedIn(events: readonly Recorded[]): Blocked[] {
  const urls = new Map<number, string>();
  const blocked: Blocked[] = [];
  for (const { event } of events) {
    if (event.type === "step.proposed" && typeof event.decision.args.url === "string")
      urls.set(event.step, event.decision.args.url);
    if (event.type === "step.done" && event.observation.url) urls.set(event.step, event.observation.url);
    if (event.type === "signal.raised") {
      const url = event.step === undefined ? undefined : urls.get(event.step);
      blocked.push({
        step: event.step ?? 0,
        kind: /inject|instruction/i.test(event.monitor) ? "injection" : "signal",
        reason: event.reason,
        ...(url ? { url } : {}),
      });
    }
    if (event.type === "step.judged" && event.verdict.outcome === "deny") {
      const url = urls.get(event.step);
      blocked.push({ step: event.step, kind: "denied", reason: event.verdict.reason, ...(url ? { url } : {}) });
    }
  }
  return blocked;
}
