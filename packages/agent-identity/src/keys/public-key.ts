/** Public keys as directories hold them (RFC 7517), and the signature algorithms of RFC 9421 that go with each. */
import { constants, createPublicKey, type JsonWebKey, type KeyObject, verify } from "node:crypto";
import { z } from "zod";
import { Malformed } from "../malformed.ts";
import { thumbprint } from "./thumbprint.ts";

export type Algorithm = "ed25519" | "ecdsa-p256-sha256" | "ecdsa-p384-sha384" | "rsa-pss-sha512";

export interface PublicKey {
  /** The thumbprint. */
  keyid: string;
  algorithm: Algorithm;
  /** Public members only. */
  jwk: Jwk;
  key: KeyObject;
  /** Seconds since the epoch. */
  notBefore?: number;
  expires?: number;
  verify(text: string, signature: Uint8Array): boolean;
}

const base64url = z.string().regex(/^[\w-]{1,1500}$/);

/** Private members are not read, so that none is passed on. */
export const Jwk = z
  .object({
    kty: z.enum(["OKP", "EC", "RSA"]),
    crv: z.enum(["Ed25519", "P-256", "P-384"]).optional(),
    x: base64url.optional(),
    y: base64url.optional(),
    n: base64url.optional(),
    e: base64url.optional(),
    kid: z.string().max(200).optional(),
    use: z.string().max(20).optional(),
    nbf: z.number().optional(),
    exp: z.number().optional(),
  })
  .transform((jwk) => Object.fromEntries(Object.entries(jwk).filter(([, value]) => value !== undefined)) as typeof jwk);
export type Jwk = z.infer<typeof Jwk>;

const LEAST_RSA_BITS = 2048;

/** @throws Malformed when it is no public key of a kind that signs */
export function readPublicKey(given: unknown): PublicKey {
  const parsed = Jwk.safeParse(given);
  if (!parsed.success) throw new Malformed("a key is no JSON Web Key that signs", "Ed25519, P-256, P-384 or RSA.");
  const jwk = parsed.data;
  let key: KeyObject;
  try {
    key = createPublicKey({ key: jwk as JsonWebKey, format: "jwk" });
  } catch {
    throw new Malformed("a key's numbers are no public key");
  }
  const algorithm = algorithmOf(jwk);
  if (algorithm === "rsa-pss-sha512" && (key.asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_RSA_BITS)
    throw new Malformed(`an RSA key has fewer than ${LEAST_RSA_BITS} bits`);
  return {
    keyid: thumbprint(jwk as JsonWebKey),
    algorithm,
    jwk,
    key,
    // Directories exist whose times are milliseconds.
    ...(jwk.nbf !== undefined && { notBefore: seconds(jwk.nbf) }),
    ...(jwk.exp !== undefined && { expires: seconds(jwk.exp) }),
    verify: (text, signature) => CHECKS[algorithm](key, Buffer.from(text), signature),
  };
}

const seconds = (time: number): number => (time > 1e11 ? Math.floor(time / 1000) : time);

function algorithmOf({ kty, crv }: Jwk): Algorithm {
  if (kty === "RSA") return "rsa-pss-sha512";
  if (kty === "OKP" && crv === "Ed25519") return "ed25519";
  if (kty === "EC" && crv === "P-256") return "ecdsa-p256-sha256";
  if (kty === "EC" && crv === "P-384") return "ecdsa-p384-sha384";
  throw new Malformed(`there is no signature algorithm for a key ${kty} ${crv ?? ""}`);
}

/** RFC 9421, 3.3. */
const CHECKS: Record<Algorithm, (key: KeyObject, data: Buffer, signature: Uint8Array) => boolean> = {
  ed25519: (key, data, signature) => verify(null, data, key, signature),
  "ecdsa-p256-sha256": (key, data, signature) => verify("sha256", data, { key, dsaEncoding: "ieee-p1363" }, signature),
  "ecdsa-p384-sha384": (key, data, signature) => verify("sha384", data, { key, dsaEncoding: "ieee-p1363" }, signature),
  "rsa-pss-sha512": (key, data, signature) =>
    verify("sha512", data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 }, signature),
};
