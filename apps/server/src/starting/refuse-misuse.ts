import { IdentityStore, isCurrent, personalGoal } from "@candor/exposure";
import { badInput } from "../failure.ts";

/** On the web nothing identity-linked begins before an account is proven, and nothing at all about somebody else. */
export function refuseMisuse(kind: "audit" | "run", goal: string, home: string): void {
  const identity = new IdentityStore(home);
  const record = identity.exists() ? identity.load() : undefined;
  const proven = record?.proofs.some((proof) => isCurrent(proof, Date.now())) ?? false;
  const about =
    kind === "audit" ? "operator" : personalGoal(goal, record?.seeds ?? { names: [], usernames: [], sites: [] }).about;
  if (about === "other")
    throw badInput("Candor looks for nobody but its operator, and this goal is about somebody else");
  if (about === "operator" && !proven) {
    throw badInput(
      "none of your accounts is proven to be yours yet",
      record
        ? "candor me prove"
        : "candor me set, then candor me prove. Or try the simulated web: candor audit --world town",
    );
  }
}
