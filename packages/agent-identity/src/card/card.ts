/** The agent card of A2A 1.0 at `/.well-known/agent-card.json`, signed as its section 8.4 has it: JWS over JCS (RFC 8785). */
import canonicalize from "canonicalize";
import { FlattenedSign, flattenedVerify } from "jose";
import { z } from "zod";
import type { PublicKey } from "../keys/public-key.ts";
import type { SigningKey } from "../keys/signing-key.ts";

export const CARD_PATH = "/.well-known/agent-card.json";

const Signature = z.object({
  protected: z.string().max(4_000),
  signature: z.string().max(4_000),
  header: z.record(z.string(), z.unknown()).optional(),
});

/** The parts that are read; whatever else is there is signed as well. */
export const AgentCard = z.looseObject({
  name: z.string().max(200),
  description: z.string().max(2_000),
  version: z.string().max(50),
  provider: z.object({ organization: z.string().max(200), url: z.string().max(2_000) }).optional(),
  supportedInterfaces: z
    .array(z.object({ url: z.string(), protocolBinding: z.string(), protocolVersion: z.string() }))
    .max(20),
  capabilities: z.record(z.string(), z.unknown()),
  defaultInputModes: z.array(z.string()),
  defaultOutputModes: z.array(z.string()),
  skills: z.array(
    z.looseObject({ id: z.string(), name: z.string(), description: z.string(), tags: z.array(z.string()) }),
  ),
  signatures: z.array(Signature).max(5).optional(),
});
export type AgentCard = z.infer<typeof AgentCard>;

/** @param jku where the key can be had; left out for a server that only this machine reaches */
export async function signCard(card: AgentCard, key: SigningKey, jku?: string): Promise<AgentCard> {
  const jws = await new FlattenedSign(payloadOf(card))
    .setProtectedHeader({ alg: "EdDSA", typ: "JOSE", kid: key.public.keyid, ...(jku && { jku }) })
    .sign(key.private);
  return { ...card, signatures: [{ protected: jws.protected ?? "", signature: jws.signature }] };
}

/** The thumbprint of the first of `keys` that signed the card as it is; undefined where none did. `jku` is never followed. */
export async function cardSigner(card: AgentCard, keys: readonly PublicKey[]): Promise<string | undefined> {
  const payload = Buffer.from(payloadOf(card)).toString("base64url");
  for (const { protected: head, signature } of card.signatures ?? []) {
    for (const key of keys) {
      try {
        await flattenedVerify({ protected: head, payload, signature }, key.key, { algorithms: ["EdDSA"] });
        return key.keyid;
      } catch {
        // Not this key's.
      }
    }
  }
  return undefined;
}

function payloadOf({ signatures: _, ...content }: AgentCard): Uint8Array {
  return new TextEncoder().encode(canonicalize(content) ?? "");
}
