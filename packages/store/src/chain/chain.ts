/**
 * The hash chain of a run. Each event's hash covers the hash before it, so that no event can be changed, removed or
 * moved without every later hash changing; the signed head, kept outside the database, fixes the last one.
 */
import { createHash } from "node:crypto";

/** An event as it lies in the database. */
export interface Row {
  readonly run: string;
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly type: string;
  /** Hash of the event before; `GENESIS` for the first. */
  readonly prev: Uint8Array;
  readonly hash: Uint8Array;
  /** Sealed with the run's key. */
  readonly payload: Uint8Array;
}

export const GENESIS: Uint8Array = new Uint8Array(32);

/** Canonical bytes of everything about an event but its payload; also what its payload is sealed with. */
export function context(row: Omit<Row, "hash" | "payload">): Buffer {
  const run = Buffer.from(row.run);
  const type = Buffer.from(row.type);
  const numbers = Buffer.alloc(24);
  numbers.writeBigUInt64BE(BigInt(row.seq), 0);
  numbers.writeBigUInt64BE(BigInt(row.at), 8);
  // Lengths make the encoding injective: no two events have the same bytes.
  numbers.writeUInt32BE(run.length, 16);
  numbers.writeUInt32BE(type.length, 20);
  return Buffer.concat([Buffer.from("candor event 1\n"), numbers, run, type, row.prev]);
}

/** sha256 over context and sealed payload. */
export function hashOf(row: Omit<Row, "hash">): Buffer {
  return createHash("sha256").update(context(row)).update(row.payload).digest();
}

export function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
