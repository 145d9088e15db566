/** Puts a run together: its world, its operator, and the guard, masker and analyst that stand between them. */
import { resolveTxt } from "node:dns/promises";
import { readFileSync } from "node:fs";
import {
  brave,
  connectMcp,
  createFetcher,
  createInference,
  type Fetcher,
  localService,
  type McpConnection,
  type Network,
  type Parts,
  parseSites,
  type SearchEngine,
  searxng,
  type Tool,
  tavily,
  UsernameChecker,
  webTools,
} from "@candor/agent";
import { PRICES } from "@candor/agent/settings";
import {
  breachTool,
  createAnalyst,
  createCourier,
  createMasker,
  type ExposureAnalyst,
  messageTool,
  noteFindingTool,
  type PriorJudgment,
  provenIn,
  proveTool,
  type Transport,
  twilio,
} from "@candor/exposure";
import { createGuard, createTracer, sealedValuesStay } from "@candor/oversight";
import type { EventLog, EventOf, WorldConfig } from "@candor/store";
import { txtRecords } from "@candor/town";
import type { AgentIdentity } from "./agent-identity/agent-identity.ts";
import type { Config } from "./config.ts";
import { badInput } from "./failure.ts";
import { nobody, type Operator, operatorOf, persona } from "./operator.ts";
import type { PageMemories } from "./page-memories.ts";
import type { SmallModels } from "./small-models.ts";
import type { Towns } from "./towns.ts";
import { watchers } from "./traces/watchers.ts";
import { webTransports } from "./transports.ts";
import { Trust } from "./trust.ts";
import { TOWN_BREACHES, TOWN_GATEWAY, TOWN_SEARCH, townNetwork, webNetwork } from "./worlds.ts";

export interface AssembleOptions {
  home: string;
  config: Config;
  log: EventLog;
  identity: AgentIdentity;
  towns: Towns;
  pages: PageMemories;
  smallModels: SmallModels;
  priorJudgments(): Promise<PriorJudgment[]>;
  /** Replaces the web's network, for tests and benchmarks that serve a web of their own on loopback. */
  webNetwork?: Network;
}

/** What stands behind a run's ports, for whoever reports on it. */
export interface Assembled extends Parts {
  analyst: ExposureAnalyst;
  operator: Operator;
}

interface Surroundings {
  network: Network;
  operator: Operator;
  transports: Transport[];
  search(fetcher: Fetcher): SearchEngine | null;
  sites: unknown;
  breachRangeUrl: string | null;
  resolveTxt(name: string): Promise<string[]>;
  release(): void;
}

