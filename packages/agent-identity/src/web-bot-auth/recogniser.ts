/** Recognises agents that it has not met before: looks their keys up, then judges. */
import {
  type Candidate,
  candidatesOf,
  type IncomingRequest,
  judgeRequest,
  type KnownKey,
  type Recognition,
} from "./judge-request.ts";
import { Nonces } from "./nonces.ts";

export interface KeySource {
  /** @returns undefined where the agent has no such key, `unreachable` where that cannot be told */
  find(keyid: string, agent: string | undefined, signal?: AbortSignal): Promise<KnownKey | "unreachable" | undefined>;
}

export interface Recogniser {
  /** Never throws for what a request holds. */
  recognise(request: IncomingRequest): Promise<Recognition>;
}

export function createRecogniser(options: {
  keys: KeySource;
  nonces?: Nonces;
  strict?: boolean;
  now?(): number;
}): Recogniser {
  const { keys, nonces = new Nonces(), strict = false, now = Date.now } = options;
  return {
    async recognise(request) {
      const at = now();
      const found = new Map<string, KnownKey | "unreachable" | undefined>();
      for (const { keyid, agent } of candidatesOf(request, at).filter(isCandidate))
        found.set(nameOf(keyid, agent), await keys.find(keyid, agent));
      const known = (keyid: string, agent: string | undefined) => found.get(nameOf(keyid, agent));
      return judgeRequest(request, { keys: known, nonces, strict, now: at });
    },
  };
}

const isCandidate = (each: ReturnType<typeof candidatesOf>[number]): each is Candidate => "read" in each;
const nameOf = (keyid: string, agent = ""): string => `${keyid} ${agent}`;
