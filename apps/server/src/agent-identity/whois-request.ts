/** Whose agent sent a request. */
import {
  createRecogniser,
  directoryKeys,
  type FetchWellKnown,
  type IncomingRequest,
  type KeySource,
  Malformed,
  type Recognition,
} from "@candor/agent-identity";
import type { AgentIdentity } from "./agent-identity.ts";
import type { WhoisAnswer } from "./schemas.ts";
import { TOWN_AGENT } from "./town-agent.ts";

/** @throws Malformed for a signature that cannot be read */
export async function whoisRequest(
  request: IncomingRequest,
  identity: AgentIdentity,
  fetch?: FetchWellKnown,
): Promise<WhoisAnswer> {
  const keys = keySource(identity, fetch);
  const recognition = await createRecogniser({ keys }).recognise(request);
  if (recognition.status === "wrong" && recognition.fault === "malformed")
    throw new Malformed(recognition.reason, "Give the request as it was sent, with Signature and Signature-Input.");
  if (recognition.status !== "wrong" || recognition.fault !== "expired") return asAnswer(recognition, true);
  // Whoever looks at a request does so later than the site that got it: it was an agent's when it was signed.
  const at = createdOf(request);
  const then =
    at === undefined ? recognition : await createRecogniser({ keys, now: () => at * 1000 }).recognise(request);
  return asAnswer(then.status === "declared" ? then : recognition, false);
}

/** This home's own key, and those that directories on the web list. */
function keySource(identity: AgentIdentity, fetch?: FetchWellKnown): KeySource {
  const others = directoryKeys(fetch ? { fetch } : {});
  const { keyid, url, operator } = identity.view();
  return {
    find: async (asked, agent) =>
      asked === keyid && (agent === undefined || agent === url || agent === TOWN_AGENT)
        ? { key: identity.keys.request.public, operator: agent === TOWN_AGENT ? "a town's persona" : operator }
        : others.find(asked, agent),
  };
}

const createdOf = ({ fields }: IncomingRequest): number | undefined => {
  const input = fields.find(([name]) => name.toLowerCase() === "signature-input")?.[1];
  const created = /;\s*created=(\d{1,12})/.exec(input ?? "")?.[1];
  return created === undefined ? undefined : Number(created);
};

function asAnswer(recognition: Recognition, fresh: boolean): WhoisAnswer {
  if (recognition.status === "unknown")
    return { status: "unknown", answer: "unknown", what: "request", reason: recognition.reason };
  if (recognition.status === "wrong") {
    const { reason, keyid, agent } = recognition;
    const about = { ...(keyid && { keyid }), ...(agent && { agent }) };
    return { status: "wrong", answer: "signature wrong", what: "request", reason, ...about };
  }
  const { operator, keyid, agent, created, body, covers } = recognition;
  const covered = covers.join(", ");
  const bare = body === "uncovered" ? "; the body is not covered" : "";
  return {
    status: "declared",
    answer: `declared agent of ${operator}`,
    what: "request",
    reason: fresh
      ? `its signature covers ${covered}${bare}`
      : `it was signed then, and the signature has run out since: the same request may have been sent again${bare}`,
    operator,
    keyid,
    ...(agent && { agent }),
    signedAt: created,
    fresh,
  };
}
