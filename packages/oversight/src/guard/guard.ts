/** Judges each proposal: fixed invariants, then any deny, then the most specific of ask and allow. */
import type { Verdict } from "@candor/store";
import { proposeOnly } from "../autonomy/propose-only.ts";
import { decide, stricter } from "../permissions/decide.ts";
import { PermissionsError, resolvePermissions } from "../permissions/parse.ts";
import { noDataInAddresses, noMaskedLabelsOut, nothingUnread, onlyWebAddresses } from "./exfiltration.ts";
import { childGoalIsAsked, noDodgingTheStop, noPageOrders, ownWords, pageTextIsAsked } from "./page-text.ts";
import { noPlaceholders } from "./placeholders.ts";
import type { GuardRequest, Invariant } from "./request.ts";

/** Hold in every run, whatever its permissions. */
export const invariants: readonly Invariant[] = [
  nothingUnread,
  noMaskedLabelsOut,
  onlyWebAddresses,
  noDataInAddresses,
  noPageOrders,
  ownWords,
  childGoalIsAsked,
  noDodgingTheStop,
  noPlaceholders,
  pageTextIsAsked,
  proposeOnly,
];

export interface Guard {
  judge(request: GuardRequest): Verdict;
}

/** @param options.invariants more of them, asked before the built-in ones */
export function createGuard(options: { invariants?: Invariant[] } = {}): Guard {
  const all = [...(options.invariants ?? []), ...invariants];
  return {
    judge(request) {
      let strictest: Verdict | undefined;
      for (const invariant of all) {
        const verdict = invariant(request);
        if (verdict?.outcome === "deny") return verdict;
        if (verdict) strictest = strictest ? stricter(strictest, verdict) : verdict;
      }
      const permitted = permit(request);
      // An invariant that allows takes nothing away from the permissions.
      return strictest ? stricter(strictest, permitted) : permitted;
    },
  };
}

function permit(request: GuardRequest): Verdict {
  try {
    return decide(resolvePermissions(request.permissions), request);
  } catch (error) {
    if (!(error instanceof PermissionsError)) throw error;
    return { outcome: "deny", rule: "unreadable permissions", reason: `${error.message} ${error.hint}` };
  }
}
