/** Who may judge: named by the operator, known by a token of which only a digest is kept. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { RaterName } from "./facts.ts";

/** The ledger's stream. */
export const RATERS = "raters";

/** Whoever holds the server's own token. */
export const OPERATOR = "operator";

export const RaterFact = z.discriminatedUnion("type", [
  z.object({ type: z.literal("added"), name: RaterName, digest: z.string(), by: z.string() }),
  z.object({ type: z.literal("revoked"), name: RaterName, by: z.string() }),
]);
export type RaterFact = z.infer<typeof RaterFact>;

export interface Rater {
  name: string;
  digest: string;
  /** Milliseconds since the epoch. */
  since: number;
  revoked: boolean;
}

/** By name. A revoked name can be added again, with a new token. */
export function foldRaters(facts: readonly { at: number; fact: RaterFact }[]): Map<string, Rater> {
  const raters = new Map<string, Rater>();
  for (const { at, fact } of facts) {
    const known = raters.get(fact.name);
    if (fact.type === "revoked") {
      if (known) known.revoked = true;
    } else if (!known || known.revoked)
      raters.set(fact.name, { name: fact.name, digest: fact.digest, since: at, revoked: false });
  }
  return raters;
}

/** 192 bits of chance: a plain digest of it cannot be searched. */
export const newRaterToken = (): string => `cr_${randomBytes(24).toString("base64url")}`;

export const digestOf = (token: string): string => createHash("sha256").update(token).digest("hex");

/** Whose token it is, unless it was revoked. */
export function raterOf(raters: ReadonlyMap<string, Rater>, token: string): Rater | undefined {
  const digest = Buffer.from(digestOf(token));
  return [...raters.values()].find((rater) => !rater.revoked && timingSafeEqual(Buffer.from(rater.digest), digest));
}
