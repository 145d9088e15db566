/** Content-Digest (RFC 9530): what binds a body to the fields that a signature covers. */
import { createHash } from "node:crypto";
import { parseDictionary, serializeDictionary } from "structured-headers";

/** The strong ones; md5, sha and the checksums of the registry prove nothing. */
const ALGORITHMS: Record<string, string> = { "sha-256": "sha256", "sha-512": "sha512" };

/** The field's value for `body`. */
export const contentDigest = (body: string | Uint8Array, algorithm: "sha-256" | "sha-512" = "sha-256"): string =>
  serializeDictionary({ [algorithm]: [new Uint8Array(hash(algorithm, body)), new Map()] });

/** Whether every strong digest in `value` is that of `body`, and there is one at least. */
export function matchesDigest(value: string, body: string | Uint8Array): boolean {
  try {
    const strong = [...parseDictionary(value)].filter(([algorithm]) => algorithm in ALGORITHMS);
    return (
      strong.length > 0 &&
      strong.every(([algorithm, [given]]) => given instanceof ArrayBuffer && hash(algorithm, body).equals(bytes(given)))
    );
  } catch {
    return false;
  }
}

const bytes = (buffer: ArrayBuffer): Buffer => Buffer.from(buffer);
const hash = (algorithm: string, body: string | Uint8Array): Buffer =>
  createHash(ALGORITHMS[algorithm] ?? algorithm)
    .update(body)
    .digest();
