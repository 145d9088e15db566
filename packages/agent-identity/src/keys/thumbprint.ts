/** JWK thumbprints (RFC 7638; RFC 8037, A.3): the name of a key, made of nothing but the key. */
import { createHash, type JsonWebKey } from "node:crypto";

const MEMBERS: Record<string, readonly (keyof JsonWebKey)[]> = {
  OKP: ["crv", "kty", "x"],
  EC: ["crv", "kty", "x", "y"],
  RSA: ["e", "kty", "n"],
};

/** SHA-256 of the required members in their order, base64url. */
export function thumbprint(jwk: JsonWebKey): string {
  const members = MEMBERS[jwk.kty ?? ""] ?? [];
  const required = Object.fromEntries(members.map((name) => [name, jwk[name]]));
  return createHash("sha256").update(JSON.stringify(required)).digest("base64url");
}

/** As a URI (RFC 9278). */
export const thumbprintUri = (keyid: string): string => `urn:ietf:params:oauth:jwk-thumbprint:sha-256:${keyid}`;
