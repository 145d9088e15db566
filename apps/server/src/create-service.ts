/** Wires store, warden, minds, worlds and oversight into one service. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  createEmbedder,
  createMindPool,
  createWarden,
  embedOnce,
  type MindPool,
  type Network,
  pastView,
  type WardenOptions,
} from "@candor/agent";
import { narrow, resolvePermissions } from "@candor/oversight";
import { openStore } from "@candor/store";
import { AgentIdentity } from "./agent-identity/agent-identity.ts";
import { whois } from "./agent-identity/whois.ts";
import { sentMessages } from "./agent-identity/whois-message.ts";
import { Approvals } from "./approvals/approvals.ts";
import { keepSwept, sweep } from "./approvals/sweep.ts";
import { assemble, inferenceOptions } from "./assemble.ts";
import { Autonomy } from "./autonomy/autonomy.ts";
import { type Config, loadConfig } from "./config.ts";
import { RunCosts } from "./costs.ts";
import { erase } from "./erasing.ts";
import { Plans } from "./explain/plans.ts";
import { Whys } from "./explain/why.ts";
import { badInput } from "./failure.ts";
import { createJudging } from "./judgments/create-judging.ts";
import { Prior } from "./judgments/prior.ts";
import { memoriesBefore } from "./memories.ts";
import { OffSwitch } from "./off-switch/off-switch.ts";
import { type StopWord, stopTree } from "./off-switch/stop-tree.ts";
import { ownWords } from "./operator.ts";
import { createTracing } from "./otlp/exporter.ts";
import { PageMemories } from "./page-memories.ts";
import { Permissions } from "./permissions/permissions.ts";
import { createRemedies } from "./remedies.ts";
import { Results } from "./results.ts";
import { Runs } from "./runs.ts";
import { Schedules } from "./schedules.ts";
import type { Service } from "./service.ts";
import { SmallModels } from "./small-models.ts";
import { Starting } from "./starting/starting.ts";
import { Supervisor } from "./supervisor.ts";
import { Towns } from "./towns.ts";
import { VERSION } from "./version.ts";

export interface ServiceOptions {
  home: string;
  databaseUrl?: string | undefined;
  config?: Config;
  /** Replaces the web's network, for tests and benchmarks that serve a web of their own on loopback. */
  webNetwork?: Network;
  /** Mind processes at most. */
  minds?: 1 | 2 | 3 | 4;
  /** Replaces the mind processes, for benchmarks that bring minds of their own. */
  mindPool?: MindPool;
  /** How often it looks for questions whose time is over. */
  sweepMs?: number;
}

const SWEEP_MS = 30_000;

/** How long whoever stops waits, when they say nothing else, for logs that the database is slow to write. */
const RECORD_MS = 10_000;

export interface RunningService extends Service {
  isIdle(): boolean;
}

