/** Who asks: whether a request is signed by an agent that the town knows, for its operator, and never seen before. */
import {
  judgeRequest,
  type KnownKey,
  Nonces,
  type PublicKey,
  type Recognition,
  type RequestMessage,
  readPublicKey,
  verifyDelegation,
} from "@candor/agent-identity";
import { z } from "zod";

/** An agent that declared itself to the town. */
export interface TownAgent {
  /** Origin of its key directory, as its requests give it in `Signature-Agent`. */
  agent: string;
  /** JSON Web Keys that sign its requests. */
  keys: readonly unknown[];
  /** The operator's key, with which each `Agent-Delegation` begins. */
  operatorKey?: unknown;
}

/**
 * `wrong`: there is a signature, and it does not hold, or the delegation under it does not. `unknown`: of an agent that did
 * not declare itself.
 */
export const Identity = z.enum(["declared", "unsigned", "wrong", "replayed", "unknown"]);
export type Identity = z.infer<typeof Identity>;

export interface Visitor {
  identity: Identity;
  /** Why it is not declared. */
  why?: string;
  /** The chain of runs on whose behalf it comes, where it says so. */
  runs?: string[];
}

export interface Visitors {
  /** @param body of the request, empty for none */
  judge(request: RequestMessage, body: string): Promise<Visitor>;
}

const DELEGATION = "agent-delegation";
const MOST_CHAINS = 200;

/** @throws Malformed when a key is none */
export function visitors(agents: readonly TownAgent[], operators: readonly string[]): Visitors {
  const known = new Map<string, KnownKey & { operatorKey?: PublicKey }>();
  for (const { agent, keys, operatorKey } of agents) {
    const operator = operatorKey === undefined ? {} : { operatorKey: readPublicKey(operatorKey) };
    for (const jwk of keys) {
      const key = readPublicKey(jwk);
      known.set(`${key.keyid} ${agent}`, { key, operator: operators[0] ?? "", ...operator });
    }
  }
  const nonces = new Nonces();
  /** Chains that were found right, until they run out, in seconds: a run shows the same one many times. */
  const right = new Map<string, { runs: string[]; expires: number }>();

  const runsOf = async (chain: string, operator: PublicKey): Promise<{ runs: string[] } | { why: string }> => {
    const now = Date.now();
    const before = right.get(chain);
    if (before && before.expires * 1000 > now) return before;
    const verdict = await verifyDelegation(chain, { operator, now });
    if (!verdict.ok) return { why: verdict.reason };
    if (!operators.includes(verdict.operator)) return { why: "the delegation is for somebody else" };
    if (right.size >= MOST_CHAINS) right.clear();
    right.set(chain, verdict);
    return verdict;
  };

  return {
    async judge(request, body) {
      const recognition = judgeRequest(
        { ...request, body },
        { keys: (keyid, agent) => known.get(`${keyid} ${agent}`), nonces, strict: true },
      );
      if (recognition.status !== "declared") return undeclared(recognition);
      const chain = request.fields.find(([name]) => name.toLowerCase() === DELEGATION)?.[1];
      if (chain === undefined) return { identity: "declared" };
      const operatorKey = known.get(`${recognition.keyid} ${recognition.agent}`)?.operatorKey;
      if (!recognition.covers.includes(DELEGATION)) return wrong("the delegation is not signed with the request");
      if (operatorKey === undefined) return wrong("the agent gave no key of its operator");
      const delegated = await runsOf(chain, operatorKey);
      return "why" in delegated ? wrong(delegated.why) : { identity: "declared", runs: delegated.runs };
    },
  };
}

const wrong = (why: string): Visitor => ({ identity: "wrong", why });

function undeclared(recognition: Exclude<Recognition, { status: "declared" }>): Visitor {
  const { fault, reason: why } = recognition;
  if (fault === "unsigned") return { identity: "unsigned" };
  if (fault === "replayed") return { identity: "replayed", why };
  return { identity: recognition.status, why };
}
