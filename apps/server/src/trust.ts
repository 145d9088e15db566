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
  #seeds: Seeds;
  #confirmed: string[] = [];

  constructor(operator: Operator, world: "town" | "web", proven: Proven | undefined) {
    this.#operator = operator;
    this.#world = world;
    this.#seeds = world === "town" ? operator.seeds : (proven?.seeds ?? NOBODY);
    this.pages.push(
      ...(proven?.proofs ?? []).filter((proof) => proof.expiresAt > Date.now()).map((proof) => proof.site),
    );
  }

  get seeds(): Seeds {
    return this.#seeds;
  }

  prove(proofs: readonly AccountProof[], documents: readonly Document[]): Seeds {
    this.pages.splice(0, this.pages.length, ...proofs.map((proof) => proof.site));
    if (this.#world === "web") this.#seeds = provenSeeds(this.#operator.seeds, proofs, documents, Date.now());
    return this.#seeds;
  }

  /** Handles of confirmed accounts may be looked up as well. */
  confirm(findings: FindingView[]): FindingView[] {
    this.#confirmed = findings.flatMap(({ kind, value }) => (kind === "username" ? (value.split("@")[0] ?? []) : []));
    return findings;
  }

  judge(request: GuardRequest): Verdict | null {
    if (HARMLESS.has(request.tool.name)) return null;
    return seedInvariant(request, { proven: this.pages.length > 0, confirmedHandles: this.#confirmed });
  }
}
