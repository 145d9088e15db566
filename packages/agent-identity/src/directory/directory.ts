/** Key directories: publishing them, signed by each of their keys, and reading those of others. */
import { z } from "zod";
import { type PublicKey, readPublicKey } from "../keys/public-key.ts";
import type { SigningKey } from "../keys/signing-key.ts";
import { Malformed } from "../malformed.ts";
import { component } from "../messages/components.ts";
import { contentDigest, matchesDigest } from "../messages/digest.ts";
import { fieldOf, type RequestMessage, type ResponseMessage } from "../messages/message.ts";
import { isBy, readSignatures, signMessage } from "../messages/signature.ts";
import { PROFILE, TEST_KEYS } from "../web-bot-auth/profile.ts";

const HOUR = 3_600;
const SKEW = 5;
/** More are not looked through. */
const MOST_KEYS = 20;

/**
 * The answer to a request for the directory. Each key signs it, for the authority that was asked: it cannot be served under
 * another name.
 *
 * @param now milliseconds since the epoch
 */
export function directoryResponse(
  request: RequestMessage,
  keys: readonly SigningKey[],
  now: number,
): { status: 200; headers: Record<string, string>; body: string } {
  const body = JSON.stringify({
    keys: keys.map(({ public: { jwk, keyid } }) => ({ ...jwk, kid: keyid, use: "sig" })),
  });
  const digest = contentDigest(body);
  const message = { status: 200, fields: [["content-digest", digest] as const], request };
  const created = Math.floor(now / 1000);
  const signed = keys.map((key, index) =>
    signMessage(message, {
      label: `binding${index}`,
      components: [component("@authority", { req: true }), component("content-digest")],
      parameters: {
        created,
        expires: created + HOUR,
        keyid: key.public.keyid,
        alg: key.public.algorithm,
        tag: PROFILE.directory.tag,
      },
      key,
    }),
  );
  return {
    status: 200,
    body,
    headers: {
      "content-type": PROFILE.directory.mediaType,
      "cache-control": "max-age=300",
      "content-digest": digest,
      "signature-input": signed.map((each) => each["signature-input"]).join(", "),
      signature: signed.map((each) => each.signature).join(", "),
    },
  };
}

export interface DirectoryKey {
  key: PublicKey;
  /** The key signed this very answer for this very site: its owner put it here. */
  bound: boolean;
}

const Directory = z.object({ keys: z.array(z.unknown()) });

/**
 * The keys of a directory. Entries that are no signing keys are left out, as are those whose `kid` is not their thumbprint and
 * the keys of the RFC's examples, which everybody has.
 *
 * @param now milliseconds since the epoch
 * @throws Malformed when it is no directory
 */
export function readDirectory(response: ResponseMessage & { body: string }, now: number): DirectoryKey[] {
  if (response.status !== 200) throw new Malformed(`the directory answers HTTP ${response.status}`);
  const type = fieldOf(response.fields, "content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== PROFILE.directory.mediaType)
    throw new Malformed(`what is there is ${type ?? "nothing"}, no key directory`);
  const parsed = Directory.safeParse(json(response.body));
  if (!parsed.success) throw new Malformed("the key directory is no JSON Web Key Set");
  if (parsed.data.keys.length > MOST_KEYS) throw new Malformed(`the key directory holds more than ${MOST_KEYS} keys`);
  const keys = parsed.data.keys.flatMap((jwk) => {
    try {
      return [readPublicKey(jwk)];
    } catch {
      return [];
    }
  });
  return keys
    .filter(({ keyid, jwk }) => (jwk.kid === undefined || jwk.kid === keyid) && !TEST_KEYS.has(keyid))
    .map((key) => ({ key, bound: isBound(response, key, now / 1000) }));
}

function isBound(response: ResponseMessage & { body: string }, key: PublicKey, now: number): boolean {
  if (!matchesDigest(fieldOf(response.fields, "content-digest") ?? "", response.body)) return false;
  try {
    return readSignatures(response).some((read) => {
      const { tag, keyid, created, expires } = read.parameters;
      const covers = (name: string, req: boolean) =>
        read.components.some((each) => each.name === name && each.parameters.has("req") === req);
      return (
        tag === PROFILE.directory.tag &&
        keyid === key.keyid &&
        created !== undefined &&
        created <= now + SKEW &&
        expires !== undefined &&
        expires >= now - SKEW &&
        covers("@authority", true) &&
        covers("content-digest", false) &&
        isBy(key, read)
      );
    });
  } catch {
    return false;
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
