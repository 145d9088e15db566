import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { derivedKey } from "../keys/signing-key.ts";
import type { Fields } from "../messages/message.ts";
import { TEST_KEY_ED25519 } from "../testing/vectors.ts";
import { type IncomingRequest, type JudgeOptions, judgeRequest } from "./judge-request.ts";
import { Nonces } from "./nonces.ts";
import { signRequest } from "./sign-request.ts";

const AT = Date.UTC(2026, 0, 1);
const key = derivedKey(Buffer.alloc(32, 1), "requests");
const other = derivedKey(Buffer.alloc(32, 2), "requests");
const AGENT = "https://agent.example";

const keys: JudgeOptions["keys"] = (keyid, agent) =>
  keyid === key.public.keyid && (agent === undefined || agent === AGENT)
    ? { key: key.public, operator: "Ada Quill" }
    : undefined;

interface Plain {
  method: string;
  url: string;
  body?: string;
  headers?: Record<string, string>;
}

function sent(
  { method, url, body, headers = {} }: Plain,
  signer = key,
  fields?: Record<string, string>,
): IncomingRequest {
  const added = signRequest(
    { method, url, body },
    { key: signer, agent: AGENT, now: () => AT, ...(fields && { fields }) },
  );
  return { method, url, fields: Object.entries({ ...headers, ...added }), body: body ?? "" };
}

const judge = (request: IncomingRequest, options: Partial<JudgeOptions> = {}) =>
  judgeRequest(request, { keys, now: AT, ...options });

describe("the vectors of draft-ietf-webbotauth-httpsig-protocol", () => {
  const known: JudgeOptions["keys"] = (keyid, agent) =>
    keyid === TEST_KEY_ED25519.public.keyid ? { key: TEST_KEY_ED25519.public, operator: agent ?? "nobody" } : undefined;
  const at = 1_735_689_600_000;
  const vector = (input: string, signature: string, agent?: string): IncomingRequest => ({
    method: "GET",
    url: "https://example.com/path/to/resource",
    fields: [
      ["Signature-Input", input],
      ["Signature", signature],
      ...(agent === undefined ? [] : [["Signature-Agent", agent] as const]),
    ],
  });

  test("legacy string form of Signature-Agent, Ed25519", () => {
    const request = vector(
      'sig2=("@authority" "signature-agent");created=1735689600;keyid="poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U";alg="ed25519";expires=1735693200;nonce="e8N7S2MFd/qrd6T2R3tdfAuuANngKI7LFtKYI/vowzk4lAZYadIX6wW25MwG7DCT9RUKAJ0qVkU0mEeLElW1qg==";tag="web-bot-auth"',
      "sig2=:jdq0SqOwHdyHr9+r5jw3iYZH6aNGKijYp/EstF4RQTQdi5N5YYKrD+mCT1HA1nZDsi6nJKuHxUi/5Syp3rLWBA==:",
      '"https://signature-agent.test"',
    );
    expect(judge(request, { keys: known, now: at })).toMatchObject({
      status: "declared",
      agent: "https://signature-agent.test",
    });
    expect(judge(request, { keys: known, now: at + 3_700_000 })).toMatchObject({ status: "wrong", fault: "expired" });
  });

  const forever: [string, IncomingRequest][] = [
    [
      "without Signature-Agent",
      vector(
        'sig1=("@authority");created=1735689600;keyid="poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U";alg="ed25519";expires=4889289600;nonce="zIW8+cdmA3vdYagbxojpONwa/l0EKJ/O3/wD486VvsQjO/RxPaSt6ZxvQaMcQzNnqKN/mQ6hpGiFro2L2qkz5A==";tag="web-bot-auth"',
        "sig1=:QKN4fTdIYfh82fvoZCQiQA1weuozfCS/Led2zTMbewMMqH8PI2Wsy/5c4ao6B6D09nraNQdBNOADg8aM1MqfCg==:",
      ),
    ],
    [
      "with a dictionary",
      vector(
        'sig2=("@authority" "signature-agent";key="agent2");created=1735689600;keyid="poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U";alg="ed25519";expires=4889289600;nonce="n9p433xm+NJ3ph3upfBIGmsuwHw387YV7Q/F+6BSpGCVjYCqQw6rznNA8PVVLySrAWsv0hQtFioQb6E1YsauiA==";tag="web-bot-auth"',
        "sig2=:RdNFx5Bj6au3YgAMQL/RzmUlZE8QZLIaXGRpw985hWnwPfMxT228NMk6ehRS1PSl4e8PhbNZACSanGdhEwYCCg==:",
        'agent2="https://signature-agent.test"',
      ),
    ],
  ];
  test.each(forever)("%s: right by the key, and refused for its life of a hundred years", (_, request) => {
    expect(judge(request, { keys: known, now: at })).toMatchObject({ status: "wrong", fault: "incomplete" });
    expect(judge(request, { keys: known, now: at, longestLife: 4e9 })).toMatchObject({ status: "declared" });
  });
});

