/** A mind may know an identifier by itself. In the clear it leaves no more than under its label. */
import { readingsOfText } from "../taint/readings.ts";
import { textsOf, WHOLE } from "./arguments.ts";
import { isOwnTool, staysInside } from "./own-tools.ts";
import type { Invariant } from "./request.ts";
import { deny } from "./verdicts.ts";

/** Arguments that go out as they stand; whatever else a tool of Candor's own is given is masked before it is performed. */
const AS_IS = new Set(["url", "query", "username"]);

/** @param count how many identifiers of the operator's and of others a text holds in the clear */
export const sealedValuesStay =
  (count: (text: string) => { yours: number; others: number }): Invariant =>
  ({ tool: { name, effect }, args }) => {
    if (staysInside(name)) return null;
    const own = isOwnTool(name);
    for (const [path, text] of textsOf(args)) {
      const asIs = !own || AS_IS.has(path);
      if (!asIs && (effect === "read" || path === WHOLE)) continue;
      const { plain, hidden, coded } = readingsOfText(text);
      // What is yours is known whichever way it is written; read backwards, any text may look like somebody's number.
      if ([text, ...plain, ...coded].some((reading) => count(reading).others > 0))
        return deny("others stay out", "It would pass on something about somebody else, which Candor never does.");
      if (asIs && [text, ...plain, ...hidden].some((reading) => count(reading).yours > 0))
        return deny(
          "masked stays masked",
          "It holds an identifier of yours in the clear, which must not leave the run.",
        );
    }
    return null;
  };
