/** The first level: whatever reaches outside the run is proposed, and a person decides. */

import { staysInside } from "../guard/own-tools.ts";
import type { Invariant } from "../guard/request.ts";
import { ask } from "../guard/verdicts.ts";

export const proposeOnly: Invariant = ({ autonomy, tool }) =>
  autonomy === "propose" && !staysInside(tool.name)
    ? ask("propose only", "This run proposes, and you decide about each step outside of it.")
    : null;
