/**
 * The planner that needs no model: best first over what is known, by the chance of learning something new per page.
 * It is a pure function of the view, and the same view with the same seed gives the same decision.
 */
import type { Decision } from "@candor/store";
import type { Mind, View } from "../../mind.ts";
import { audit } from "./audit.ts";
import { research } from "./research.ts";

export const scout = {
  decide: (view: View): Decision => (view.kind === "audit" ? audit(view) : research(view)),
} satisfies Mind;
