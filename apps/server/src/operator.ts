import type { Seeds } from "@candor/agent";
import { createMasker, createVault, IdentityStore, type Vault } from "@candor/exposure";
import type { WorldConfig } from "@candor/store";
import type { TownWorker } from "@candor/town";
import type { Towns } from "./towns.ts";

export interface Operator {
  seeds: Seeds;
  vault: Vault;
  /** Stands on a page of the operator's to prove that it is theirs. */
  token: string;
  /** Pages to prove, best first. */
  sites: readonly string[];
}

export function persona({ truth }: Pick<TownWorker, "truth">): Operator {
  const { seeds, sealed, proof } = truth.persona;
  const everything = { phones: sealed.phones.map((_, i) => i), emails: sealed.emails.map((_, i) => i) };
  return {
    seeds,
    vault: createVault(sealed, seeds, everything),
    token: proof.token,
    sites: [...new Set([proof.url, ...seeds.sites])],
  };
}

/** The identity of the home folder, or nobody: then nothing identity-linked can be done. */
export function operatorOf(home: string): Operator | null {
  const store = new IdentityStore(home);
  if (!store.exists()) return null;
  const { seeds, sealed, verified, token, proofs } = store.load();
  return {
    seeds,
    vault: createVault(sealed, seeds, verified),
    token,
    sites: [...new Set([...proofs.map((proof) => proof.site), ...seeds.sites])],
  };
}

/** Who a run in `world` works for. */
export async function operatorIn(home: string, towns: Towns, world: WorldConfig): Promise<Operator> {
  return world.kind === "web" ? (operatorOf(home) ?? nobody()) : inTown(towns, world);
}

/** Rewrites what the operator says so that no identifier is in the clear, not even one of theirs; names stay. */
export async function ownWords(home: string, towns: Towns, world: WorldConfig): Promise<(text: string) => string> {
  const { vault } = await operatorIn(home, towns, world);
  const masker = createMasker(vault, { names: false });
  return (text) => masker.text(text).text;
}

async function inTown(towns: Towns, world: Extract<WorldConfig, { kind: "town" }>): Promise<Operator> {
  const { town, release } = await towns.use(world);
  try {
    return persona(town);
  } finally {
    release();
  }
}

export function nobody(): Operator {
  const seeds: Seeds = { names: [], usernames: [], sites: [] };
  return {
    seeds,
    vault: createVault({ phones: [], emails: [], addresses: [], birthDates: [] }, seeds),
    token: "",
    sites: [],
  };
}
