/** The operator's identity on disk: `identity.json`, its sealed part encrypted, the whole of it authenticated. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type KeyPlace, keyFile, overwrite, systemKeychain } from "./keychain.ts";
import { type Identity, IdentityError, IdentitySeeds, Sealed } from "./schema.ts";

/** That a page is the operator's. The token is public; it stands on the page. */
export const AccountProof = z.strictObject({
  site: z.string(),
  method: z.enum(["token", "rel-me", "dns"]),
  provenAt: z.number(),
  expiresAt: z.number(),
  /** For `rel-me`: the proven page that links back. */
  via: z.string().optional(),
});
export type AccountProof = z.infer<typeof AccountProof>;

/** A one-time code on its way. Only a salted hash of the code is kept. */
export const Challenge = z.strictObject({
  kind: z.enum(["phone", "e-mail"]),
  index: z.number().int().nonnegative(),
  salt: z.string(),
  hash: z.string(),
  expiresAt: z.number(),
  tries: z.number().int().nonnegative(),
});
export type Challenge = z.infer<typeof Challenge>;

/** Which entries of `sealed.phones` and `sealed.emails` were confirmed by a one-time code, by index. */
export const Verified = z.strictObject({
  phones: z.array(z.number().int().nonnegative()).default([]),
  emails: z.array(z.number().int().nonnegative()).default([]),
});
export type Verified = z.infer<typeof Verified>;

export interface IdentityRecord extends Identity {
  /** Stands on a page as `candor-proof=TOKEN`. */
  token: string;
  proofs: AccountProof[];
  verified: Verified;
  challenge: Challenge | null;
  /** Times at which codes were sent, for the rate limit. */
  codesSent: number[];
}

const Open = z.strictObject({
  seeds: IdentitySeeds,
  token: z.string().regex(/^[a-z2-7]{20,60}$/),
  proofs: z.array(AccountProof),
});
const Secret = z.strictObject({
  sealed: Sealed,
  verified: Verified,
  challenge: Challenge.nullable(),
  codesSent: z.array(z.number()),
});
const File = z.strictObject({
  version: z.literal(1),
  key: z.enum(["keychain", "file"]),
  open: Open,
  sealed: z.strictObject({ iv: z.string(), tag: z.string(), data: z.string() }),
});

export interface IdentityStoreOptions {
  /** Keeps the key in the system's keychain where there is one. Default: the key file. */
  keychain?: boolean;
}

export class IdentityStore {
  readonly path: string;
  readonly #home: string;
  readonly #keychain: boolean;

  /** @param home Candor's data folder */
  constructor(home: string, options: IdentityStoreOptions = {}) {
    this.#home = home;
    this.path = join(home, "identity.json");
    this.#keychain = options.keychain ?? false;
  }

  exists(): boolean {
    return existsSync(this.path);
  }

  /**
   * Writes a new identity or replaces the old one. A number or address that stays keeps its verification; proofs stay.
   * @param identity as `parseIdentity` gave it
   */
  save(identity: Identity): IdentityRecord {
    const old = this.exists() ? this.load() : null;
    const kept = (now: string[], before: string[] | undefined, verified: number[] | undefined) =>
      now.flatMap((value, index) => {
        const was = before?.indexOf(value) ?? -1;
        return was >= 0 && verified?.includes(was) ? [index] : [];
      });
    const record: IdentityRecord = {
      seeds: identity.seeds,
      sealed: identity.sealed,
      token: old?.token ?? newToken(),
      proofs: old?.proofs ?? [],
      verified: {
        phones: kept(identity.sealed.phones, old?.sealed.phones, old?.verified.phones),
        emails: kept(identity.sealed.emails, old?.sealed.emails, old?.verified.emails),
      },
      challenge: null,
      codesSent: old?.codesSent ?? [],
    };
    this.#write(record);
    return record;
  }

  /** @throws {IdentityError} where there is none, the key is missing, or the file was changed by anything but Candor */
  load(): IdentityRecord {
    if (!this.exists()) throw new IdentityError("No identity is set up: run `candor me set` first.");
    const file = this.#read();
    const key = this.#place(file.key).read();
    if (key === null)
      throw new IdentityError(
        `The key of ${this.path} is missing: restore it, or delete the identity and set it up again.`,
      );
    try {
      const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(file.sealed.iv, "base64"), {
        authTagLength: 16,
      });
      decipher.setAAD(Buffer.from(JSON.stringify(file.open)));
      decipher.setAuthTag(Buffer.from(file.sealed.tag, "base64"));
      const text = Buffer.concat([decipher.update(Buffer.from(file.sealed.data, "base64")), decipher.final()]).toString(
        "utf8",
      );
      return { ...file.open, ...Secret.parse(JSON.parse(text)) };
    } catch {
      // The cause may quote sealed values, so it goes no further.
      throw new IdentityError(
        `${this.path} was changed outside Candor or belongs to another key: delete the identity and set it up again.`,
      );
    }
  }

  /** Loads, changes and writes the record in one go. */
  update(change: (record: IdentityRecord) => IdentityRecord): IdentityRecord {
    const record = change(this.load());
    this.#write(record);
    return record;
  }

  /** Overwrites and removes identity and key. Nothing sealed can be read any more. */
  delete(): void {
    let key: "keychain" | "file" = "file";
    try {
      if (this.exists()) key = this.#read().key;
    } finally {
      overwrite(this.path);
      keyFile(this.#home).remove();
      if (key === "keychain") systemKeychain(this.#home)?.remove();
    }
  }

  #read(): z.infer<typeof File> {
    try {
      return File.parse(JSON.parse(readFileSync(this.path, "utf8")));
    } catch {
      throw new IdentityError(`${this.path} is damaged: restore it, or delete the identity and set it up again.`);
    }
  }

  #place(name: "keychain" | "file"): KeyPlace {
    const place = name === "keychain" ? systemKeychain(this.#home) : keyFile(this.#home);
    if (place === null)
      throw new IdentityError("The system's keychain, which holds the identity's key, does not answer.");
    return place;
  }

  #write(record: IdentityRecord): void {
    mkdirSync(this.#home, { recursive: true, mode: 0o700 });
    const wanted = this.exists()
      ? this.#read().key
      : this.#keychain && systemKeychain(this.#home) !== null
        ? "keychain"
        : "file";
    const place = this.#place(wanted);
    let key = place.read();
    if (key === null) {
      key = randomBytes(32);
      place.write(key);
    }
    const { sealed, verified, challenge, codesSent, ...rest } = record;
    const open = Open.parse(rest);
    const iv = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: 16 });
    cipher.setAAD(Buffer.from(JSON.stringify(open)));
    const data = Buffer.concat([
      cipher.update(JSON.stringify({ sealed, verified, challenge, codesSent }), "utf8"),
      cipher.final(),
    ]);
    const file = {
      version: 1,
      key: wanted,
      open,
      sealed: { iv: iv.toString("base64"), tag: cipher.getAuthTag().toString("base64"), data: data.toString("base64") },
    };
    // Written beside and moved over, so that a crash leaves the old file or the new one.
    const part = `${this.path}.part`;
    const handle = openSync(part, "w", 0o600);
    try {
      writeSync(handle, `${JSON.stringify(file, null, 2)}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(part, this.path);
  }
}

/** 130 bits in base 32. */
function newToken(): string {
  return [...randomBytes(26)].map((byte) => "abcdefghijklmnopqrstuvwxyz234567"[byte & 31]).join("");
}
