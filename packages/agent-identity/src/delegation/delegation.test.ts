import fc from "fast-check";
import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { derivedKey } from "../keys/signing-key.ts";
import { thumbprintUri } from "../keys/thumbprint.ts";
import { type Actor, actorName, delegate, operatorKeyOf, verifyDelegation } from "./delegation.ts";

const NOW = Date.UTC(2026, 0, 1);
const SECOND = NOW / 1000;
const secret = Buffer.alloc(32, 3);
const keyOf = (name: string) => derivedKey(secret, name);
const operator = keyOf("operator");
const ADA = { name: "Ada Quill", key: operator.public };

interface Link {
  run: string;
  scopes: string[];
  expires: number;
}

/** The tokens of a chain, each as its issuer would make it. */
async function chain(links: readonly Link[], change: (index: number) => object = () => ({})): Promise<string[]> {
  const tokens: string[] = [];
  let issuer = operator;
  let parent: Actor | undefined;
  for (const [index, { run, scopes, expires }] of links.entries()) {
    const key = keyOf(run);
    tokens.push(
      await delegate({
        operator: ADA,
        issuer,
        ...(parent && { parent }),
        run,
        key: key.public,
        scopes,
        expires,
        now: NOW,
        ...change(index),
      }),
    );
    parent = { sub: actorName(run), ...(parent && { act: parent }) };
    issuer = key;
  }
  return tokens;
}

const LINKS: Link[] = [
  { run: "a", scopes: ["read", "contact", "spawn"], expires: SECOND + 600 },
  { run: "b", scopes: ["read", "spawn"], expires: SECOND + 600 },
  { run: "c", scopes: ["read"], expires: SECOND + 300 },
];
const verify = (tokens: readonly string[], more: object = {}) =>
  verifyDelegation(tokens.join("~"), { operator: operator.public, now: NOW, ...more });

describe("a chain of delegations", () => {
  test("says who acts for whom, and how far", async () => {
    const verdict = await verify(await chain(LINKS));
    expect(verdict).toMatchObject({
      ok: true,
      operator: "Ada Quill",
      operatorKey: operator.public.keyid,
      runs: ["a", "b", "c"],
      scopes: ["read"],
      expires: SECOND + 300,
    });
    expect(verdict.ok && verdict.key.keyid).toBe(keyOf("c").public.keyid);
    expect(operatorKeyOf((await chain(LINKS)).join("~"))).toBe(operator.public.keyid);
  });

  test("each beginning of it holds for the run in the middle; no other part does", async () => {
    const tokens = await chain(LINKS);
    for (let from = 0; from < 3; from++)
      for (let to = from + 1; to <= 3; to++)
        expect((await verify(tokens.slice(from, to))).ok, `${from}..${to}`).toBe(from === 0);
  });

  test("a child can have no scope and no time that its parent has not, whatever is asked", async () => {
    const scope = fc.constantFrom("read", "write", "contact", "spend", "spawn");
    const link = fc.record({ scopes: fc.uniqueArray(scope), seconds: fc.integer({ min: 1, max: 900 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(link, { minLength: 1, maxLength: 4 }), async (given) => {
        const links = given.map(({ scopes, seconds }, index) => ({
          run: `run${index}`,
          scopes,
          expires: SECOND + seconds,
        }));
        const narrows = links.every((each, index) => {
          const above = links[index - 1];
          return (
            above === undefined ||
            (each.scopes.every((scope) => above.scopes.includes(scope)) && each.expires <= above.expires)
          );
        });
        expect((await verify(await chain(links))).ok).toBe(narrows);
      }),
      { numRuns: 60 },
    );
  });

  test.each<[string, number, object, RegExp]>([
    ["signed by a stranger", 1, { issuer: keyOf("mallory") }, /not signed by the one/],
    ["signed by the operator for a child that is not theirs", 1, { issuer: operator }, /not signed by the one/],
    ["by another parent", 2, { parent: { sub: "run:x", act: { sub: "run:a" } } }, /another parent/],
    ["under another operator's name", 1, { operator: { ...ADA, name: "Bo Finch" } }, /another name/],
    ["for another operator's key", 1, { operator: { ...ADA, key: keyOf("bo").public } }, /another operator/],
    ["for a run that is in it already", 2, { run: "a" }, /twice/],
    ["of a child at its beginning", 0, { parent: { sub: "run:x" } }, /child's/],
    ["that has run out", 0, { expires: SECOND - 60 }, /run out/],
    ["of a time to come", 0, { now: NOW + 60_000 }, /cannot be taken/],
  ])("a token %s is refused", async (_, at, change, reason) => {
    const verdict = await verify(await chain(LINKS, (index) => (index === at ? change : {})));
    expect(verdict).toMatchObject({ ok: false });
    expect(!verdict.ok && verdict.reason).toMatch(reason);
  });

  test("no letter of it can be changed", async () => {
    const tokens = await chain(LINKS);
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.nat(), async (which, at) => {
        const token = tokens[which] ?? "";
        const place = at % token.length;
        const changed = token.slice(0, place) + (token[place] === "A" ? "B" : "A") + token.slice(place + 1);
        // The last letter of base64url holds bits that mean nothing.
        fc.pre(!/[.]/.test(token[place] ?? "") && place !== token.length - 1 && token[place + 1] !== ".");
        expect((await verify(tokens.with(which, changed))).ok).toBe(false);
      }),
    );
  });

  test("a stop takes it back, for the run and for everything below it", async () => {
    const tokens = await chain(LINKS);
    const stopped = (run: string) => ({ isRevoked: async (each: string) => each === run });
    expect(await verify(tokens, stopped("a"))).toMatchObject({ ok: false });
    expect(await verify(tokens, stopped("c"))).toMatchObject({ ok: false });
    expect(await verify(tokens.slice(0, 2), stopped("c"))).toMatchObject({ ok: true });
    expect(await verify(tokens, stopped("elsewhere"))).toMatchObject({ ok: true });
  });

  test("other tokens of the same key are no delegation", async () => {
    const claims = { operator: "Ada Quill", act: { sub: "run:a" }, cnf: { jwk: keyOf("a").public.jwk }, scope: "read" };
    const token = (typ: string, alg = "EdDSA") =>
      new SignJWT(claims)
        .setProtectedHeader({ alg, typ })
        .setIssuer(thumbprintUri(operator.public.keyid))
        .setSubject(thumbprintUri(operator.public.keyid))
        .setIssuedAt(SECOND)
        .setNotBefore(SECOND)
        .setExpirationTime(SECOND + 60)
        .sign(operator.private);
    expect((await verify([await token("candor-delegation+jwt")])).ok).toBe(true);
    expect((await verify([await token("JWT")])).ok).toBe(false);
    const none = `${Buffer.from('{"alg":"none","typ":"candor-delegation+jwt"}').toString("base64url")}.${(await token("JWT")).split(".")[1]}.`;
    expect((await verify([none])).ok).toBe(false);
  });

  test("nonsense is refused, never thrown", async () => {
    const texts = fc.array(fc.oneof(fc.string(), fc.base64String(), fc.constant("eyJhbGciOiJFZERTQSJ9.e30.AAAA")));
    await fc.assert(
      fc.asyncProperty(texts, async (tokens) => {
        expect((await verify(tokens)).ok).toBe(false);
      }),
    );
    expect((await verify(Array.from({ length: 9 }, () => "a"))).ok).toBe(false);
  });
});
