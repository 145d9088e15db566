/** The signed head of each run's chain: a file outside the database that says how far the chain goes. */
import { join } from "node:path";
import { z } from "zod";
import type { KeyRing } from "../keys/keyring.ts";
import { overwriteFile, privateFolder, readIfThere, replaceFile } from "../keys/private-file.ts";

const Head = z.object({
  run: z.string(),
  /** Number of the last event; 0 before the first. */
  seq: z.number().int().nonnegative(),
  /** Hash of that event, hex. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.number().int().nonnegative(),
  /** Ed25519 over the lines above, base64. */
  signature: z.string(),
});
export type Head = z.infer<typeof Head>;

/** Bytes of a head's file: longer than any head, and no disk writes half of it. */
const BLOCK = 512;

export class Heads {
  readonly #folder: string;
  readonly #keys: KeyRing;
  /** Number of the last event that this process signed, so that a late writer never moves a head back. */
  readonly #signed = new Map<string, number>();

  constructor(folder: string, keys: KeyRing) {
    this.#folder = folder;
    this.#keys = keys;
    privateFolder(folder);
  }

  /** Not synced to the disk at each step: a kill cannot tear or lose it, and after a power cut a head that lags is no error. */
  write(run: string, seq: number, hash: Uint8Array): void {
    if ((this.#signed.get(run) ?? -1) > seq) return;
    const head = { run, seq, hash: Buffer.from(hash).toString("hex"), at: Date.now() };
    const signature = Buffer.from(this.#keys.sign(message(head))).toString("base64");
    const block = Buffer.from(`${JSON.stringify({ ...head, signature }).padEnd(BLOCK - 1)}\n`);
    // A file of one block is overwritten in one piece; a new one in its place would take most of an append's time.
    if (!this.#signed.has(run) || !overwriteFile(this.#path(run), block)) replaceFile(this.#path(run), block, false);
    this.#signed.set(run, seq);
  }

  /** `missing`, `bad` (unreadable or not signed by this key ring), or the head. */
  read(run: string): Head | "missing" | "bad" {
    const bytes = readIfThere(this.#path(run));
    if (!bytes) return "missing";
    let json: unknown;
    try {
      json = JSON.parse(bytes.toString("utf8"));
    } catch {
      return "bad";
    }
    const parsed = Head.safeParse(json);
    if (!parsed.success || parsed.data.run !== run) return "bad";
    const head = parsed.data;
    return this.#keys.verify(message(head), Buffer.from(head.signature, "base64")) ? head : "bad";
  }

  #path(run: string): string {
    return join(this.#folder, `${run}.json`);
  }
}

function message(head: Omit<Head, "signature">): Buffer {
  return Buffer.from(`candor head 1\n${head.run}\n${head.seq}\n${head.hash}\n${head.at}\n`);
}
