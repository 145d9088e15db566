import { expect, test } from "vitest";
import { digestOf, foldRaters, newRaterToken, raterOf } from "./raters.ts";

const token = newRaterToken();
const added = { at: 1, fact: { type: "added" as const, name: "ada", digest: digestOf(token), by: "operator" } };
const revoked = { at: 2, fact: { type: "revoked" as const, name: "ada", by: "operator" } };

test("a token names its rater until it is revoked, and no other token does", () => {
  expect(raterOf(foldRaters([added]), token)?.name).toBe("ada");
  expect(raterOf(foldRaters([added]), newRaterToken())).toBeUndefined();
  expect(raterOf(foldRaters([added]), digestOf(token))).toBeUndefined();
  expect(raterOf(foldRaters([added, revoked]), token)).toBeUndefined();
});

test("a second rater of the same name does not take the first one's place; after a revocation one does", () => {
  const other = newRaterToken();
  const again = { at: 3, fact: { ...added.fact, digest: digestOf(other) } };
  expect(raterOf(foldRaters([added, again]), token)?.name).toBe("ada");
  expect(raterOf(foldRaters([added, again]), other)).toBeUndefined();
  expect(raterOf(foldRaters([added, revoked, again]), other)?.name).toBe("ada");
  expect(raterOf(foldRaters([added, revoked, again]), token)).toBeUndefined();
});
