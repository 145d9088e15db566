/** Signs outgoing requests in the Web Bot Auth profile: each once, for a minute, for this method, site, path, query and body. */
import { randomBytes } from "node:crypto";
import type { SigningKey } from "../keys/signing-key.ts";
import { component } from "../messages/components.ts";
import { contentDigest } from "../messages/digest.ts";
import { signMessage } from "../messages/signature.ts";
import { agentComponent, agentFieldValue, PROFILE } from "./profile.ts";

export interface OutgoingRequest {
  method: string;
  /** Absolute. */
  url: string;
  body?: string | Uint8Array | undefined;
}

export interface RequestSignerOptions {
  key: SigningKey;
  /** Origin at which the key's directory is published. Without it only those who know the key can tell whose it is. */
  agent?: string;
  /** How long a signature holds, in seconds. Default 60. */
  lifetime?: number;
  /** Further fields that are sent and covered, names in lower case. */
  fields?: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  now?(): number;
}

const LABEL = "sig1";
const NONCE_BYTES = 16;

/** @returns the fields to add to the request */
export function signRequest(request: OutgoingRequest, options: RequestSignerOptions): Record<string, string> {
  const { key, agent, lifetime = 60, now = Date.now } = options;
  const created = Math.floor(now() / 1000);
  const added: Record<string, string> = {
    ...options.fields,
    ...(agent !== undefined && { [PROFILE.agentField]: agentFieldValue(LABEL, agent) }),
    ...(request.body !== undefined && request.body.length > 0 && { "content-digest": contentDigest(request.body) }),
  };
  const components = [
    ...["@method", "@authority", "@path", "@query"].map((name) => component(name)),
    ...Object.keys(added).map((name) => (name === PROFILE.agentField ? agentComponent(LABEL) : component(name))),
  ];
  const message = { method: request.method, url: request.url, fields: Object.entries(added) };
  const parameters = {
    created,
    expires: created + lifetime,
    nonce: randomBytes(NONCE_BYTES).toString("base64url"),
    keyid: key.public.keyid,
    alg: key.public.algorithm,
    tag: PROFILE.tag,
  };
  return { ...added, ...signMessage(message, { label: LABEL, components, parameters, key }) };
}
