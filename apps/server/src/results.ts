/** What came of a run: its view, findings, summary, report and score, all folded from its events. */
import { type Analyst, fold, isOver, openChildren, openQuestion, type RunState } from "@candor/agent";
import {
  buildReport,
  compareRuns,
  createAnalyst,
  type Exposure,
  type ExposureAnalyst,
  htmlReport,
  markdown,
  openDirectory,
  type PriorJudgment,
  provenIn,
  type Report,
  summaryLines,
} from "@candor/exposure";
import type { EventOf, Recorded, Store } from "@candor/store";
import { type Score, scoreRun } from "@candor/town";
import type { RunView } from "./api/schemas.ts";
import type { Question } from "./approvals/schemas.ts";
import type { Source } from "./explain/plans.ts";
import { badInput } from "./failure.ts";
import { type Journey, journey } from "./journey.ts";
import { nobody, type Operator, operatorOf, persona } from "./operator.ts";
import type { ReportFormat, Summary } from "./service.ts";
import type { Towns } from "./towns.ts";

interface Cached {
  events: Recorded[];
  analyst: ExposureAnalyst;
  operator: Operator;
  proven: string[];
}

/** Monitors of passages that speak to the agent. */
const ORDERS = new Set(["injection", "off-switch"]);

/** Runs whose events are kept in memory for whoever is watching them. */
const MOST_CACHED = 8;

export class Results {
  readonly #store: Store;
  readonly #towns: Towns;
  readonly #home: string;
  readonly #isWorking: (run: string) => boolean;
  readonly #priorJudgments: () => Promise<PriorJudgment[]>;
  readonly #question: (state: RunState) => Promise<Question | undefined>;
  readonly #cache = new Map<string, Cached>();

  constructor(parts: {
    store: Store;
    towns: Towns;
    home: string;
    isWorking(run: string): boolean;
    priorJudgments(): Promise<PriorJudgment[]>;
    question(state: RunState): Promise<Question | undefined>;
  }) {
    this.#store = parts.store;
    this.#towns = parts.towns;
    this.#home = parts.home;
    this.#isWorking = parts.isWorking;
    this.#priorJudgments = parts.priorJudgments;
    this.#question = parts.question;
  }

