/** What an approval is bound to, besides its run and its step. */
import { createHash } from "node:crypto";

/** sha256 of a JSON value, hex. */
export const hashOf = (value: object): string => createHash("sha256").update(JSON.stringify(value)).digest("hex");