test("a signed request is that of the operator's agent", () => {
  const request = sent({ method: "GET", url: "https://site.example/a?b=c" });
  expect(judge(request)).toEqual({
    status: "declared",
    operator: "Ada Quill",
    keyid: key.public.keyid,
    agent: AGENT,
    created: AT / 1000,
    expires: AT / 1000 + 60,
    covers: ["@method", "@authority", "@path", "@query", "signature-agent"],
    body: "none",
  });
});

test("no signature says nothing, and never a person", () => {
  const judged = judge({ method: "GET", url: "https://site.example/", fields: [["user-agent", "Mozilla/5.0"]] });
  expect(judged).toMatchObject({ status: "unknown", fault: "unsigned" });
  expect(JSON.stringify(judged)).not.toMatch(/human|person/i);
});

describe("whatever is changed, the request is no longer the agent's", () => {
  const plain = fc.record({
    method: fc.constantFrom("GET", "POST", "PUT"),
    path: fc.webPath(),
    query: fc.webQueryParameters(),
    body: fc.string({ maxLength: 20 }),
    extra: fc.stringMatching(/^[a-z]{1,10}$/),
  });
  const requestOf = ({ method, path, query, body, extra }: typeof plain extends fc.Arbitrary<infer T> ? T : never) =>
    sent(
      {
        method,
        url: `https://site.example${path.startsWith("/") ? path : `/${path}`}${query ? `?${query}` : ""}`,
        ...(method !== "GET" && { body }),
      },
      key,
      { "agent-delegation": extra },
    );

  const withField = (fields: Fields, name: string, change: (value: string) => string): Fields =>
    fields.map(([each, value]) => [each, each === name ? change(value) : value]);

  const changes: [string, (request: IncomingRequest) => IncomingRequest][] = [
    ["method", (r) => ({ ...r, method: r.method === "GET" ? "POST" : "GET" })],
    ["host", (r) => ({ ...r, url: r.url.replace("site.example", "other.example") })],
    ["port", (r) => ({ ...r, url: r.url.replace("site.example", "site.example:8443") })],
    ["path", (r) => ({ ...r, url: r.url.replace("site.example/", "site.example/x/") })],
    ["query", (r) => ({ ...r, url: r.url + (r.url.includes("?") ? "&z=1" : "?z=1") })],
    ["body", (r) => (r.body ? { ...r, body: `${r.body}!` } : { ...r, body: "new" })],
    ["a covered field", (r) => ({ ...r, fields: withField(r.fields, "agent-delegation", (v) => `${v}x`) })],
    ["a covered field doubled", (r) => ({ ...r, fields: [...r.fields, ["agent-delegation", "x"]] })],
    ["a covered field gone", (r) => ({ ...r, fields: r.fields.filter(([name]) => name !== "agent-delegation") })],
    [
      "Signature-Agent",
      (r) => ({ ...r, fields: withField(r.fields, "signature-agent", () => 'sig1="https://evil.example"') }),
    ],
    [
      "created",
      (r) => ({
        ...r,
        fields: withField(r.fields, "signature-input", (v) =>
          v.replace(/created=(\d+)/, (_, n) => `created=${Number(n) - 1}`),
        ),
      }),
    ],
    [
      "expires",
      (r) => ({
        ...r,
        fields: withField(r.fields, "signature-input", (v) =>
          v.replace(/expires=(\d+)/, (_, n) => `expires=${Number(n) + 600}`),
        ),
      }),
    ],
    [
      "nonce",
      (r) => ({ ...r, fields: withField(r.fields, "signature-input", (v) => v.replace(/nonce="./, 'nonce="_')) }),
    ],
    [
      "alg",
      (r) => ({
        ...r,
        fields: withField(r.fields, "signature-input", (v) => v.replace('alg="ed25519"', 'alg="rsa-pss-sha512"')),
      }),
    ],
    [
      "a component dropped",
      (r) => ({ ...r, fields: withField(r.fields, "signature-input", (v) => v.replace('"@method" ', "")) }),
    ],
    [
      "the order of components",
      (r) => ({
        ...r,
        fields: withField(r.fields, "signature-input", (v) =>
          v.replace('"@method" "@authority"', '"@authority" "@method"'),
        ),
      }),
    ],
    [
      "tag",
      (r) => ({
        ...r,
        fields: withField(r.fields, "signature-input", (v) => v.replace("web-bot-auth", "web-bot-autx")),
      }),
    ],
  ];

  test.each(changes)("%s", (name, change) => {
    fc.assert(
      fc.property(plain, (given) => {
        const request = requestOf(given);
        const changed = change(request);
        // A random nonce may begin with the letter that replaces it.
        fc.pre(JSON.stringify(changed) !== JSON.stringify(request));
        expect(judge(request, { strict: true }).status).toBe("declared");
        expect(judge(changed, { strict: true }).status, name).not.toBe("declared");
      }),
      { numRuns: 40 },
    );
  });

  test("a bit of the signature", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 511 }), (bit) => {
        const request = sent({ method: "GET", url: "https://site.example/" });
        const flipped = withField(request.fields, "signature", (value) => {
          const bytes = Buffer.from(value.slice("sig1=:".length, -1), "base64");
          bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          return `sig1=:${bytes.toString("base64")}:`;
        });
        expect(judge({ ...request, fields: flipped })).toMatchObject({ status: "wrong", fault: "signature" });
      }),
    );
  });

  test("the key: another's signature under this key's name, and an unknown one's", () => {
    const foreign = sent({ method: "GET", url: "https://site.example/" }, other);
    expect(judge(foreign)).toMatchObject({ status: "unknown", fault: "unknown key" });
    const posed = withField(foreign.fields, "signature-input", (v) => v.replace(other.public.keyid, key.public.keyid));
    expect(judge({ ...foreign, fields: posed })).toMatchObject({ status: "wrong", fault: "signature" });
    // A book that mixes its keys up is not believed either.
    const mixed = judge(foreign, { keys: () => ({ key: key.public, operator: "x" }) });
    expect(mixed).toMatchObject({ status: "wrong", fault: "key" });
  });

  test("the time: only within its minute, clocks apart by seconds", () => {
    fc.assert(
      fc.property(fc.integer({ min: -86_400, max: 86_400 }), (seconds) => {
        const request = sent({ method: "GET", url: "https://site.example/" });
        const { status } = judge(request, { now: AT + seconds * 1000 });
        expect(status).toBe(seconds >= -5 && seconds <= 65 ? "declared" : "wrong");
      }),
    );
  });

  test("the key's own time", () => {
    const request = sent({ method: "GET", url: "https://site.example/" });
    const expired = { ...key.public, expires: AT / 1000 - 1 };
    const later = { ...key.public, notBefore: AT / 1000 + 60 };
    for (const each of [expired, later])
      expect(judge(request, { keys: () => ({ key: each, operator: "x" }) })).toMatchObject({ fault: "key" });
  });
});

