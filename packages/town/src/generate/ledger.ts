/** The truth about a town, collected while its pages are written. */
import type { Fact, FactKind } from "../town.ts";

const TIERS = [1, 2, 3] as const;

/** That a page shows a fact: how hard it is to read there, and whether robots.txt lets one. */
export interface Showing {
  url: string;
  tier: (typeof TIERS)[number];
  reachable: boolean;
}

interface Claim {
  owner: string;
  kind: FactKind;
  value: string;
  showings: Showing[];
}

/** Facts by owner, kind and value, with every page that shows them. */
export class Ledger {
  readonly #claims = new Map<string, Claim>();

  claim(owner: string, kind: FactKind, value: string, showing: Showing): void {
    const key = `${owner}\n${kind}\n${value}`;
    const claim = this.#claims.get(key);
    if (claim === undefined) this.#claims.set(key, { owner, kind, value, showings: [showing] });
    else if (!claim.showings.some((known) => known.url === showing.url)) claim.showings.push(showing);
  }

  /** Facts in the order they were first stated. A value that is also the operator's is never a third party's. */
  facts(): Fact[] {
    const claims = [...this.#claims.values()];
    const operators = new Set(
      claims.filter((claim) => claim.owner === "operator").map((claim) => `${claim.kind}\n${claim.value}`),
    );
    return claims
      .filter((claim) => claim.owner === "operator" || !operators.has(`${claim.kind}\n${claim.value}`))
      .map((claim, i) => {
        const reachable = claim.showings.filter((showing) => showing.reachable);
        const counted = reachable.length > 0 ? reachable : claim.showings;
        return {
          id: `fact-${i + 1}`,
          owner: claim.owner,
          kind: claim.kind,
          value: claim.value,
          urls: claim.showings.map((showing) => showing.url),
          tier: TIERS.find((tier) => counted.some((showing) => showing.tier === tier)) ?? 3,
          reachable: reachable.length > 0,
        };
      });
  }
}
