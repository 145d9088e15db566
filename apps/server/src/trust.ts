/** What a run may take for granted about its operator: on the web only what a proven page states. */
import type { Document, FindingView, GuardRequest, Seeds } from "@candor/agent";
import { type Proven, provenSeeds, seedInvariant } from "@candor/exposure";
import type { Verdict } from "@candor/store";
import type { Operator } from "./operator.ts";

type AccountProof = Proven["proofs"][number];

/** Tools that ask nobody about anybody: they stay usable before anything is proven. */
const HARMLESS = new Set(["prove", "plan", "remember", "recall", "wait", "finish", "read_file", "list_files"]);
const NOBODY: Seeds = { names: [], usernames: [], sites: [] };

export class Trust {
  /** Addresses of proven pages; grows in place. */
  readonly pages: string[] = [];
  readonly #operator: Operator;
  readonly #world: "town" | "web";
  readonly #now: () => number;
  #seeds: Seeds;
  #provenUntil = 0;
  #confirmed: string[] = [];

  /**
   * @param proven what the run's log says; it counts while the proof lasts and the identity still names the page
   * @param now milliseconds since the epoch; another clock for what happened in the past
   */
  constructor(operator: Operator, world: "town" | "web", proven: Proven | undefined, now: () => number = Date.now) {
    this.#now = now;
    this.#operator = operator;
    this.#world = world;
    const proofs = (proven?.proofs ?? []).filter(
      ({ site, expiresAt }) => expiresAt > now() && operator.sites.includes(site),
    );
    this.#take(proofs);
    const stated = proven && proofs.length > 0 ? both(proven.seeds, operator.seeds) : NOBODY;
    this.#seeds = world === "town" ? operator.seeds : stated;
  }

  get seeds(): Seeds {
    return this.#seeds;
  }

  prove(proofs: readonly AccountProof[], documents: readonly Document[]): Seeds {
    this.#take(proofs);
    if (this.#world === "web") this.#seeds = provenSeeds(this.#operator.seeds, proofs, documents, this.#now());
    return this.#seeds;
  }

  #take(proofs: readonly AccountProof[]): void {
    this.pages.splice(0, this.pages.length, ...proofs.map((proof) => proof.site));
    this.#provenUntil = Math.max(0, ...proofs.map((proof) => proof.expiresAt));
  }

  /** Handles of confirmed accounts may be looked up as well. */
  confirm(findings: FindingView[]): FindingView[] {
    this.#confirmed = findings.flatMap(({ kind, value }) => (kind === "username" ? (value.split("@")[0] ?? []) : []));
    return findings;
  }

  judge(request: GuardRequest): Verdict | null {
    if (HARMLESS.has(request.tool.name)) return null;
    return seedInvariant(request, { proven: this.#provenUntil > this.#now(), confirmedHandles: this.#confirmed });
  }
}

/** What was proven and is still part of the identity: it may have been deleted or changed since. */
function both(proven: Proven["seeds"], own: Seeds): Seeds {
  const kept = (list: readonly string[], of: readonly string[]) => list.filter((each) => of.includes(each));
  return {
    names: kept(proven.names, own.names),
    usernames: kept(proven.usernames, own.usernames),
    sites: kept(proven.sites, own.sites),
    ...(proven.city !== undefined && proven.city === own.city && { city: proven.city }),
    ...(proven.employer !== undefined && proven.employer === own.employer && { employer: proven.employer }),
  };
}
