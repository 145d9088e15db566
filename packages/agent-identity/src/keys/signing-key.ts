/** Ed25519 keys that sign (RFC 8032). All keys of one agent come from one secret, each for one purpose. */
import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign } from "node:crypto";
import { type PublicKey, readPublicKey } from "./public-key.ts";

export interface SigningKey {
  readonly public: PublicKey;
  readonly private: KeyObject;
  sign(text: string): Buffer;
}

/** The one DER prefix of every Ed25519 private key (RFC 8410, 7). */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** @param seed 32 bytes */
export function signingKey(seed: Uint8Array): SigningKey {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: "der", type: "pkcs8" });
  return {
    public: readPublicKey(createPublicKey(key).export({ format: "jwk" })),
    private: key,
    sign: (text) => sign(null, Buffer.from(text), key),
  };
}

/**
 * The key that `secret` holds for `purpose` (HKDF, RFC 5869): the same each time, and none tells another.
 *
 * @param secret 32 random bytes
 */
export const derivedKey = (secret: Uint8Array, purpose: string): SigningKey =>
  signingKey(new Uint8Array(hkdfSync("sha256", secret, "candor agent identity", purpose, 32)));
