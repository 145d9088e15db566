import type { GuardRequest } from "@candor/agent";
import { expect, test } from "vitest";
import { nobody, type Operator } from "./operator.ts";
import { Trust } from "./trust.ts";

const DAY = 86_400_000;
const site = "https://ada.example/";
const seeds = { names: ["Ada Pike"], usernames: ["adapike"], sites: [site] };
const operator: Operator = { ...nobody(), seeds, sites: [site] };
const proven = (expiresAt: number) => ({
  proofs: [{ site, method: "token" as const, provenAt: expiresAt - DAY, expiresAt }],
  seeds,
});
const request = (trust: Trust): GuardRequest => ({
  run: "r",
  chain: ["r"],
  kind: "audit",
  world: "web",
  goal: "audit me",
  step: 1,
  tool: { name: "search", effect: "read" },
  args: { query: "Ada Pike" },
  origins: {},
  permissions: {},
  seeds: trust.seeds,
});

test("a proof that lasts lets the operator's own name be looked for", () => {
  const trust = new Trust(operator, "web", proven(Date.now() + DAY));
  expect(trust.seeds.names).toEqual(["Ada Pike"]);
  expect(trust.judge(request(trust))).toBeNull();
});

test.each([
  ["that has lapsed", operator, Date.now() - 1],
  ["of an identity that was deleted since", nobody(), Date.now() + DAY],
])("a proof %s vouches for nobody", (_, who, until) => {
  const trust = new Trust(who, "web", proven(until));
  expect(trust.seeds).toEqual({ names: [], usernames: [], sites: [] });
  expect(trust.judge(request(trust))).toMatchObject({ outcome: "deny", rule: "seed.proof" });
});

test("of what was proven only what the identity still holds is used", () => {
  const renamed = { ...operator, seeds: { ...seeds, names: ["Ada Quill"] } };
  expect(new Trust(renamed, "web", proven(Date.now() + DAY)).seeds).toMatchObject({
    names: [],
    usernames: ["adapike"],
  });
});
