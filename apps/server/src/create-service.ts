/** Wires store, warden, minds, worlds and oversight into one service. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  createEmbedder,
  createInference,
  createMindPool,
  createWarden,
  embedOnce,
  forkRun,
  type MindPool,
  type Network,
  pastView,
  type WardenOptions,
} from "@candor/agent";
import { IdentityStore, isCurrent, type PriorJudgment, personalGoal } from "@candor/exposure";
import { isOwnTool, narrow, resolvePermissions } from "@candor/oversight";
import { Budget, type EventOf, openStore } from "@candor/store";
import { AgentIdentity } from "./agent-identity/agent-identity.ts";
import { whois } from "./agent-identity/whois.ts";
import { sentMessages } from "./agent-identity/whois-message.ts";
import { StartRun } from "./api/schemas.ts";
import { Approvals } from "./approvals/approvals.ts";
import { keepSwept, sweep } from "./approvals/sweep.ts";
import { assemble, inferenceOptions } from "./assemble.ts";
import { Autonomy } from "./autonomy/autonomy.ts";
import { type Config, loadConfig } from "./config.ts";
import { RunCosts } from "./costs.ts";
import { AUDIT_BUDGET, RUN_BUDGET, WANTED } from "./defaults.ts";
import { Plans } from "./explain/plans.ts";
import { badInput, toFailure } from "./failure.ts";
import { createJudging } from "./judgments/create-judging.ts";
import { judgmentsIn } from "./judgments/prior.ts";
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
import type { Service } from "./service.ts";
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
  const { log, runs: listed, engine } = store;
  let judged: Promise<PriorJudgment[]> | undefined;
  const priorJudgments = (): Promise<PriorJudgment[]> => {
    judged ??= listed.list().then(async (rows) => {
      const own = rows.filter((row) => !row.erased && row.started?.kind === "audit");
      return (await Promise.all(own.map(async ({ run }) => judgmentsIn(await log.read(run))))).flat();
    });
    return judged;
  };
  const identity = new AgentIdentity({ home, config, log, towns });
  const embedder = config.embedding
    ? createEmbedder(embeddingOf(config.embedding), inferenceOptions(config))
    : undefined;
  const surroundings = {
    home,
    config,
    log,
    identity,
    towns,
    pages,
    priorJudgments,
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
    process.stderr.write(`run ${run}: ${error instanceof Error ? error.message : String(error)}\n`);
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
  });
  const results = new Results({
    store,
    towns,
    home,
    isWorking: (run) => supervisor.isWorking(run) || engine.working().includes(run),
    priorJudgments,
    question: (state) => approvals.question(state),
  });
  const plans = new Plans((run) => results.source(run));
  const autonomy: Autonomy = new Autonomy(store, (run) => results.score(run));

  /** The first event of a run, after everything that would keep it from running at all. */
  const prepared = async (request: StartRun): Promise<EventOf<"run.started">> => {
    offSwitch.refuse();
    const first = firstEvent(request, minds.isolation);
    if (first.world.kind === "web") refuseMisuse(first.kind, first.goal, home);
    // A town that cannot be built is the asker's error, before there is a run.
    const masked = await ownWords(home, towns, first.world);
    const odd = first.tools?.find((tool) => !isOwnTool(tool) && !tool.startsWith("mcp_"));
    if (odd)
      throw badInput(
        `there is no tool ${odd}`,
        "Tools are search, open, remember, write_file and so on; those of MCP servers begin with mcp_.",
      );
    // So is a model that cannot be called: unknown, without its key, or without its server's address.
    if (first.mind.kind === "llm") createInference(first.mind, inferenceOptions(config));
    return {
      ...first,
      goal: masked(first.goal),
      permissions: await approvals.standing.addTo(first.permissions),
      ...(request.mode === "earned" && { mode: await autonomy.earned(first.mind) }),
    };
  };
  const begin = async (request: StartRun, run: string): Promise<void> => {
    const first = await prepared(request);
    await offSwitch.begin(run, () => log.append(run, 0, [first]));
    await engine.enqueue(run);
  };
  /** A run that is due and cannot begin, since a proof has lapsed for one, is a failed run: nobody is there to be told. */
  const beginDue = async (request: StartRun, run: string): Promise<void> => {
    try {
      await begin(request, run);
    } catch (error) {
      const { message, hint } = toFailure(error);
      const first = firstEvent({ ...request, goal: `The ${request.kind} that repeats by itself` }, minds.isolation);
      await log.append(run, 0, [first, { type: "run.failed", reason: hint ? `${message} (${hint})` : message }]);
    }
  };
  const erase = async (run: string): Promise<void> => {
    const { children } = await runs.state(run);
    for (const child of children.keys()) await erase(child).catch(() => {});
    await store.erase(run);
    results.forget(run);
    plans.forget(run);
    offSwitch.forget(run);
    pages.clear();
    // What was written out of the log goes with it.
    await rm(join(home, "workspaces", run), { recursive: true, force: true });
    for (const format of ["html", "json", "md"]) await rm(join(home, "reports", `${run}.${format}`), { force: true });
  };

  /** What a person says to a run, masked for it. */
  const maskedFor = async (run: string, text: string): Promise<string> => {
    const { started } = await runs.state(run);
    return text && (await ownWords(home, towns, started.world))(text);
  };

  const tracing = createTracing(log, process.env, (line) => process.stderr.write(`${line}\n`));
  const judgments = createJudging({
    ledger: store.ledger,
    runs: listed,
    log,
    findings: (run) => results.findings(run),
    pastView: (run, step) =>
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
      ),
    mask: async (run) => ownWords(home, towns, run ? (await runs.state(run)).started.world : { kind: "web" }),
  });

  await offSwitch.watch();
  const period = async (run: string, signal: AbortSignal): Promise<void> => {
    await offSwitch.admit(run, (chain) => supervisor.work(chain, signal));
    tracing.rested(run);
  };
  await engine.start(period, {
    onDue: async ({ run, payload }) => {
      if ((await log.read(run).catch(() => [])).length === 0) await beginDue(StartRun.parse(payload), run);
      else await engine.enqueue(run);
    },
    onError: (run, error) =>
      process.stderr.write(`run ${run}: ${error instanceof Error ? error.message : String(error)}\n`),
  });

  const endSweeping = keepSwept(
    () => sweep(store, approvals.questions),
    options.sweepMs ?? SWEEP_MS,
    (error) => process.stderr.write(`questions: ${error instanceof Error ? error.message : String(error)}\n`),
  );

  let scheduled = (await engine.schedules()).length;
  let closing: Promise<void> | undefined;
  return {
    start: async (request) => {
      const run = listed.newRunId();
      await begin(request, run);
      return { run };
    },
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
    permissions: new Permissions({ home, log, towns, priorJudgments }),
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
      judged = undefined;
    },
    fork: async (run, { step, mind, budget, permissions }) => {
      offSwitch.refuse();
      const { started } = await runs.state(run);
      if (started.world.kind === "web") refuseMisuse(started.kind, started.goal, home);
      if (mind?.kind === "llm") createInference(mind, inferenceOptions(config));
      const fork = listed.newRunId();
      await forkRun(log, run, step, fork, {
        version: VERSION,
        isolation: minds.isolation,
        ...(mind && { mind }),
        ...(budget && { budget }),
        ...(permissions !== undefined && { permissions: await approvals.standing.addTo(permissions) }),
      });
      await engine.enqueue(fork);
      return { run: fork };
    },
    verify: async (run) => store.verify(run),
    erase: async (run) => {
      await cutOff(run, { reason: "erased", by: "operator" });
      await erase(run);
    },
    score: (run) => results.score(run),
    summary: (run) => results.summary(run),
    journey: (run) => results.journey(run),
    plans,
    judgments,
    tracing,
    costs: new RunCosts(store),
    agentIdentity: identity,
    whois: (asked) => whois(asked, { identity, sent: sentMessages({ runs: listed, log }) }),
    remedies: createRemedies(store.ledger),
    report: (run, format, since) => results.render(run, format, since),
    schedule: async (id, everyMs, request) => {
      // What could not begin today is told today.
      await prepared(request);
      await engine.schedule(id, everyMs, StartRun.parse(request));
      scheduled = (await engine.schedules()).length;
    },
    schedules: async () => (await engine.schedules()).map(({ id, everyMs, nextAt }) => ({ id, everyMs, nextAt })),
    unschedule: async (id) => {
      if (!(await engine.unschedule(id))) throw badInput(`there is no schedule ${id}`);
      scheduled = (await engine.schedules()).length;
    },
    // Somebody has to be there when a scheduled audit is due.
    isIdle: () => engine.working().length === 0 && scheduled === 0,
    close: () => {
      closing ??= (async () => {
        offSwitch.end();
        await endSweeping();
        await supervisor.abortAll();
        await engine.stop();
        await tracing.close();
        await plans.close();
        await minds.close();
        await towns.close();
        await store.close();
      })();
      return closing;
    },
  };
}

