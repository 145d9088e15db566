/** The hosts that every town has. */
import { BREACH_HOST } from "./breach.ts";
import { GATEWAY_HOST } from "./gateway.ts";
import { SEARCH_HOST } from "./search.ts";

export const SERVICE_HOSTS: readonly string[] = [SEARCH_HOST, GATEWAY_HOST, BREACH_HOST];