export async function createService(options: ServiceOptions): Promise<RunningService> {
  const { home } = options;
  const config = options.config ?? loadConfig(home);
  const store = await openStore({ home, databaseUrl: options.databaseUrl });
  const minds = options.mindPool ?? createMindPool({ size: options.minds ?? 2 });
  const towns = new Towns(home);
  const pages = new PageMemories(home);
  const smallModels = new SmallModels();
  const { log, runs: listed, engine } = store;
  const prior = new Prior(listed, log);
  const identity = new AgentIdentity({ home, config, log, towns });
  const embedder = config.embedding ? createEmbedder(config.embedding, inferenceOptions(config)) : undefined;
  const surroundings = {
    home,
    config,
    log,
    identity,
    towns,
    pages,
    smallModels,
    priorJudgments: prior.all,
    ...(options.webNetwork && { webNetwork: options.webNetwork }),
  };
  const wardenOptions: WardenOptions = {
    log,
    minds,
    assemble: async (run, started) => ({
      ...(await assemble(surroundings, run, started)),
      level: autonomy.levelOf(run, started.mind),
    }),
    pastMemories: async (run) => memoriesBefore(run, await listed.list({ limit: 200 }), (id) => log.read(id)),
    ...(embedder && { embed: embedOnce((texts, signal) => embedder.embed(texts, signal)) }),
    newRunId: () => listed.newRunId(),
    enqueue: (run) => engine.enqueue(run),
    stop: (run, reason) => cutOff(run, { reason, by: "warden" }),
    isStopped: (run) => offSwitch.isStopped(run),
    effective: (permissions, grants) => approvals.effective(permissions, grants),
    expireAfter: config.approvals.expireAfter,
    narrow: (parent, child) => narrow(resolvePermissions(parent), resolvePermissions(child)),
    workspaceOf: (run) => join(home, "workspaces", run),
    version: VERSION,
  };
  const warden = createWarden(wardenOptions);
  const supervisor = new Supervisor(warden, async (run, error) => {
    // The log could not be read or written: what else goes wrong is in the log.
    complain(`run ${run}`, error);
  });
  const runs = new Runs(store, () => minds.isolation);
  const offSwitch = new OffSwitch({ home, store, supervisor });
  /** An end that nobody has to resume from: of a child with its parent, of what is erased. */
  const cutOff = async (run: string, word: StopWord): Promise<void> => {
    supervisor.abortUnder(run);
    await stopTree(store, run, word);
  };
  const approvals: Approvals = new Approvals({
    store,
    warden,
    resolve: (run) => listed.resolve(run),
    maskFor: async (run) => ownWords(home, towns, (await runs.state(run)).started.world),
    refuse: () => offSwitch.refuse(),
    terminate: async (run, { reason, by }, answer) => {
      const { recorded } = await offSwitch.stopBy(run, reason, by, answer);
      await Promise.race([recorded, sleep(RECORD_MS, undefined, { ref: false })]);
    },
  });
  const results = new Results({
    store,
    towns,
    home,
    isWorking: (run) => supervisor.isWorking(run) || engine.working().includes(run),
    priorJudgments: prior.all,
    question: (state) => approvals.question(state),
  });
  const plans = new Plans((run) => results.source(run));
  const autonomy: Autonomy = new Autonomy(store, (run) => results.score(run));

  const starting = new Starting({
    home,
    config,
    store,
    minds,
    smallModels,
    towns,
    runs,
    offSwitch,
    approvals,
    autonomy,
  });
  const schedules = new Schedules(engine, log, starting);

  /** What a person says to a run, masked for it. */
  const maskedFor = async (run: string, text: string): Promise<string> => {
    const { started } = await runs.state(run);
    return text && (await ownWords(home, towns, started.world))(text);
  };

  const tracing = createTracing(log, process.env, (line) => process.stderr.write(`${line}\n`));
  const lookBack = (run: string, step: number) =>
    pastView(
      {
        ...wardenOptions,
        // Looking back calls no model and no outside tool.
        assemble: (id, started, then) =>
          assemble({ ...surroundings, config: { ...config, mcp: [] }, log: then }, id, {
            ...started,
            mind: { kind: "scout" },
          }),
      },
      run,
      step,
    );
  const whys = new Whys({ state: (run) => runs.state(run), pastView: lookBack });
  const judgments = createJudging({
    ledger: store.ledger,
    runs: listed,
    log,
    findings: (run) => results.findings(run),
    pastView: lookBack,
    mask: async (run) => ownWords(home, towns, run ? (await runs.state(run)).started.world : { kind: "web" }),
  });

  await offSwitch.watch();
  const period = async (run: string, signal: AbortSignal): Promise<void> => {
    await offSwitch.admit(run, (chain) => supervisor.work(chain, signal));
    tracing.rested(run);
  };
  await engine.start(period, {
    onDue: (due) => schedules.due(due),
    onError: (run, error) => complain(`run ${run}`, error),
  });

  const endSweeping = keepSwept(
    () => sweep(store, approvals.questions),
    options.sweepMs ?? SWEEP_MS,
    (error) => complain("questions", error),
  );

  await schedules.count();
  let closing: Promise<void> | undefined;
  return {
    home,
    start: (request) => starting.start(request),
    list: async () =>
      (await listed.list()).flatMap(({ run, started, status, startedAt, updatedAt, steps }) =>
        started ? [{ run, kind: started.kind, goal: started.goal, status, startedAt, lastAt: updatedAt, steps }] : [],
      ),
    show: (run) => results.view(run),
    resolve: (prefix) => listed.resolve(prefix),
    events: (run, after, most) => log.read(run, after, most),
    subscribe: (run, listener) => log.subscribe(run, listener),
    findings: (run) => results.findings(run),
    resume: async (run, by) => {
      await runs.resume(run, by, await offSwitch.releaser(run));
    },
    answer: (run, answer, by) => approvals.answer(run, answer, by),
    approvals,
    autonomy,
    permissions: new Permissions({ home, log, towns, priorJudgments: prior.all }),
    stop: async (target, reason, by, waitMs = RECORD_MS) => {
      const { cut, recorded } = offSwitch.stop(await offSwitch.resolve(target), reason, by);
      const stopped = await Promise.race([recorded, sleep(waitMs, undefined, { ref: false })]);
      return { stopped: stopped ?? cut, recorded: stopped !== undefined };
    },
    stops: () => offSwitch.latches.list(),
    say: async (run, text, by) => runs.say(run, await maskedFor(run, text), by),
    judge: async (run, finding, judgment, by) => {
      const known = await results.findings(run);
      // One that was judged away can be judged back.
      const before = (await log.read(run)).some(
        ({ event }) => event.type === "finding.judged" && event.finding === finding,
      );
      if (!before && !known.some(({ id }) => id === finding))
        throw badInput(`run ${run} has no finding ${finding}`, "candor report lists them with their ids.");
      await runs.judge(run, finding, judgment, by);
      prior.forget();
    },
    fork: (run, fork) => starting.fork(run, fork),
    verify: async (run) => store.verify(run),
    erase: async (run) => {
      await cutOff(run, { reason: "erased", by: "operator" });
      await erase(run, {
        home,
        store,
        runs,
        forget: (gone) => {
          results.forget(gone);
          plans.forget(gone);
          offSwitch.forget(gone);
          prior.forget();
          pages.clear();
        },
      });
    },
    score: (run) => results.score(run),
    summary: (run) => results.summary(run),
    journey: (run) => results.journey(run),
    plans,
    why: (run, step) => whys.why(run, step),
    judgments,
    tracing,
    costs: new RunCosts(store),
    agentIdentity: identity,
    whois: (asked) => whois(asked, { identity, sent: sentMessages({ runs: listed, log }) }),
    remedies: createRemedies(store.ledger),
    report: (run, format, since) => results.render(run, format, since),
    schedule: (id, everyMs, request) => schedules.add(id, everyMs, request),
    schedules: () => schedules.list(),
    unschedule: (id) => schedules.remove(id),
    isIdle: () => engine.working().length === 0 && !schedules.any,
    close: () => {
      closing ??= (async () => {
        offSwitch.end();
        await endSweeping();
        await supervisor.abortAll();
        await engine.stop();
        await tracing.close();
        await plans.close();
        await whys.close();
        await minds.close();
        await smallModels.close();
        await towns.close();
        await store.close();
      })();
      return closing;
    },
  };
}

/** On standard error, which goes to the server's log: one line. */
function complain(about: string, error: unknown): void {
  process.stderr.write(`${about}: ${error instanceof Error ? error.message : String(error)}\n`);
}
