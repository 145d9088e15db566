/** `candor whois`: whose agent sent a request, a message, or answers at an address. It never says that somebody is a person. */
import {
  type FetchWellKnown,
  isCode,
  isRequestText,
  Malformed,
  readDisclosure,
  readHeader,
  readRequest,
} from "@candor/agent-identity";
import { badInput } from "../failure.ts";
import type { AgentIdentity } from "./agent-identity.ts";
import type { WhoisAnswer, WhoisRequest } from "./schemas.ts";
import { whoisAddress } from "./whois-address.ts";
import { type SentMessages, whoisCode, whoisMessage } from "./whois-message.ts";
import { whoisRequest } from "./whois-request.ts";

export interface WhoisOptions {
  identity: AgentIdentity;
  sent: SentMessages;
  /** How well-known documents of others are fetched. */
  fetch?: FetchWellKnown;
}

const CHAIN = /^eyJ[\w-]+\.[\w-]+\.[\w-]+(?:~eyJ[\w-]+\.[\w-]+\.[\w-]+)*$/;
const ADDRESS = /^(?:https?:\/\/)?(?:(?:[a-z0-9-]+\.)+[a-z0-9-]+|localhost|\[::1\])(?::\d{1,5})?\/?$/i;

/** @throws Failure with exit code 2 for what cannot be read */
export async function whois(asked: WhoisRequest, options: WhoisOptions): Promise<WhoisAnswer> {
  const { identity, fetch } = options;
  try {
    if (asked.headers !== undefined || asked.url !== undefined)
      return await whoisRequest(parts(asked), identity, fetch);
    const text = asked.text ?? "";
    const trimmed = text.trim();
    if (trimmed === "")
      throw badInput(
        "there is nothing to look at",
        "Give a message, a code, an HTTP request in a file, or an address.",
      );
    if (isCode(trimmed)) return await whoisCode(trimmed, identity, options.sent);
    if (isRequestText(text)) return await whoisRequest(readRequest(text), identity, fetch);
    if (CHAIN.test(trimmed)) return await whoisDelegation(trimmed, identity);
    if (ADDRESS.test(trimmed)) return await whoisAddress(trimmed, identity, fetch);
    return whoisMessage(readDisclosure(text), identity);
  } catch (error) {
    if (error instanceof Malformed) throw badInput(error.message, error.hint);
    throw error;
  }
}

function parts({ method = "GET", url, headers = [], body }: WhoisRequest) {
  if (url === undefined) throw badInput("which address the request was for is not said", "Give it with --url.");
  if (!URL.canParse(url)) throw badInput(`${url.slice(0, 80)} is no URL`, "It begins with https://.");
  return { method, url, fields: headers.map(readHeader), ...(body !== undefined && { body }) };
}

async function whoisDelegation(chain: string, identity: AgentIdentity): Promise<WhoisAnswer> {
  const verdict = await identity.delegations.verify(chain);
  if (!verdict.ok) return { status: "wrong", answer: "signature wrong", what: "delegation", reason: verdict.reason };
  const { operator, runs, scopes } = verdict;
  return {
    status: "declared",
    answer: `declared agent of ${operator}`,
    what: "delegation",
    reason: `${operator} let ${runs.join(", and that one ")} act, within ${scopes.join(", ") || "nothing"}`,
    operator,
    keyid: verdict.operatorKey,
    runs,
    scopes,
  };
}
