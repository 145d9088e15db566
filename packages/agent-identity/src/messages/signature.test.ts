import { createHmac, createPublicKey, verify } from "node:crypto";
import fc from "fast-check";
import { serializeInnerList } from "structured-headers";
import { describe, expect, test } from "vitest";
import { readPublicKey } from "../keys/public-key.ts";
import { Malformed } from "../malformed.ts";
import { TEST_BODY, TEST_KEY_ED25519, TEST_REQUEST } from "../testing/vectors.ts";
import { component, componentValue, identifierOf } from "./components.ts";
import { contentDigest, matchesDigest } from "./digest.ts";
import type { Message, RequestMessage, ResponseMessage } from "./message.ts";
import { isBy, readSignatures, signatureBase, signMessage } from "./signature.ts";

/** RFC 9421, B.1.2 and B.1.3. */
const RSA_PSS = readPublicKey({
  kty: "RSA",
  e: "AQAB",
  n: "r4tmm3r20Wd_PbqvP1s2-QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct-Lh1GH45x28Rw3Ry53mm-oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHqgDsznjPFmTOtCEcN2Z1FpWgchwuYLPL-Wokqltd11nqqzi-bJ9cvSKADYdUAAN5WUtzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4aOT9v6d-nb4bnNkQVklLQ3fVAvJm-xdDOp9LCNCN48V2pnDOkFV6-U9nV5oyc6XI2w",
});
const P256 = readPublicKey(
  createPublicKey(`-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf
w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
-----END PUBLIC KEY-----`).export({ format: "jwk" }),
);
const SHARED_SECRET = Buffer.from(
  "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==",
  "base64",
);

const TEST_RESPONSE: ResponseMessage = {
  status: 200,
  fields: [
    ["Date", "Tue, 20 Apr 2021 02:07:56 GMT"],
    ["Content-Type", "application/json"],
    [
      "Content-Digest",
      "sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:",
    ],
    ["Content-Length", "23"],
  ],
};

/** The message with the two fields of a published signature. */
function signed<M extends Message>(message: M, label: string, input: string, signature: string): M {
  const added = [["Signature-Input", `${label}=${input}`] as const, ["Signature", `${label}=:${signature}:`] as const];
  return { ...message, fields: [...message.fields, ...added] };
}

function only(message: Message) {
  const [read, ...others] = readSignatures(message);
  if (read === undefined || others.length > 0) throw new Error("not one signature");
  return read;
}

