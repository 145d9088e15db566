/** What a person allowed "always": rules that runs started later begin with, until they are taken back. */
import { type Permissions, readGrant, resolvePermissions } from "@candor/oversight";
import type { Ledger } from "@candor/store";
import { z } from "zod";
import { badInput } from "../failure.ts";
import type { StandingPermission } from "./schemas.ts";

const STREAM = "standing-permissions";

const Given = z.object({
  rule: z.unknown(),
  sentence: z.string(),
  by: z.string(),
  run: z.string(),
  step: z.number().int(),
});
const Revoked = z.object({ revoked: z.number().int(), by: z.string() });

export class Standing {
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Those in force, oldest first. One of a run that was erased is gone with it. */
  async list(): Promise<StandingPermission[]> {
    const inForce = new Map<number, StandingPermission>();
    for (const { id, at, value } of await this.#ledger.read(STREAM)) {
      const revoked = Revoked.safeParse(value);
      if (revoked.success) inForce.delete(revoked.data.revoked);
      const given = Given.safeParse(value);
      // What cannot be read allows nothing.
      if (given.success && readGrant(given.data.rule)) inForce.set(id, { ...given.data, id, givenAt: at });
    }
    return [...inForce.values()];
  }

  async ids(): Promise<ReadonlySet<number>> {
    return new Set((await this.list()).map(({ id }) => id));
  }

  async give(permission: z.infer<typeof Given>): Promise<void> {
    await this.#ledger.append(STREAM, permission, { run: permission.run });
  }

  async revoke(id: number, by: string): Promise<void> {
    if (!(await this.ids()).has(id))
      throw badInput(`there is no standing permission ${id}`, "candor standing lists them.");
    await this.#ledger.append(STREAM, { revoked: id, by } satisfies z.infer<typeof Revoked>);
  }

  /** Permissions of a run that begins now. */
  async addTo(permissions: unknown): Promise<Permissions> {
    const own = resolvePermissions(permissions);
    const rules = (await this.list()).flatMap(({ id, rule }) => {
      const read = readGrant(rule);
      return read ? [{ ...read, standing: id }] : [];
    });
    return rules.length === 0 ? own : { ...own, rules: [...own.rules, ...rules] };
  }
}