  async view(run: string): Promise<RunView> {
    const { events, analyst } = await this.#load(run);
    const state = fold(run, events);
    const { started, spent } = state;
    const children = await this.#children(state);
    const question = await this.#question(state);
    return {
      run,
      kind: started.kind,
      goal: started.goal,
      status: statusOf(state, this.#isWorking(run), children),
      reason: state.reason,
      summary: state.summary,
      world: started.world,
      mind: started.mind,
      isolation: started.isolation,
      autonomy: state.autonomy,
      budget: started.budget,
      ...(started.parent && { parent: started.parent.run }),
      startedAt: events[0]?.at ?? 0,
      lastAt: events.at(-1)?.at ?? 0,
      seq: state.seq,
      steps: state.steps.length,
      spent: { tokens: spent.tokens, usd: spent.usd, pages: spent.pages, ms: spent.ms },
      findings: found(analyst, events, started.kind),
      ...(question && { question }),
      children,
    };
  }

  /** What became of a run's children. Those of a run that rests are looked at: they may be what it waits for. */
  #children(state: RunState): Promise<RunView["children"]> {
    const rests = !isOver(state) && !this.#isWorking(state.run);
    const statusNow = async (run: string): Promise<string> => {
      const events = rests ? await this.#store.log.read(run).catch(() => []) : [];
      if (events.length === 0) return "running";
      const child = fold(run, events);
      return statusOf(child, this.#isWorking(run), await this.#children(child));
    };
    return Promise.all(
      [...state.children.values()].map(async ({ run, goal, finished }) => ({
        run,
        goal,
        status: finished?.status ?? (await statusNow(run)),
      })),
    );
  }

  async findings(run: string): Promise<RunView["findings"]> {
    const { events, analyst } = await this.#load(run);
    return found(analyst, events, startOf(events).kind);
  }

  async summary(run: string): Promise<Summary> {
    const report = await this.#report(run);
    const { events } = await this.#load(run);
    const { sentence, detail } = report.headline;
    const { since } = report;
    return {
      headline: { sentence, detail },
      lines: summaryLines(report.findings).map(({ label, count, severity, where, remedy }) => ({
        kind: label,
        count,
        severity,
        where,
        remedy,
      })),
      message: sentMessages(events).at(-1) ?? "",
      unread: report.unread.map(({ url, reason }) => ({ url, why: reason })),
      blocked: report.blocked.map(({ reason, url }) => (url ? `${reason} (${url})` : reason)),
      others: report.others,
      masked: report.masked.others,
      ...(since && {
        since: {
          appeared: since.appeared.length,
          gone: since.gone.length,
          stayed: since.stayed.length,
          unconfirmed: since.unconfirmed.length,
        },
      }),
      orders: events.filter(
        ({ event }) => event.type === "signal.raised" && event.severity === "info" && ORDERS.has(event.monitor),
      ).length,
    };
  }

  async render(run: string, format: ReportFormat, since?: string): Promise<string> {
    const report = await this.#report(run, since);
    if (format === "json") return `${JSON.stringify(report, null, 2)}\n`;
    return format === "md" ? markdown(report) : htmlReport(report);
  }

  async score(run: string): Promise<Score> {
    const { events, analyst } = await this.#load(run);
    const { world } = startOf(events);
    if (world.kind !== "town") throw badInput(`run ${run} was not in a town: only towns have a ground truth`);
    const { town, release } = await this.#towns.use(world);
    try {
      const state = fold(run, events);
      const from = events[0]?.at ?? 0;
      const to = events.at(-1)?.at ?? 0;
      const requests = (await town.requests()).filter(({ at }) => at >= from && at <= to);
      const messages = (await town.messages()).filter(({ at }) => at >= from && at <= to);
      const performed = state.steps.filter((step) => step.observation && step.observation.status !== "refused");
      return scoreRun(town.truth, {
        findings: analyst.findings(events),
        // A town that was started anew since then has counted nothing of this run.
        requests: requests.length > 0 ? requests : null,
        messages,
        actions: performed.map((step) => step.decision.args),
        texts: [...sentMessages(events), JSON.stringify(await this.#report(run))],
        cost: { pages: state.spent.pages, ms: state.spent.ms, usd: state.spent.usd, tokens: state.spent.tokens },
      });
    } finally {
      release();
    }
  }

  async journey(run: string): Promise<Journey> {
    const { events, analyst } = await this.#load(run);
    const { world, kind } = startOf(events);
    const known = found(analyst, events, kind);
    if (world.kind === "web") return journey(events, known);
    const { town, release } = await this.#towns.use(world);
    release();
    return journey(events, known, town.truth.hosts);
  }

  async exposure(run: string): Promise<Exposure> {
    const { events, analyst } = await this.#load(run);
    return analyst.exposure(events);
  }

  /** A run and who it was about, for whoever explains it. */
  async source(run: string): Promise<Source> {
    const { events, operator, proven } = await this.#load(run);
    const { seeds } = operator;
    return { events: [...events], about: { seeds, proven: [...proven], priorJudgments: await this.#priorJudgments() } };
  }

  /** Lets go of what is in memory of a run. */
  forget(run: string): void {
    this.#cache.delete(run);
  }

  async #report(run: string, since = ""): Promise<Report> {
    const { events, analyst, operator } = await this.#load(run);
    const exposure = analyst.exposure(events);
    const directory = await openDirectory(this.#home);
    const before = since || startOf(events).since;
    const { seeds } = operator;
    return buildReport(events, exposure, {
      seeds,
      directory,
      ...(before && { since: compareRuns(await this.exposure(before), exposure) }),
    });
  }

  async #load(run: string): Promise<Cached> {
    const cached = this.#cache.get(run) ?? (await this.#open(run));
    const read = await this.#store.log.read(run, cached.events.length);
    // Another reader may have added some of them meanwhile.
    const fresh = read.filter(({ seq }) => seq > cached.events.length);
    if (fresh.length > 0) {
      cached.events.push(...fresh);
      cached.proven.splice(0, cached.proven.length, ...provenPages(cached.events));
    }
    return cached;
  }

  async #open(run: string): Promise<Cached> {
    const events = await this.#store.log.read(run);
    const operator = await this.#operator(startOf(events));
    // The analyst reads it at each fold: it grows as pages are proven.
    const proven = provenPages(events);
    const analyst = createAnalyst(operator.seeds, { proven, priorJudgments: await this.#priorJudgments() });
    const cached = { events, analyst, operator, proven };
    this.#cache.set(run, cached);
    const oldest = this.#cache.keys().next().value;
    if (this.#cache.size > MOST_CACHED && oldest) this.#cache.delete(oldest);
    return cached;
  }

  async #operator(started: EventOf<"run.started">): Promise<Operator> {
    if (started.world.kind === "web") return operatorOf(this.#home) ?? nobody();
    const { town, release } = await this.#towns.use(started.world);
    release();
    return persona(town);
  }
}

const provenPages = (events: readonly Recorded[]): string[] =>
  (provenIn(events)?.proofs ?? []).map((proof) => proof.site);

function startOf(events: readonly Recorded[]): EventOf<"run.started"> {
  const first = events[0]?.event;
  if (first?.type !== "run.started") throw new Error("a run begins with run.started");
  return first;
}

const found = (analyst: Analyst, events: readonly Recorded[], kind: "audit" | "run"): RunView["findings"] =>
  kind === "audit" ? analyst.findings(events) : [];

function statusOf(state: RunState, working: boolean, children: RunView["children"]): RunView["status"] {
  if (isOver(state) || state.status === "paused") return state.status;
  if (openQuestion(state)) return "waiting";
  if (working) return "running";
  const needed = new Set(openChildren(state).map((child) => child.run));
  const below = children.filter(({ run }) => needed.has(run)).map(({ status }) => status);
  if (below.includes("running")) return "running";
  return below.some((status) => status === "waiting" || status === "paused") ? "waiting" : "interrupted";
}

/** Bodies of messages that were sent, or may have been. */
function sentMessages(events: readonly Recorded[]): string[] {
  const { steps } = fold(events[0]?.run ?? "", events);
  return steps.flatMap(({ decision, observation }) =>
    decision.tool === "message_operator" &&
    observation &&
    (observation.status === "ok" || observation.status === "unknown")
      ? [`${String(decision.args.subject)}\n${String(decision.args.body)}`]
      : [],
  );
}