describe("the examples of RFC 9421", () => {
  test("B.2.1: an empty signature base, RSA-PSS", () => {
    const read = only(
      signed(
        TEST_REQUEST,
        "sig-b21",
        '();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"',
        "d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==",
      ),
    );
    expect(read.base()).toBe(
      '"@signature-params": ();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"',
    );
    expect(isBy(RSA_PSS, read)).toBe(true);
  });

  test("B.2.2: selected components with a query parameter, RSA-PSS", () => {
    const read = only(
      signed(
        TEST_REQUEST,
        "sig-b22",
        '("@authority" "content-digest" "@query-param";name="Pet");created=1618884473;keyid="test-key-rsa-pss";tag="header-example"',
        "LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==",
      ),
    );
    expect(read.base()).toBe(
      [
        '"@authority": example.com',
        '"content-digest": sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:',
        '"@query-param";name="Pet": dog',
        '"@signature-params": ("@authority" "content-digest" "@query-param";name="Pet");created=1618884473;keyid="test-key-rsa-pss";tag="header-example"',
      ].join("\n"),
    );
    expect(isBy(RSA_PSS, read)).toBe(true);
  });

  test("B.2.3: everything, RSA-PSS", () => {
    const read = only(
      signed(
        TEST_REQUEST,
        "sig-b23",
        '("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-rsa-pss"',
        "bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==",
      ),
    );
    expect(read.base()).toContain('"@query": ?param=Value&Pet=dog\n"@authority": example.com\n');
    expect(isBy(RSA_PSS, read)).toBe(true);
  });

  test("B.2.4: a response, ECDSA P-256", () => {
    const read = only(
      signed(
        TEST_RESPONSE,
        "sig-b24",
        '("@status" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-ecc-p256"',
        "wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==",
      ),
    );
    expect(read.base()).toMatch(/^"@status": 200\n/);
    expect(isBy(P256, read)).toBe(true);
  });

  test("B.2.5: the base that the HMAC example signs", () => {
    const message = signed(
      TEST_REQUEST,
      "sig-b25",
      '("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"',
      "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=",
    );
    const read = only(message);
    const mac = createHmac("sha256", SHARED_SECRET).update(read.base()).digest();
    expect(mac).toEqual(Buffer.from(read.signature));
  });

  test("B.2.6: Ed25519, byte for byte", () => {
    const fields = signMessage(TEST_REQUEST, {
      label: "sig-b26",
      components: ["date", "@method", "@path", "@authority", "content-type", "content-length"].map((name) =>
        component(name),
      ),
      parameters: { created: 1618884473, keyid: "test-key-ed25519" },
      key: TEST_KEY_ED25519,
    });
    expect(fields).toEqual({
      "signature-input":
        'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
      signature: "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
    });
    const read = only({ ...TEST_REQUEST, fields: [...TEST_REQUEST.fields, ...Object.entries(fields)] });
    expect(read.base()).toBe(
      [
        '"date": Tue, 20 Apr 2021 02:07:55 GMT',
        '"@method": POST',
        '"@path": /foo',
        '"@authority": example.com',
        '"content-type": application/json',
        '"content-length": 18',
        '"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
      ].join("\n"),
    );
    expect(isBy(TEST_KEY_ED25519.public, read)).toBe(true);
  });

  test("B.4: what a proxy may change, and what it may not", () => {
    const request: RequestMessage = {
      method: "GET",
      url: "https://example.org/demo?name1=Value1&Name2=value2",
      fields: [
        ["Date", "Fri, 15 Jul 2022 14:24:55 GMT"],
        ["Accept", "application/json"],
        ["Accept", "*/*"],
      ],
    };
    const at = (change: Partial<RequestMessage>): RequestMessage =>
      signed(
        { ...request, ...change },
        "transform",
        '("@method" "@path" "@authority" "accept");created=1618884473;keyid="test-key-ed25519"',
        "ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA==",
      );
    const holds = (change: Partial<RequestMessage>) => isBy(TEST_KEY_ED25519.public, only(at(change)));
    expect(holds({})).toBe(true);
    expect(holds({ url: `${request.url}&param=added` })).toBe(true);
    expect(holds({ url: request.url.replace("https:", "http:") })).toBe(true);
    expect(holds({ fields: [["Accept", "application/json, */*"]] })).toBe(true);
    expect(holds({ fields: [["Accept", "*/*, application/json"]] })).toBe(false);
    expect(holds({ method: "POST" })).toBe(false);
    expect(holds({ url: "https://example.com/demo" })).toBe(false);
  });

  test("2.4: a response bound to its request, ECDSA P-256", () => {
    const response: ResponseMessage = {
      status: 503,
      fields: [
        ["Content-Type", "application/json"],
        [
          "Content-Digest",
          "sha-512=:0Y6iCBzGg5rZtoXS95Ijz03mslf6KAMCloESHObfwnHJDbkkWWQz6PhhU9kxsTbARtY2PTBOzq24uJFpHsMuAg==:",
        ],
      ],
      request: TEST_REQUEST,
    };
    const read = only(
      signed(
        response,
        "reqres",
        '("@status" "content-digest" "content-type" "@authority";req "@method";req "@path";req "content-digest";req);created=1618884479;keyid="test-key-ecc-p256"',
        "dMT/A/76ehrdBTD/2Xx8QuKV6FoyzEP/I9hdzKN8LQJLNgzU4W767HK05rx1i8meNQQgQPgQp8wq2ive3tV5Ag==",
      ),
    );
    expect(isBy(P256, read)).toBe(true);
  });
});

