import { generateKeyPairSync } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { calculateJwkThumbprint, type JWK } from "jose";
import { expect, test } from "vitest";
import { Malformed } from "../malformed.ts";
import { TEST_KEY_ED25519 } from "../testing/vectors.ts";
import { readPublicKey } from "./public-key.ts";
import { openSecret } from "./secret-file.ts";
import { derivedKey } from "./signing-key.ts";
import { thumbprint } from "./thumbprint.ts";

const folder = () => mkdtempSync(join(tmpdir(), "candor-keys-"));

test("RFC 8037, A.3: the thumbprint of an Ed25519 key", () => {
  const jwk = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };
  expect(thumbprint(jwk)).toBe("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
});

test("thumbprints are those of jose, for each kind of key", async () => {
  for (const kind of ["ec", "rsa"] as const) {
    const { publicKey } =
      kind === "ec"
        ? generateKeyPairSync("ec", { namedCurve: "P-256" })
        : generateKeyPairSync("rsa", { modulusLength: 2048 });
    const jwk = publicKey.export({ format: "jwk" });
    expect(thumbprint(jwk)).toBe(await calculateJwkThumbprint(jwk as JWK));
  }
  expect(TEST_KEY_ED25519.public.keyid).toBe("poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U");
});

test("a public key drops what is private, and takes no key that signs badly or not at all", () => {
  const read = readPublicKey({ ...TEST_KEY_ED25519.public.jwk, d: "n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU" });
  expect(read.jwk).not.toHaveProperty("d");
  expect(() => readPublicKey({ kty: "OKP", crv: "X25519", x: "AAAA" })).toThrow(Malformed);
  expect(() => readPublicKey({ kty: "OKP", crv: "Ed25519", x: "AAAA" })).toThrow(Malformed);
  expect(() => readPublicKey({ kty: "RSA", e: "AQAB", n: "r4tmm3r20Wd_PbqvP1s2" })).toThrow(Malformed);
  expect(() => readPublicKey("key")).toThrow(Malformed);
});

test("one secret gives each purpose a key of its own, the same each time", () => {
  const secret = Buffer.alloc(32, 7);
  const names = ["requests", "operator", "run:1", "run:2"];
  const keys = names.map((name) => derivedKey(secret, name).public.keyid);
  expect(new Set(keys).size).toBe(names.length);
  expect(derivedKey(secret, "run:1").public.keyid).toBe(keys[2]);
});

test("the secret is made once, and only its owner can read it", () => {
  const path = join(folder(), "agent.secret");
  const made = openSecret(path);
  expect(made).toHaveLength(32);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(openSecret(path)).toEqual(made);
  chmodSync(path, 0o644);
  expect(() => openSecret(path)).toThrow(/read by others/);
});

test("a file that is no secret is left as it is", () => {
  const path = join(folder(), "agent.secret");
  writeFileSync(path, "nonsense", { mode: 0o600 });
  expect(() => openSecret(path)).toThrow(Malformed);
  expect(readFileSync(path, "utf8")).toBe("nonsense");
});
