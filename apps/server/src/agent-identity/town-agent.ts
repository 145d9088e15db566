/** How this home's agent declares itself to towns. */
import type { TownAgent } from "@candor/town";
import { AgentKeys } from "./keys.ts";

/** The address it gives there; nothing is served at it. */
export const TOWN_AGENT = "https://agent.example";

export function townAgent(home: string): TownAgent {
  const keys = new AgentKeys(home);
  return { agent: TOWN_AGENT, keys: [keys.request.public.jwk], operatorKey: keys.operator.public.jwk };
}
