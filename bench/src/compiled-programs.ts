/** Programs that are compiled to transformers, so that their circuits are known. */
import { programs, type Sequence, type Value } from "@candor/lens";

export const LONGEST = 6;
const LETTERS = ["a", "b", "c"];

export const COMPILED: Record<
  string,
  { program: Sequence; vocabulary: readonly Value[]; examples?: readonly Value[][] }
> = {
  reverse: { program: programs.reverse(), vocabulary: LETTERS },
  proportion: { program: programs.proportion("a"), vocabulary: LETTERS },
  histogram: { program: programs.histogram(), vocabulary: LETTERS },
  sort: { program: programs.sort(LETTERS, LONGEST), vocabulary: LETTERS },
  frequency: { program: programs.sortByFrequency(LONGEST), vocabulary: LETTERS },
  "balanced brackets": {
    ...{ program: programs.balanced("(", ")"), vocabulary: ["(", ")"] },
    // Of random ones hardly any is balanced: all with as many of both come first.
    examples: Array.from({ length: 2 ** LONGEST }, (_, n) =>
      Array.from({ length: LONGEST }, (_each, bit) => ((n >> bit) & 1 ? ")" : "(")),
    ).filter((each) => each.filter((one) => one === "(").length === LONGEST / 2),
  },
  "previous token": { program: programs.previousToken(), vocabulary: LETTERS },
  "duplicate removal": { program: programs.withoutDuplicates(LETTERS, LONGEST), vocabulary: LETTERS },
};
