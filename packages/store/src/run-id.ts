/** Names of runs: short, easy to read aloud, sorted by the time they were made. */
import { createHash, randomBytes } from "node:crypto";
import { StoreError } from "./errors.ts";

/** Crockford's digits: no i, l, o or u to mistake. */
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
const EPOCH = Date.UTC(2025, 0, 1);
/** 8 digits of milliseconds last until 2059. */
const TIME_DIGITS = 8;
const RANDOM_DIGITS = 5;

let latest = 0;

/** e.g. `r-1sh7k2m9-4x7qa`; rises with each call in a process. */
export function newRunId(): string {
  latest = Math.max(latest + 1, Date.now());
  return format(latest, randomBytes(RANDOM_DIGITS));
}

/** The same name each time it is asked for the same thing at the same time. */
export function runIdFor(at: number, thing: string): string {
  return format(at, createHash("sha256").update(`${thing} ${at}`).digest());
}

/** Run names are file names too. @throws {StoreError} `bad run id` */
export function checkRunId(run: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$/.test(run)) {
    throw new StoreError(
      "bad run id",
      `${JSON.stringify(run)} cannot be the name of a run.`,
      "Letters, digits, dots, dashes and underscores, 80 at most.",
      { code: 2 },
    );
  }
}

function format(at: number, random: Uint8Array): string {
  let time = "";
  for (let rest = Math.max(0, at - EPOCH), digit = 0; digit < TIME_DIGITS; digit++) {
    time = DIGITS[rest % 32] + time;
    rest = Math.floor(rest / 32);
  }
  const tail = Array.from(random.subarray(0, RANDOM_DIGITS), (byte) => DIGITS[byte % 32]).join("");
  return `r-${time}-${tail}`;
}