export async function assemble(
  options: AssembleOptions,
  run: string,
  started: EventOf<"run.started">,
): Promise<Assembled> {
  const sign = options.identity.signer(run, started.world.kind);
  const surroundings =
    started.world.kind === "town" ? await inTown(options, started.world, sign) : onWeb(options, sign);
  const fetcher = createFetcher(surroundings.network);
  const connections: McpConnection[] = [];
  const close = async () => {
    await Promise.allSettled([fetcher.close(), ...connections.map((connection) => connection.close())]);
    surroundings.release();
  };
  try {
    return { ...(await build(options, run, started, { ...surroundings, fetcher, connections })), close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Site extends Surroundings {
  fetcher: Fetcher;
  /** Filled as servers answer, so that whatever was opened can be closed. */
  connections: McpConnection[];
}

async function build(
  options: AssembleOptions,
  run: string,
  started: EventOf<"run.started">,
  surroundings: Site,
): Promise<Assembled> {
  const { fetcher, connections, operator } = surroundings;
  const { vault } = operator;
  // Names of others stay readable only where everybody is invented.
  const masker = createMasker(vault, { names: started.world.kind === "web" });
  // A run may ask about persons of public life by their names.
  const values = createMasker(vault, { names: false });
  const trust = new Trust(operator, started.world.kind, provenIn(await options.log.read(run)));
  const analyst = createAnalyst(operator.seeds, {
    proven: trust.pages,
    priorJudgments: await options.priorJudgments(),
  });
  const courier = createCourier({
    vault,
    masker,
    transports: surroundings.transports,
    disclose: options.identity.disclosure(await options.identity.operatorIn(started.world)),
  });
  const engine = surroundings.search(fetcher);
  const sites = parseSites(surroundings.sites).sites;
  const tools: Tool[] = webTools({
    fetcher,
    masker,
    analyst,
    search: engine,
    usernames: sites.length > 0 ? new UsernameChecker(sites, fetcher) : null,
    pages: options.pages.of(started.world),
    seed: started.seed,
  });
  if (operator.sites.length > 0) {
    tools.push(
      proveTool({
        sites: operator.sites,
        token: operator.token,
        fetcher,
        resolveTxt: surroundings.resolveTxt,
        ...(started.world.kind === "town" && { bareToken: true }),
        masker,
        seedsFrom: (proofs, documents) => trust.prove(proofs, documents),
      }),
    );
  }
  if (surroundings.breachRangeUrl && vault.counts["e-mail"] > 0)
    tools.push(breachTool(vault, fetcher, surroundings.breachRangeUrl));
  tools.push(messageTool(courier));
  if (started.kind === "audit") tools.push(noteFindingTool());
  const reached = await Promise.allSettled(
    options.config.mcp.map(async (server) => connections.push(await connectMcp(server, masker))),
  );
  const unreached = reached.find((each) => each.status === "rejected");
  if (unreached) throw unreached.reason;
  tools.push(...connections.flatMap((connection) => connection.tools));
  const { mind } = started;
  const inference = mind.kind === "llm" ? createInference(mind, inferenceOptions(options.config)) : null;
  const infer: Parts["infer"] =
    mind.kind === "small"
      ? async (request, signal) => (await options.smallModels.of(mind.model)).infer(request, signal)
      : inference && ((request, signal) => inference.infer(request, signal));
  return {
    world: {
      kind: started.world.kind,
      network: surroundings.network,
      search: engine,
      sites: surroundings.sites,
      breachRangeUrl: surroundings.breachRangeUrl,
    },
    tools,
    guard: createGuard({
      invariants: [(request) => trust.judge(request), sealedValuesStay((text) => values.text(text).counts)],
    }),
    tracer: createTracer(),
    monitors: watchers(options.config, inferenceOptions(options.config)),
    masker,
    analyst: { ...analyst, findings: (events) => trust.confirm(analyst.findings(events)) },
    courier,
    operator,
    seeds: () => trust.seeds,
    infer,
    ...(mind.judgedBy && { stepJudge: await options.smallModels.judge(mind.judgedBy, mind.bestOf) }),
    ...(inference && { estimate: (request) => inference.estimate(request) }),
  };
}

async function inTown(
  { towns, config }: AssembleOptions,
  world: Extract<WorldConfig, { kind: "town" }>,
  sign: NonNullable<Network["sign"]>,
): Promise<Surroundings> {
  const { town, release } = await towns.use(world);
  const gateway = twilio({
    accountSid: "ACtown",
    authToken: "town",
    from: "+15005550006",
    baseUrl: TOWN_GATEWAY,
    connect: { host: "127.0.0.1", port: town.port },
    sign,
  });
  return {
    network: { ...townNetwork(town, config), sign },
    operator: persona(town),
    transports: [gateway],
    search: (fetcher) => searxng(TOWN_SEARCH, fetcher),
    sites: town.truth.sites,
    breachRangeUrl: TOWN_BREACHES,
    resolveTxt: async (name) => txtRecords(town.truth, name),
    release,
  };
}

function onWeb(
  { home, config, webNetwork: network }: AssembleOptions,
  sign: NonNullable<Network["sign"]>,
): Surroundings {
  const { search } = config;
  const own = { ...(network ?? webNetwork(config)), sign };
  const local = search?.engine === "searxng" ? localService(search.url, own) : undefined;
  const localFetcher = local && createFetcher(local.network);
  return {
    network: own,
    operator: operatorOf(home) ?? nobody(),
    transports: webTransports(home, config, sign),
    search: (fetcher) => {
      if (!search) return null;
      if (search.engine === "searxng") return searxng(local?.url ?? search.url, localFetcher ?? fetcher);
      return search.engine === "brave" ? brave(search.key, fetcher) : tavily(search.key, fetcher);
    },
    sites: config.sites ? readSites(config.sites) : [],
    breachRangeUrl: config.breachRangeUrl ?? null,
    resolveTxt: async (name) => (await resolveTxt(name)).map((parts) => parts.join("")),
    release: () => void localFetcher?.close(),
  };
}

function readSites(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw badInput(
      `the site list ${path} cannot be read as JSON`,
      "Give sites in config.json the path of a WhatsMyName file.",
    );
  }
}

/** Keys and prices for calls to language models. */
export const inferenceOptions = (config: Config) => ({
  keys: { anthropic: config.keys.anthropic, openai: config.keys["openai-compatible"] },
  priceTable: { ...PRICES, ...config.prices },
});
