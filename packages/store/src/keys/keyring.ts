/**
 * The keys of the store, kept apart from the database: a master key, one key per run wrapped with it, and the
 * signing key of the heads. Losing a run's key is what erases the run.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign, verify } from "node:crypto";
import { closeSync, existsSync, fstatSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "../errors.ts";
import { seal, unseal } from "./cipher.ts";
import { wholePath } from "./key-folder.ts";
import { createFile, isCode, privateFolder, readIfThere, replaceFile, syncFolder } from "./private-file.ts";

export interface KeyRing {
  /**
   * The run's 32 byte key, or undefined when there is none.
   * @throws {StoreError} `erased` when the run was erased, `key missing` when the key cannot be unwrapped
   */
  get(run: string): Uint8Array | undefined;
  /** The run's key, made when there is none. @throws {StoreError} as `get` */
  create(run: string): Uint8Array;
  /** Destroys the run's key for good and remembers when; true when there was a key. */
  destroy(run: string): boolean;
  /** When the run was erased, in milliseconds since the epoch, or undefined. */
  erasedAt(run: string): number | undefined;
  /** Ed25519 signature (64 bytes). */
  sign(message: Uint8Array): Uint8Array;
  verify(message: Uint8Array, signature: Uint8Array): boolean;
  /** Seals what belongs to no run, such as schedules; `purpose` must be the same to open it. */
  seal(plain: Uint8Array, purpose: string): Uint8Array;
  /** Undefined when it was sealed by another ring or for another purpose. */
  unseal(sealed: Uint8Array, purpose: string): Uint8Array | undefined;
}

/** Keys as files that only their owner may read. Several workers may share the folder. */
export class FolderKeyRing implements KeyRing {
  readonly #folder: string;
  readonly #master: Buffer;
  readonly #private: ReturnType<typeof createPrivateKey>;
  readonly #public: ReturnType<typeof createPublicKey>;
  readonly #cache = new Map<string, Uint8Array>();

  constructor(folder: string) {
    this.#folder = wholePath(folder, "The folder of keys");
    privateFolder(join(folder, "keys"));
    this.#master = createFileOnce(join(folder, "master.key"), () => randomBytes(32));
    if (this.#master.length !== 32) {
      throw new StoreError(
        "key missing",
        `${join(folder, "master.key")} is not a key.`,
        "Restore it from a backup: without it no run can be read.",
      );
    }
    const der = createFileOnce(join(folder, "signing.key"), () =>
      generateKeyPairSync("ed25519").privateKey.export({ format: "der", type: "pkcs8" }),
    );
    this.#private = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    this.#public = createPublicKey(this.#private);
  }

  get(run: string): Uint8Array | undefined {
    const path = this.#path(run);
    const cached = this.#cache.get(run);
    // Another process may have erased the run since: the file decides, not the cache.
    if (cached && existsSync(path)) return cached;
    this.#cache.delete(run);
    const erased = this.erasedAt(run);
    if (erased !== undefined) {
      throw new StoreError(
        "erased",
        `Run ${run} was erased on ${new Date(erased).toISOString()}.`,
        "Its events cannot be read any more; that they were there, and in which order, can still be verified.",
        { code: 2 },
      );
    }
    const wrapped = readIfThere(path);
    if (!wrapped) return undefined;
    const key = unseal(this.#master, wrapped, Buffer.from(`run ${run}`));
    if (!key) {
      throw new StoreError(
        "key missing",
        `The key of run ${run} does not open with ${join(this.#folder, "master.key")}.`,
        "Restore the folder's master.key and keys from the same backup.",
      );
    }
    this.#cache.set(run, key);
    return key;
  }

  create(run: string): Uint8Array {
    const existing = this.get(run);
    if (existing) return existing;
    createFile(this.#path(run), seal(this.#master, randomBytes(32), Buffer.from(`run ${run}`)));
    const key = this.get(run);
    if (!key)
      throw new StoreError("key missing", `The key of run ${run} could not be stored.`, `Check ${this.#folder}.`);
    return key;
  }

  destroy(run: string): boolean {
    const path = this.#path(run);
    const cached = this.#cache.get(run);
    cached?.fill(0);
    this.#cache.delete(run);
    // The marker first: a crash between the two must not look like a lost key.
    if (this.erasedAt(run) === undefined) replaceFile(this.#tombstone(run), String(Date.now()), true);
    try {
      const handle = openSync(path, "r+");
      try {
        writeSync(handle, randomBytes(fstatSync(handle).size), 0);
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
    } catch (error) {
      if (isCode(error, "ENOENT")) return false;
      throw error;
    }
    rmSync(path);
    syncFolder(join(this.#folder, "keys"));
    return true;
  }

  erasedAt(run: string): number | undefined {
    const text = readIfThere(this.#tombstone(run))?.toString("utf8");
    return text === undefined ? undefined : Number(text) || 0;
  }

  sign(message: Uint8Array): Uint8Array {
    return sign(null, message, this.#private);
  }

  verify(message: Uint8Array, signature: Uint8Array): boolean {
    return signature.length === 64 && verify(null, message, this.#public, signature);
  }

  seal(plain: Uint8Array, purpose: string): Uint8Array {
    return seal(this.#master, plain, Buffer.from(`purpose ${purpose}`));
  }

  unseal(sealed: Uint8Array, purpose: string): Uint8Array | undefined {
    return unseal(this.#master, sealed, Buffer.from(`purpose ${purpose}`));
  }

  #path(run: string): string {
    return join(this.#folder, "keys", `${run}.key`);
  }

  #tombstone(run: string): string {
    return join(this.#folder, "keys", `${run}.erased`);
  }
}

function createFileOnce(path: string, make: () => Buffer): Buffer {
  return readIfThere(path) ?? createFile(path, make());
}
