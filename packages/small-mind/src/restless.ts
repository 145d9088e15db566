/** A scout that now and then does something else, so that its pupil also sees where its own mistakes would lead (Laskey et al. 2017, DART). */
import type { View } from "@candor/agent";
import { scout } from "@candor/agent/scout";
import { optionsOf } from "@candor/agent/small";
import type { Decision } from "@candor/store";

/** Chance of something else, in towns that have any. */
const NOISE = 0.15;
/** Where a slip mostly leads: to a page rather than to a search. */
const TO_A_PAGE = 0.8;
const SLIPS = new Set(["open", "search", "breach_lookup", "finish"]);

/** In every third pair of towns it is the scout alone. */
export function restless(town: number): (view: View) => Decision {
  const noise = Math.floor(town / 2) % 3 === 0 ? 0 : NOISE;
  const unit = lots(town * 7919);
  return (view) => {
    const decision = scout.decide(view);
    const room = view.left.steps > 6 && view.left.pages > 5;
    if (!(unit() < noise && SLIPS.has(decision.tool) && room)) return decision;
    const leads = view.leads.filter(({ kind, value }) => kind === "page" && /^https?:/.test(value));
    const lead = unit() < TO_A_PAGE ? leads[Math.floor(unit() * leads.length)] : undefined;
    if (lead) return { thought: "", tool: "open", args: { url: lead.value } };
    const searches = optionsOf(view).options.filter(({ tool }) => tool === "search");
    const search = searches[Math.floor(unit() * searches.length)];
    return search ? { thought: "", tool: "search", args: search.args[0] } : decision;
  };
}

/** Numerical Recipes' generator: [0, 1). */
function lots(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
