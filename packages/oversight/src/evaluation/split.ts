/** Which part of a labelled set a trace belongs to. Fixed before anything was tuned; never change the salt or the share. */
import { createHash } from "node:crypto";

export type Part = "train" | "test";

const SALT = "candor monitors 2026-11";
/** Of 256. */
const TEST_SHARE = 102;

/** `test` for 40 % of all ids: by the first byte of the SHA-256 of salt, source and id, whatever else is in the set. */
export function partOf(source: string, id: string | number): Part {
  const [first = 0] = createHash("sha256").update(`${SALT}\n${source}\n${id}`).digest();
  return first < TEST_SHARE ? "test" : "train";
}
