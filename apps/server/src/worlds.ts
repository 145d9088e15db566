/** The two worlds: the simulated town, and the web. The same tools work in both. */
import type { Network } from "@candor/agent";
import type { TownWorker } from "@candor/town";
import { userAgent } from "./agent-identity/user-agent.ts";
import type { Config } from "./config.ts";

const MAX_BYTES = 5 * 1024 * 1024;

/** Names of the town's hosts lead to its one port; every other name does not exist. */
export function townNetwork(town: Pick<TownWorker, "port" | "hosts">, config: Pick<Config, "agent">): Network {
  const hosts = new Set(town.hosts);
  return {
    resolve: async (host) => (hosts.has(host) ? ["127.0.0.1"] : []),
    loopbackPort: town.port,
    userAgent: userAgent(config),
    politenessMs: 0,
    timeoutMs: 3_000,
    maxBytes: MAX_BYTES,
  };
}

export const webNetwork = (config: Pick<Config, "agent">): Network => ({
  userAgent: userAgent(config),
  politenessMs: 1_000,
  timeoutMs: 20_000,
  maxBytes: MAX_BYTES,
});

export const TOWN_SEARCH = "http://search.example";
export const TOWN_GATEWAY = "http://gateway.example";
export const TOWN_BREACHES = "http://breach.example/range";
