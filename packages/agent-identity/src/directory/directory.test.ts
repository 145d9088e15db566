import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { derivedKey } from "../keys/signing-key.ts";
import { Malformed } from "../malformed.ts";
import type { Fields, ResponseMessage } from "../messages/message.ts";
import { isBy, readSignatures } from "../messages/signature.ts";
import { TEST_KEY_ED25519 } from "../testing/vectors.ts";
import { PROFILE } from "../web-bot-auth/profile.ts";
import { directoryResponse, readDirectory } from "./directory.ts";

const AT = Date.UTC(2026, 0, 1);
const key = derivedKey(Buffer.alloc(32, 1), "requests");
const second = derivedKey(Buffer.alloc(32, 1), "more");
const request = { method: "GET", url: `https://agent.example${PROFILE.directory.path}`, fields: [] };

function served(keys = [key, second]): ResponseMessage & { body: string } {
  const { status, headers, body } = directoryResponse(request, keys, AT);
  return { status, fields: Object.entries(headers), body, request };
}

const with_ = (fields: Fields, name: string, value: string): Fields =>
  fields.map(([each, old]) => [each, each === name ? value : old]);

describe("a directory", () => {
  test("lists each key once, by its thumbprint, signed by all of them for this site", () => {
    const read = readDirectory(served(), AT);
    expect(read.map(({ key: { keyid }, bound }) => [keyid, bound])).toEqual([
      [key.public.keyid, true],
      [second.public.keyid, true],
    ]);
    expect(JSON.parse(served().body).keys[0]).toEqual({ ...key.public.jwk, kid: key.public.keyid, use: "sig" });
  });

  test.each<[string, (response: ResponseMessage & { body: string }) => ResponseMessage & { body: string }]>([
    ["served by another site", (r) => ({ ...r, request: { ...request, url: request.url.replace("agent", "thief") } })],
    ["with another body", (r) => ({ ...r, body: r.body.replace('"use":"sig"', '"use": "sig"') })],
    ["with another digest", (r) => ({ ...r, fields: with_(r.fields, "content-digest", "sha-256=:AAAA:") })],
    ["without its signatures", (r) => ({ ...r, fields: r.fields.filter(([name]) => !name.startsWith("signature")) })],
    ["with broken signatures", (r) => ({ ...r, fields: with_(r.fields, "signature", "nonsense (") })],
  ])("%s binds no key", (_, change) => {
    expect(readDirectory(change(served()), AT).some(({ bound }) => bound)).toBe(false);
  });

  test("binds for an hour, not before and not after", () => {
    const bound = (seconds: number) => readDirectory(served(), AT + seconds * 1000).every((each) => each.bound);
    expect([-60, 0, 3_600, 3_700].map(bound)).toEqual([false, true, true, false]);
  });

  test("a key that did not sign is not bound, though it is listed", () => {
    const { body } = served([key, second]);
    const alone = directoryResponse(request, [key], AT);
    // The signature of one key over another directory does not carry over.
    const response = { status: 200, fields: Object.entries(alone.headers), body, request };
    expect(readDirectory(response, AT).map(({ bound }) => bound)).toEqual([false, false]);
  });

  test("keys that everybody has, wrongly named ones and nonsense are left out", () => {
    const keys = [
      TEST_KEY_ED25519.public.jwk,
      { ...key.public.jwk, kid: "mine" },
      { kty: "oct", k: "secret" },
      null,
      second.public.jwk,
    ];
    const body = JSON.stringify({ keys });
    const read = readDirectory({ ...served(), body }, AT);
    expect(read.map(({ key }) => key.keyid)).toEqual([second.public.keyid]);
  });

  test.each<[string, Partial<ResponseMessage & { body: string }>]>([
    ["another status", { status: 404 }],
    ["another type", { fields: [["content-type", "application/json"]] }],
    ["no JSON", { body: "<html>" }],
    ["no key set", { body: "[]" }],
    ["too many keys", { body: JSON.stringify({ keys: Array.from({ length: 21 }, () => ({})) }) }],
  ])("%s is no directory", (_, change) => {
    expect(() => readDirectory({ ...served(), ...change }, AT)).toThrow(Malformed);
  });

  test("whatever is served, nothing else is thrown", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, signature) => {
        const fields = with_(with_(served().fields, "signature", signature), "content-digest", signature);
        try {
          readDirectory({ ...served(), fields, body: JSON.stringify({ keys: [value] }) }, AT);
        } catch (error) {
          expect(error).toBeInstanceOf(Malformed);
        }
      }),
    );
  });
});

test("the draft's example of a signed directory response", () => {
  const response: ResponseMessage = {
    status: 200,
    request: { ...request, url: `https://signature-agent.test${PROFILE.directory.path}` },
    fields: [
      ["Content-Digest", "sha-256=:CADMT2aBdV/rqQr/NIru64ERQkCobVvllA4V0fLFDu0=:"],
      [
        "Signature-Input",
        'binding=("@authority";req "content-digest");created=1735689600;expires=4889289600;keyid="poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U";tag="http-message-signatures-directory"',
      ],
      [
        "Signature",
        "binding=:l6P8R67tm3kujAxbHWio7ll01qrEZ0dKD/WWlGhNYEmTnFZM8Wt0VQ9zqGfvo7T/UMkBxsigzChM1Gpz7gOVBg==:",
      ],
    ],
  };
  const [read] = readSignatures(response);
  expect(read && isBy(TEST_KEY_ED25519.public, read)).toBe(true);
});
