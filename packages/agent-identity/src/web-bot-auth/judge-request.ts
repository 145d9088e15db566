/** Whether a request is that of a declared agent: the checks of RFC 9421, 3.2, and of the Web Bot Auth profile. */
import type { PublicKey } from "../keys/public-key.ts";
import { Malformed } from "../malformed.ts";
import { matchesDigest } from "../messages/digest.ts";
import { fieldOf, type RequestMessage } from "../messages/message.ts";
import { isBy, type ReadSignature, readSignatures } from "../messages/signature.ts";
import type { Nonces } from "./nonces.ts";
import { agentOf, bindsSite, PROFILE } from "./profile.ts";

export type Fault = "malformed" | "incomplete" | "expired" | "early" | "key" | "signature" | "body" | "replayed";

/**
 * `declared`: an agent signed this. `wrong`: a signature is there and does not hold. `unknown`: nothing can be said. None of
 * them means a person: who sends no signature has said nothing.
 */
export type Recognition =
  | {
      status: "declared";
      /** Who answers for the agent. */
      operator: string;
      keyid: string;
      /** Origin of the directory that the signature points to. */
      agent: string | undefined;
      /** Seconds since the epoch. */
      created: number;
      expires: number;
      /** Covered components by their names. */
      covers: string[];
      /** `unread`: the digest is signed, and the body was not at hand. */
      body: "covered" | "uncovered" | "unread" | "none";
    }
  | { status: "wrong"; fault: Fault; reason: string; keyid?: string; agent?: string }
  | { status: "unknown"; fault: "unsigned" | "unknown key" | "unreachable"; reason: string; keyid?: string };

export interface KnownKey {
  key: PublicKey;
  operator: string;
}

/** Whose key that is; always asked for the pair, since the same key may stand in several directories. */
export type KeyBook = (keyid: string, agent: string | undefined) => KnownKey | "unreachable" | undefined;

export interface JudgeOptions {
  keys: KeyBook;
  /** Milliseconds since the epoch. */
  now?: number;
  /** Without it repetitions are not seen. */
  nonces?: Nonces;
  /** Asks for more than the draft does: a nonce in each signature, and a digest with each body. */
  strict?: boolean;
  /** Longest life of a signature that is taken, in seconds. Default: the draft's day. */
  longestLife?: number;
}

export interface IncomingRequest extends RequestMessage {
  /** Absent where it was not read. */
  body?: string | Uint8Array;
}

/** Seconds that clocks may differ. */
const SKEW = 5;
/** A request with more signatures is not looked at further. */
const MOST_SIGNATURES = 3;

/** A signature that is complete and of this time; whether it is right is still open. */
export interface Candidate {
  read: ReadSignature;
  keyid: string;
  agent: string | undefined;
  created: number;
  expires: number;
}

type Wrong = Extract<Recognition, { status: "wrong" }>;

/** The signatures of agents on a request, each ready to be checked or wrong already. */
export function candidatesOf(
  request: RequestMessage,
  now: number,
  longestLife: number = PROFILE.longestLife,
): (Candidate | Wrong)[] {
  let read: ReadSignature[];
  try {
    read = readSignatures(request);
  } catch (error) {
    if (error instanceof Malformed) return [wrong("malformed", error.message)];
    throw error;
  }
  const agents = read.filter(({ parameters }) => parameters.tag === PROFILE.tag);
  return agents.slice(0, MOST_SIGNATURES).map((each) => candidate(request, each, now / 1000, longestLife));
}

function candidate(request: RequestMessage, read: ReadSignature, now: number, longestLife: number): Candidate | Wrong {
  const { created, expires, keyid } = read.parameters;
  if (created === undefined || expires === undefined || keyid === undefined)
    return wrong("incomplete", "the signature lacks created, expires or keyid");
  const about = { keyid };
  if (!bindsSite(read)) return wrong("incomplete", "the signature covers neither @authority nor @target-uri", about);
  if (expires <= created || expires - created > longestLife)
    return wrong("incomplete", "the signature's life is none, or too long", about);
  if (created > now + SKEW) return wrong("early", "the signature is of a time to come", about);
  if (expires < now - SKEW) return wrong("expired", "the signature has run out", about);
  return { read, keyid, agent: agentOf(request.fields, read), created, expires };
}

/** Judges a request against keys that are at hand. Of several signatures the best counts. */
export function judgeRequest(request: IncomingRequest, options: JudgeOptions): Recognition {
  const now = options.now ?? Date.now();
  const found = candidatesOf(request, now, options.longestLife);
  if (found.length === 0)
    return { status: "unknown", fault: "unsigned", reason: "the request carries no signature of an agent" };
  const judged = found.map((each) => ("read" in each ? judge(request, each, options, now / 1000) : each));
  const [first] = judged;
  const best = judged.find(({ status }) => status === "declared") ?? first;
  if (best === undefined) throw new Error("a request with candidates has a judgement");
  return best;
}

function judge(request: IncomingRequest, candidate: Candidate, options: JudgeOptions, now: number): Recognition {
  const { read, keyid, agent, created, expires } = candidate;
  const about = { keyid, ...(agent !== undefined && { agent }) };
  const known = options.keys(keyid, agent);
  if (known === "unreachable")
    return { status: "unknown", fault: "unreachable", reason: `the key directory of ${agent} gives no answer`, keyid };
  if (known === undefined) return { status: "unknown", fault: "unknown key", reason: "nobody's known key", keyid };
  const { key, operator } = known;
  if (key.keyid !== keyid) return wrong("key", "the key does not have the name that the signature gives", about);
  if ((key.notBefore ?? 0) > now || (key.expires ?? Number.POSITIVE_INFINITY) < now)
    return wrong("key", "the key is not valid now", about);
  try {
    if (!isBy(key, read)) return wrong("signature", "the signature is not that of this key over this request", about);
  } catch (error) {
    if (error instanceof Malformed) return wrong("signature", error.message, about);
    throw error;
  }
  const body = bodyOf(request, read);
  if (body === "changed") return wrong("body", "the body is not the one that was signed", about);
  if (options.strict && body === "uncovered") return wrong("body", "the signature does not cover the body", about);
  const { nonce } = read.parameters;
  if (options.strict && nonce === undefined) return wrong("incomplete", "the signature has no nonce", about);
  // Held for as long as the signature is taken, which is a little longer than it says.
  if (nonce !== undefined && options.nonces?.take(keyid, nonce, expires + SKEW, now) === false)
    return wrong("replayed", "this signature was used before", about);
  const covers = read.components.map(({ name }) => name);
  return { status: "declared", operator, keyid, agent, created, expires, covers, body };
}

function bodyOf(
  request: IncomingRequest,
  read: ReadSignature,
): "covered" | "uncovered" | "unread" | "none" | "changed" {
  const covered = read.components.some(({ name, parameters }) => name === "content-digest" && parameters.size === 0);
  const { body } = request;
  if (!covered) return body === undefined || body.length === 0 ? "none" : "uncovered";
  if (body === undefined) return "unread";
  return matchesDigest(fieldOf(request.fields, "content-digest") ?? "", body) ? "covered" : "changed";
}

const wrong = (fault: Fault, reason: string, about: { keyid?: string; agent?: string } = {}): Wrong => ({
  status: "wrong",
  fault,
  reason,
  ...about,
});