describe("replay", () => {
  test("a request counts once; one of another nonce again", () => {
    const nonces = new Nonces();
    const request = sent({ method: "GET", url: "https://site.example/" });
    expect(judge(request, { nonces }).status).toBe("declared");
    expect(judge(request, { nonces })).toMatchObject({ status: "wrong", fault: "replayed" });
    expect(judge(request, { nonces, now: AT + 64_000 })).toMatchObject({ status: "wrong", fault: "replayed" });
    expect(judge(sent({ method: "GET", url: "https://site.example/" }), { nonces }).status).toBe("declared");
  });

  test("a forged request does not use up another's nonce", () => {
    const nonces = new Nonces();
    const request = sent({ method: "GET", url: "https://site.example/" });
    judge({ ...request, method: "POST" }, { nonces });
    expect(judge(request, { nonces }).status).toBe("declared");
  });

  test("any order of requests, some of them twice: each is taken once", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 4 }), { maxLength: 20 }), (order) => {
        const nonces = new Nonces();
        const requests = [0, 1, 2, 3, 4].map(() => sent({ method: "GET", url: "https://site.example/" }));
        const seen = new Set<number>();
        for (const index of order) {
          const request = requests[index];
          if (request === undefined) continue;
          expect(judge(request, { nonces }).status).toBe(seen.has(index) ? "wrong" : "declared");
          seen.add(index);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("nonces are forgotten when they run out, and never more than fit are kept", () => {
    const nonces = new Nonces(100);
    for (let i = 0; i < 1_000; i++) nonces.take("k", String(i), 10 + i, i);
    expect(nonces.size).toBeLessThanOrEqual(100);
    expect(nonces.take("k", "999", 2_000, 999)).toBe(false);
    expect(nonces.take("k", "999", 2_000, 1_500)).toBe(true);
  });

  test("strict: no nonce, and a body that is not signed, are not enough", () => {
    const request = sent({ method: "POST", url: "https://site.example/", body: "" });
    expect(judge({ ...request, body: "more" }, { strict: true })).toMatchObject({ status: "wrong", fault: "body" });
    expect(judge({ ...request, body: "more" })).toMatchObject({ status: "declared", body: "uncovered" });
  });
});

test("a Signature-Agent that anybody added is not believed", () => {
  const added = signRequest({ method: "GET", url: "https://site.example/" }, { key, now: () => AT });
  const fields: Fields = [...Object.entries(added), ["signature-agent", 'sig1="https://famous.example"']];
  expect(judge({ method: "GET", url: "https://site.example/", fields })).toMatchObject({
    status: "declared",
    agent: undefined,
  });
});

test("of several signatures the right one counts", () => {
  const wrong = sent({ method: "GET", url: "https://elsewhere.example/" });
  const right = sent({ method: "GET", url: "https://site.example/" });
  const value = (request: IncomingRequest, name: string) => request.fields.find(([each]) => each === name)?.[1] ?? "";
  const fields: Fields = [
    ["signature-agent", `${value(wrong, "signature-agent")}`],
    [
      "signature-input",
      `${value(wrong, "signature-input").replace("sig1=(", "old=(")}, ${value(right, "signature-input")}`,
    ],
    ["signature", `${value(wrong, "signature").replace("sig1=", "old=")}, ${value(right, "signature")}`],
  ];
  expect(judge({ method: "GET", url: "https://site.example/", fields }).status).toBe("declared");
});
