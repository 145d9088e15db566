/** Raters of a home: added and revoked by the operator, known by their tokens. */
import { digestOf, newRaterToken, OPERATOR, raterOf } from "@candor/oversight";
import { badInput } from "../failure.ts";
import type { Raters } from "./judgments.ts";
import type { Notes } from "./notes.ts";

/** All that a rater's token opens: judging, without seeing what others said. */
const OPENS = /^\/api\/judgments(?:\/(?:queue|mine|withdraw))?$/;
/** Names of what else writes judgments. */
const TAKEN = new Set([OPERATOR, "import"]);

export function createRaters(notes: Notes): Raters {
  return {
    list: async () => {
      const { items } = await notes.judgments();
      const judged = new Map<string, number>();
      for (const { judgments } of items.values())
        for (const rater of judgments.keys()) judged.set(rater, (judged.get(rater) ?? 0) + 1);
      return [...(await notes.raters()).values()]
        .map(({ name, since, revoked }) => ({ name, since, revoked, judged: judged.get(name) ?? 0 }))
        .sort((x, y) => (x.name < y.name ? -1 : 1));
    },
    add: async (name, by) => {
      if (TAKEN.has(name.toLowerCase())) throw badInput(`${name} is Candor's own name`, "Choose another one.");
      const known = (await notes.raters()).get(name);
      if (known && !known.revoked)
        throw badInput(`there is a rater ${name} already`, `candor raters revoke ${name} takes their token away.`);
      const token = newRaterToken();
      const digest = digestOf(token);
      await notes.rater({ type: "added", name, digest, by });
      // Of two who add the same name at once, one token is theirs.
      if ((await notes.raters()).get(name)?.digest !== digest) throw badInput(`there is a rater ${name} already`);
      return { name, token };
    },
    revoke: async (name, by) => {
      const known = (await notes.raters()).get(name);
      if (!known || known.revoked) throw badInput(`there is no rater ${name}`, "candor raters lists them.");
      await notes.rater({ type: "revoked", name, by });
    },
    roleOf: async (token) => {
      if (!token.startsWith("cr_")) return undefined;
      const rater = raterOf(await notes.raters(), token);
      return rater && { name: rater.name, paths: OPENS };
    },
  };
}
