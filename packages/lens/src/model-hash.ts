/** What tells one model from another: a hash of its shape and of every weight. */
import { createHash } from "node:crypto";
import type { DecoderConfig } from "@candor/transformer";
import type { WeightMap } from "./lens.ts";

/** SHA-256, in hexadecimal. */
export function modelHash({ config, weights }: { config: DecoderConfig; weights: WeightMap }): string {
  const hash = createHash("sha256").update(
    JSON.stringify(Object.entries(config).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  );
  for (const [name, values] of [...weights].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(name).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return hash.digest("hex");
}
