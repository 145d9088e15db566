/**
 * Who acts for whom: operator, agent, child. Each link is a JWT (RFC 7519) that the one above signs for the key of the one
 * below (`cnf`, RFC 7800), with the actors nested in `act` (RFC 8693). A chain is its tokens from the operator down, joined
 * by `~`. Tokens live for minutes and are made anew while a run goes on; that is how a stop takes them back everywhere.
 */
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { Jwk, type PublicKey, readPublicKey } from "../keys/public-key.ts";
import type { SigningKey } from "../keys/signing-key.ts";
import { thumbprintUri } from "../keys/thumbprint.ts";
import { Malformed } from "../malformed.ts";

/** One who acts, with the one that sent it inside, up to the run that the operator started. */
export interface Actor {
  sub: string;
  act?: Actor | undefined;
}

const Actor: z.ZodType<Actor> = z.object({
  sub: z.string().min(1).max(200),
  get act() {
    return Actor.optional();
  },
});

const Claims = z.object({
  iss: z.string(),
  /** The operator, by the thumbprint of their key. */
  sub: z.string(),
  operator: z.string().max(80),
  act: Actor,
  cnf: z.object({ jwk: Jwk }),
  scope: z.string().max(2_000),
  iat: z.number(),
  nbf: z.number(),
  exp: z.number(),
});
type Claims = z.infer<typeof Claims>;

export interface Delegated {
  operator: string;
  /** Thumbprint of the operator's key. */
  operatorKey: string;
  /** The runs, the one that the operator started first. */
  runs: string[];
  scopes: string[];
  /** Seconds since the epoch. */
  expires: number;
  /** The key of the last, which signs for its children. */
  key: PublicKey;
}

export type DelegationVerdict = ({ ok: true } & Delegated) | { ok: false; reason: string };

const TYPE = "candor-delegation+jwt";
const SKEW_S = 5;
/** Links of a chain; runs go four deep. */
const MOST_LINKS = 8;
const MOST_CHARACTERS = 16_000;

/**
 * Lets `run` act for the operator, or for the run above it. Asks nothing about the parent: whoever checks a chain takes no
 * link that is wider or lasts longer than the one above.
 *
 * @param expires seconds since the epoch
 */
export async function delegate(options: {
  operator: { name: string; key: PublicKey };
  /** Who signs: the operator's key, or that of the parent run. */
  issuer: SigningKey;
  parent?: Actor;
  run: string;
  key: PublicKey;
  scopes: readonly string[];
  expires: number;
  now: number;
}): Promise<string> {
  const { operator, issuer, parent, run, key, scopes, expires, now } = options;
  const created = Math.floor(now / 1000);
  const { kty, crv, x } = key.jwk;
  return new SignJWT({
    operator: operator.name,
    act: { sub: actorName(run), ...(parent && { act: parent }) } satisfies Actor,
    cnf: { jwk: { kty, crv, x } },
    scope: scopes.join(" "),
  })
    .setProtectedHeader({ alg: "EdDSA", typ: TYPE, kid: issuer.public.keyid })
    .setIssuer(thumbprintUri(issuer.public.keyid))
    .setSubject(thumbprintUri(operator.key.keyid))
    .setIssuedAt(created)
    .setNotBefore(created)
    .setExpirationTime(expires)
    .sign(issuer.private);
}

export const actorName = (run: string): string => `run:${run}`;

/**
 * Checks every link: signed by the key that the link above names, for the same operator, by the actor above, with no scope
 * and no time beyond it.
 *
 * @param options.operator the key that the chain must begin with
 * @param options.isRevoked whether a run was stopped, for those who can ask
 */
export async function verifyDelegation(
  chain: string,
  options: { operator: PublicKey; now: number; isRevoked?: (run: string) => boolean | Promise<boolean> },
): Promise<DelegationVerdict> {
  const tokens = chain.split("~");
  if (chain.length > MOST_CHARACTERS || tokens.length > MOST_LINKS) return refuse("the chain is too long");
  let above: Claims | undefined;
  let key = options.operator;
  for (const token of tokens) {
    const claims = await open(token, key, options.now);
    if (typeof claims === "string") return refuse(claims);
    const against = objection(claims, above, options.operator, key);
    if (against !== undefined) return refuse(against);
    try {
      key = readPublicKey(claims.cnf.jwk);
    } catch (error) {
      return refuse(error instanceof Error ? error.message : String(error));
    }
    above = claims;
  }
  if (above === undefined) return refuse("the chain is empty");
  const runs = runsOf(above.act);
  for (const run of runs)
    if (await options.isRevoked?.(run)) return refuse(`run ${run} was stopped: what it may do is taken back`);
  return {
    ok: true,
    operator: above.operator,
    operatorKey: options.operator.keyid,
    runs,
    scopes: scopesOf(above),
    expires: above.exp,
    key,
  };
}

/** The claims, or why there are none to believe. */
async function open(token: string, key: PublicKey, now: number): Promise<Claims | string> {
  let payload: JWTPayload;
  try {
    const verified = await jwtVerify(token, key.key, {
      algorithms: ["EdDSA"],
      typ: TYPE,
      clockTolerance: SKEW_S,
      currentDate: new Date(now),
      requiredClaims: ["iss", "sub", "act", "cnf", "scope", "iat", "nbf", "exp"],
    });
    payload = verified.payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) return "a token has run out";
    if (error instanceof errors.JWSSignatureVerificationFailed)
      return "a token is not signed by the one that the token above it names";
    return `a token cannot be taken (${error instanceof errors.JOSEError ? error.code : "no JWT"})`;
  }
  const claims = Claims.safeParse(payload);
  return claims.success ? claims.data : "a token lacks what a delegation says";
}

function objection(
  claims: Claims,
  above: Claims | undefined,
  operator: PublicKey,
  issuer: PublicKey,
): string | undefined {
  if (claims.iss !== thumbprintUri(issuer.keyid)) return "a token names another issuer than the key that signed it";
  if (claims.sub !== thumbprintUri(operator.keyid)) return "a token is for another operator";
  if (above === undefined) return claims.act.act === undefined ? undefined : "the first token of a chain is a child's";
  if (claims.operator !== above.operator) return "a token gives the operator another name";
  if (JSON.stringify(claims.act.act) !== JSON.stringify(above.act)) return "a child's token names another parent";
  if (runsOf(above.act).some((run) => actorName(run) === claims.act.sub)) return "a run stands in the chain twice";
  const wider = scopesOf(claims).find((scope) => !scopesOf(above).includes(scope));
  if (wider !== undefined) return `a child's token allows ${wider}, which its parent's does not`;
  if (claims.exp > above.exp || claims.nbf < above.nbf) return "a child's token lasts longer than its parent's";
  return undefined;
}

const scopesOf = ({ scope }: Claims): string[] => scope.split(" ").filter(Boolean);

function runsOf(actor: Actor): string[] {
  const run = actor.sub.replace(/^run:/, "");
  return actor.act === undefined ? [run] : [...runsOf(actor.act), run];
}

const refuse = (reason: string): DelegationVerdict => ({ ok: false, reason });

/** The thumbprint of the key that signed the first token, for whoever has several operators to choose from. @throws Malformed */
export function operatorKeyOf(chain: string): string {
  try {
    return z.string().parse(decodeProtectedHeader(chain.split("~")[0] ?? "").kid);
  } catch {
    throw new Malformed("that is no chain of delegation tokens", "Tokens from the operator down, joined by ~.");
  }
}
