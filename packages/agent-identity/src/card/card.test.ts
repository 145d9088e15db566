import { compactVerify } from "jose";
import { expect, test } from "vitest";
import { derivedKey } from "../keys/signing-key.ts";
import { AgentCard, cardSigner, signCard } from "./card.ts";

const key = derivedKey(Buffer.alloc(32, 4), "card");
const other = derivedKey(Buffer.alloc(32, 4), "other");
const card: AgentCard = {
  name: "Candor",
  description: "",
  version: "1",
  supportedInterfaces: [{ url: "https://agent.example/api", protocolBinding: "OPENAPI", protocolVersion: "3.1" }],
  capabilities: { streaming: false, pushNotifications: false },
  defaultInputModes: [],
  defaultOutputModes: [],
  skills: [],
};

test("a signed card is that of its signer, whatever the order of its members", async () => {
  const signed = await signCard(card, key);
  expect(await cardSigner(signed, [other.public, key.public])).toBe(key.public.keyid);
  const turned = Object.fromEntries(Object.entries(JSON.parse(JSON.stringify(signed))).reverse());
  expect(await cardSigner(AgentCard.parse(turned), [key.public])).toBe(key.public.keyid);
});

test("what is signed is the JCS form without the signatures (A2A 1.0, 8.4.1)", async () => {
  const [signature] = (await signCard(card, key)).signatures ?? [];
  const payload =
    '{"capabilities":{"pushNotifications":false,"streaming":false},"defaultInputModes":[],"defaultOutputModes":[],"description":"","name":"Candor","skills":[],"supportedInterfaces":[{"protocolBinding":"OPENAPI","protocolVersion":"3.1","url":"https://agent.example/api"}],"version":"1"}';
  const jws = `${signature?.protected}.${Buffer.from(payload).toString("base64url")}.${signature?.signature}`;
  const { protectedHeader } = await compactVerify(jws, key.public.key);
  expect(protectedHeader).toEqual({ alg: "EdDSA", typ: "JOSE", kid: key.public.keyid });
});

test("any change, another key or no signature: nobody's", async () => {
  const signed = await signCard(card, key);
  const changes: AgentCard[] = [
    { ...signed, name: "Candour" },
    { ...signed, capabilities: { streaming: true, pushNotifications: false } },
    { ...signed, extra: 1 },
    { ...signed, signatures: [] },
    card,
  ];
  for (const each of changes) expect(await cardSigner(each, [key.public])).toBeUndefined();
  expect(await cardSigner(signed, [other.public])).toBeUndefined();
  expect(await cardSigner(signed, [])).toBeUndefined();
});