describe("components", () => {
  const request = (url: string, fields: RequestMessage["fields"] = []): RequestMessage => ({
    method: "GET",
    url,
    fields,
  });

  test.each([
    ["@authority", "https://WWW.Example.com:443/", "www.example.com"],
    ["@authority", "http://www.example.com:8080/", "www.example.com:8080"],
    ["@path", "https://www.example.com", "/"],
    ["@query", "https://www.example.com/path", "?"],
    ["@query", "https://www.example.com/path?queryString", "?queryString"],
    ["@target-uri", "https://www.example.com/path?param=value", "https://www.example.com/path?param=value"],
    ["@scheme", "http://www.example.com/", "http"],
    ["@request-target", "https://www.example.com/path?param=value", "/path?param=value"],
  ])("%s of %s", (name, url, value) => {
    expect(componentValue(request(url), component(name))).toBe(value);
  });

  test("2.2.8: query parameters, encoded anew", () => {
    const url =
      "https://example.com/parameters?var=this%20is%20a%20big%0Amultiline%20value&bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something";
    const of = (name: string) => componentValue(request(url), component("@query-param", { name }));
    expect(of("var")).toBe("this%20is%20a%20big%0Amultiline%20value");
    expect(of("bar")).toBe("with%20plus%20whitespace");
    expect(of("fa%C3%A7ade%22%3A%20")).toBe("something");
    expect(() => componentValue(request("https://e.com/?a=1&a=2"), component("@query-param", { name: "a" }))).toThrow(
      Malformed,
    );
  });

  test("2.1: fields are combined, unfolded and trimmed; sf, key and bs", () => {
    const fields: RequestMessage["fields"] = [
      ["X-OWS-Header", "  Leading and trailing whitespace.  "],
      ["X-Obs-Fold-Header", "Obsolete\r\n   line folding."],
      ["Cache-Control", "max-age=60"],
      ["Cache-Control", "   must-revalidate"],
      ["Example-Dict", " a=1,    b=2;x=1;y=2,   c=(a   b   c), d"],
      ["Example-Header", "value, with, lots"],
      ["Example-Header", "of, commas"],
    ];
    const of = (name: string, parameters = {}) =>
      componentValue(request("https://e.com/", fields), component(name, parameters));
    expect(of("x-ows-header")).toBe("Leading and trailing whitespace.");
    expect(of("x-obs-fold-header")).toBe("Obsolete line folding.");
    expect(of("cache-control")).toBe("max-age=60, must-revalidate");
    expect(of("example-dict", { sf: true })).toBe("a=1, b=2;x=1;y=2, c=(a b c), d");
    expect(of("example-dict", { key: "a" })).toBe("1");
    expect(of("example-dict", { key: "d" })).toBe("?1");
    expect(of("example-dict", { key: "b" })).toBe("2;x=1;y=2");
    expect(of("example-dict", { key: "c" })).toBe("(a b c)");
    expect(of("example-header", { bs: true })).toBe(":dmFsdWUsIHdpdGgsIGxvdHM=:, :b2YsIGNvbW1hcw==:");
    expect(() => of("example-dict", { key: "z" })).toThrow(Malformed);
    expect(() => of("x-ows-header", { sf: true })).toThrow(Malformed);
    expect(() => of("missing")).toThrow(Malformed);
    expect(() => of("example-dict", { tr: true })).toThrow(Malformed);
    expect(() => of("@nonsense")).toThrow(Malformed);
  });

  test("a line break in a field cannot add a component to what is signed", () => {
    const smuggled = request("https://e.com/", [["x", 'a\n"@method": DELETE']]);
    expect(() => componentValue(smuggled, component("x"))).toThrow(Malformed);
  });

  test("covering a component twice is refused", () => {
    const input = '("@method" "@method");created=1';
    expect(() => only(signed(TEST_REQUEST, "s", input, "AAAA")).base()).toThrow(Malformed);
  });

  test("identifiers keep their parameters in their order", () => {
    expect(identifierOf(component("Example-Dict", { key: "a", req: true }))).toBe('"example-dict";key="a";req');
  });
});