const embeddingOf = ({ model, baseUrl }: NonNullable<Config["embedding"]>) => ({ model, ...(baseUrl && { baseUrl }) });

function firstEvent(given: StartRun, isolation: string): EventOf<"run.started"> {
  const request = StartRun.parse(given);
  const { kind, world, mind, mode, climbs, tools, seed, since, expireAfter } = request;
  const goal =
    request.goal ??
    (kind === "audit"
      ? "Find out what the web shows about me, text it to me, and tell me how to remove it."
      : undefined);
  if (!goal) throw badInput("a run needs a goal");
  return {
    type: "run.started",
    kind,
    goal,
    wanted: kind === "audit" ? WANTED : [],
    seed,
    world,
    mind,
    budget: Budget.parse({ ...(kind === "audit" ? AUDIT_BUDGET : RUN_BUDGET), ...request.budget }),
    permissions: resolvePermissions(request.permissions),
    // What is earned is looked up when the run begins.
    mode: mode === "earned" ? "propose" : mode,
    ...(climbs && { climbs }),
    ...(tools && { tools }),
    isolation,
    ...(since && { since }),
    ...(expireAfter && { expireAfter }),
    version: VERSION,
  };
}

/** On the web nothing identity-linked begins before an account is proven, and nothing at all about somebody else. */
function refuseMisuse(kind: "audit" | "run", goal: string, home: string): void {
  const identity = new IdentityStore(home);
  const record = identity.exists() ? identity.load() : undefined;
  const proven = record?.proofs.some((proof) => isCurrent(proof, Date.now())) ?? false;
  const about =
    kind === "audit" ? "operator" : personalGoal(goal, record?.seeds ?? { names: [], usernames: [], sites: [] }).about;
  if (about === "other")
    throw badInput("Candor looks for nobody but its operator, and this goal is about somebody else");
  if (about === "operator" && !proven) {
    throw badInput(
      "none of your accounts is proven to be yours yet",
      record
        ? "candor me prove"
        : "candor me set, then candor me prove. Or try the simulated web: candor audit --world town",
    );
  }
}
