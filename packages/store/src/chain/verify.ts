/** Finds out whether a run's events are all there, in order and as they were written. Pure. */
import { unseal } from "../keys/cipher.ts";
import { context, GENESIS, hashOf, type Row, same } from "./chain.ts";
import type { Head } from "./head.ts";

export type Problem = "changed" | "removed" | "reordered" | "cut off" | "rewritten" | "head missing" | "bad signature";

export interface Verification {
  ok: boolean;
  /** Events in the database. */
  events: number;
  problem?: Problem;
  /** Number of the first event that is wrong. */
  at?: number;
  /** One sentence for a person. */
  explanation: string;
}

/**
 * @param rows every row of the run by rising seq
 * @param head what is kept outside the database
 * @param key the run's key, or undefined when it was erased: then only the hashes are checked
 */
export function verifyChain(
  rows: readonly Row[],
  head: Head | "missing" | "bad",
  key: Uint8Array | undefined,
): Verification {
  const bad = (problem: Problem, explanation: string, at?: number): Verification => ({
    ok: false,
    events: rows.length,
    problem,
    ...(at === undefined ? {} : { at }),
    explanation,
  });

  const broken = firstBroken(rows, typeof head === "string" ? 0 : head.seq);
  if (broken) return bad(broken.problem, broken.explanation, broken.at);

  if (head === "missing") {
    return bad("head missing", "The signed head of this run is gone, so nobody can say where its chain should end.");
  }
  if (head === "bad") return bad("bad signature", "The head of this run is not signed by this installation's key.");

  const last = rows.length;
  if (last < head.seq) {
    return bad("cut off", `Events ${last + 1} to ${head.seq} are missing from the end.`, last + 1);
  }
  const signed = head.seq === 0 ? GENESIS : rows[head.seq - 1]?.hash;
  const forged = key ? rows.find((row) => unseal(key, row.payload, context(row)) === undefined) : undefined;
  if (!signed || !same(signed, Buffer.from(head.hash, "hex"))) {
    return bad(
      "rewritten",
      `The chain fits together, but event ${head.seq} is not the one whose hash was signed: it was written anew${forged ? ` from event ${forged.seq} on` : ""}.`,
      forged?.seq ?? head.seq,
    );
  }
  if (forged) {
    return bad("rewritten", `Event ${forged.seq} was not written with this run's key.`, forged.seq);
  }
  const lag = last - head.seq;
  const notes = [
    lag > 0 ? `the head lags ${lag} behind, as after a crash; those events open with the run's key` : "",
    key ? "" : "the run was erased, so only hashes could be checked",
  ].filter(Boolean);
  // Without the key nothing tells events behind the head from forged ones.
  if (lag > 0 && !key) {
    return bad(
      "rewritten",
      `Events ${head.seq + 1} to ${last} come after the signed head of an erased run.`,
      head.seq + 1,
    );
  }
  return {
    ok: true,
    events: last,
    explanation: `All ${last} events are there, in order and unchanged${notes.length > 0 ? ` (${notes.join("; ")})` : ""}.`,
  };
}

interface Broken {
  problem: Problem;
  at: number;
  explanation: string;
}

/** @param signed how many events there were when the head was signed */
function firstBroken(rows: readonly Row[], signed: number): Broken | undefined {
  let prev: Uint8Array = GENESIS;
  for (const [index, row] of rows.entries()) {
    const seq = index + 1;
    if (row.seq !== seq) return { problem: "removed", at: seq, explanation: `Event ${seq} is missing.` };
    if (!same(hashOf(row), row.hash) || !same(row.prev, prev)) return explainBreak(row, prev, rows, signed);
    prev = row.hash;
  }
  return undefined;
}

/** A row that does not fit: it may be another event's content, moved here, or content that nobody wrote. */
function explainBreak(row: Row, prev: Uint8Array, rows: readonly Row[], signed: number): Broken {
  const at = row.seq;
  const hashes = new Set(rows.map((other) => hex(other.hash)));
  const wrote = (candidate: Row, seq: number, before: Uint8Array) =>
    hashes.has(hex(hashOf({ ...candidate, seq, prev: before })));
  const origin = Array.from({ length: Math.max(rows.length, signed) }, (_, index) => index + 1).find(
    (seq) =>
      seq !== at &&
      (wrote(row, seq, row.prev) || rows.some((other) => other.seq === seq && wrote(row, seq, other.prev))),
  );
  if (origin === undefined) return { problem: "changed", at, explanation: `Event ${at} is not what was written.` };
  // Moved up because what belonged here is gone, or swapped with it?
  if (rows.some((other) => wrote(other, at, prev))) {
    return { problem: "reordered", at, explanation: `Event ${at} holds what was written as event ${origin}.` };
  }
  return { problem: "removed", at, explanation: `Event ${at} is missing; event ${origin} was put in its place.` };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