describe("what is no signature is one clear error", () => {
  const bad = (fields: RequestMessage["fields"]) => () => {
    for (const each of readSignatures({ method: "GET", url: "https://e.com/", fields })) each.base();
  };

  test.each<[string, RequestMessage["fields"]]>([
    ["one field without the other", [["Signature", "s=:AAAA:"]]],
    [
      "no dictionary",
      [
        ["Signature-Input", "(((("],
        ["Signature", "s=:AAAA:"],
      ],
    ],
    [
      "no list of components",
      [
        ["Signature-Input", "s=1"],
        ["Signature", "s=:AAAA:"],
      ],
    ],
    [
      "no bytes",
      [
        ["Signature-Input", "s=()"],
        ["Signature", "s=1"],
      ],
    ],
    [
      "another label",
      [
        ["Signature-Input", "s=()"],
        ["Signature", "t=:AAAA:"],
      ],
    ],
    [
      "a signature too many",
      [
        ["Signature-Input", "s=()"],
        ["Signature", "s=:AAAA:, t=:AAAA:"],
      ],
    ],
    [
      "created is a string",
      [
        ["Signature-Input", 's=();created="1"'],
        ["Signature", "s=:AAAA:"],
      ],
    ],
    [
      "keyid is a number",
      [
        ["Signature-Input", "s=();keyid=1"],
        ["Signature", "s=:AAAA:"],
      ],
    ],
    [
      "a component in upper case",
      [
        ["Signature-Input", 's=("Date")'],
        ["Signature", "s=:AAAA:"],
      ],
    ],
  ])("%s", (_, fields) => {
    expect(bad(fields)).toThrow(Malformed);
  });

  test("whatever the fields hold, nothing else is thrown", () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."()=\"';:,@s1 ?*") }));
    fc.assert(
      fc.property(text, text, (input, signature) => {
        try {
          bad([
            ["signature-input", input],
            ["signature", signature],
          ])();
        } catch (error) {
          expect(error).toBeInstanceOf(Malformed);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("Content-Digest", () => {
  test("RFC 9530 and RFC 9421: known digests", () => {
    expect(contentDigest('{"hello": "world"}\n')).toBe("sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:");
    expect(contentDigest(TEST_BODY, "sha-512")).toBe(TEST_REQUEST.fields[3]?.[1]);
  });

  test("any other body does not match, nor does a digest that proves nothing", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), fc.uint8Array({ maxLength: 50 }), (body, other) => {
        expect(matchesDigest(contentDigest(body), body)).toBe(true);
        expect(matchesDigest(contentDigest(body), other)).toBe(Buffer.from(body).equals(other));
      }),
    );
    expect(matchesDigest("md5=:1B2M2Y8AsgTpgAmY7PhCfg==:", "")).toBe(false);
    expect(matchesDigest("", "")).toBe(false);
    expect(matchesDigest("sha-256=1", "")).toBe(false);
    const both = `${contentDigest("a")}, ${contentDigest("b", "sha-512")}`;
    expect(matchesDigest(both, "a")).toBe(false);
  });
});

test("node's own verification agrees with the base that is built", () => {
  const input: Parameters<typeof signatureBase>[1] = [[["@method", new Map()]], new Map([["created", 1]])];
  const base = signatureBase(TEST_REQUEST, input);
  expect(base).toBe(`"@method": POST\n"@signature-params": ${serializeInnerList(input)}`);
  const signature = TEST_KEY_ED25519.sign(base);
  expect(verify(null, Buffer.from(base), TEST_KEY_ED25519.public.key, signature)).toBe(true);
});
