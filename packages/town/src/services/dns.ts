/** The town's DNS, as far as proofs of ownership need it. */
import type { Host } from "../town.ts";

/** TXT records of `name`; none for a name that the town does not know. */
export function txtRecords(town: { hosts: Pick<Host, "name" | "txt">[] }, name: string): string[] {
  const wanted = name.toLowerCase().replace(/\.$/, "");
  return [...(town.hosts.find((host) => host.name === wanted)?.txt ?? [])];
}
