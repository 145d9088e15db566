/** Whose agent answers at an address: its key directory, and its agent card where one of those keys signed it. */
import {
  AgentCard,
  CARD_PATH,
  cardSigner,
  type DirectoryKey,
  type FetchWellKnown,
  fetchWellKnown,
  Malformed,
  PROFILE,
  readDirectory,
} from "@candor/agent-identity";
import { badInput } from "../failure.ts";
import type { AgentIdentity } from "./agent-identity.ts";
import type { WhoisAnswer } from "./schemas.ts";

const TIMEOUT_MS = 10_000;

export async function whoisAddress(
  given: string,
  identity: AgentIdentity,
  fetch: FetchWellKnown = overWeb,
): Promise<WhoisAnswer> {
  const origin = originFrom(given);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  let response: Awaited<ReturnType<FetchWellKnown>>;
  try {
    response = await fetch(origin, PROFILE.directory.path, signal);
  } catch (error) {
    const why = error instanceof Malformed ? error.message : "it cannot be reached";
    return unknown(`${origin} shows no key directory of an agent: ${why}`);
  }
  let keys: DirectoryKey[];
  try {
    keys = readDirectory(response, Date.now());
  } catch (error) {
    return unknown(`${origin}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const bound = keys.filter((each) => each.bound).map(({ key }) => key);
  const [first] = bound;
  if (first === undefined) {
    const signed = response.fields.some(([name]) => name.toLowerCase() === "signature");
    return keys.length > 0 && signed
      ? {
          status: "wrong",
          answer: "signature wrong",
          what: "address",
          reason: "no key signed the directory for this address",
        }
      : unknown(`${origin} lists ${keys.length} keys, and none of them signed for this address`);
  }
  const card = await cardAt(origin, fetch, signal);
  const isSigned = card !== undefined && (await cardSigner(card, bound)) !== undefined;
  const own = identity.keys.request.public.keyid;
  const operator = bound.some(({ keyid }) => keyid === own)
    ? identity.operator
    : ((isSigned ? card.provider?.organization : undefined) ?? origin);
  return {
    status: "declared",
    answer: `declared agent of ${operator}`,
    what: "address",
    reason: isSigned ? "its keys signed the directory and the agent card" : "its keys signed the directory",
    operator,
    keyid: first.keyid,
    agent: origin,
  };
}

function originFrom(given: string): string {
  const url = URL.parse(/^https?:\/\//i.test(given) ? given : `https://${given}`);
  if (url === null)
    throw badInput(`${given.slice(0, 80)} is no address`, "Give the name of a site, e.g. agent.example.");
  return url.origin;
}

async function cardAt(origin: string, fetch: FetchWellKnown, signal: AbortSignal): Promise<AgentCard | undefined> {
  try {
    const { status, body } = await fetch(origin, CARD_PATH, signal);
    return status === 200 ? AgentCard.parse(JSON.parse(body)) : undefined;
  } catch {
    return undefined;
  }
}

/** The operator may ask their own machine, since nobody but them names the address here. */
const overWeb: FetchWellKnown = async (origin, path, signal) => {
  const url = new URL(path, origin);
  if (!["127.0.0.1", "localhost", "[::1]"].includes(url.hostname)) return fetchWellKnown(origin, path, signal);
  const response = await fetch(url, { signal, redirect: "manual" });
  return {
    status: response.status,
    fields: [...response.headers.entries()],
    body: (await response.text()).slice(0, 64 * 1024),
    request: { method: "GET", url: url.href, fields: [] },
  };
};

const unknown = (reason: string): WhoisAnswer => ({ status: "unknown", answer: "unknown", what: "address", reason });
