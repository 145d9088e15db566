/** What texts are about, as sets of word stems: rough, the same for every language of Latin letters, and quick. */

import { lately } from "../bait/lately.ts";

const STOP = new Set(
  "a an the and or but if then than that this these those there here it its is are was were be been being am do does did done have has had having will would shall should can could may might must not no nor so as at by for from in into of off on onto out over to up with without about after again all any both each few more most other some such only own same too very just now i me my mine we our us you your yours he him his she her they them their what which who whom whose when where why how please also one two get got let user agent tool action input result results true false null none http https www com org net example".split(
    " ",
  ),
);

/** A word without its ending: `payments`, `paying` and `paid` are near enough to `pay` only where English is regular. */
export function stem(word: string): string {
  let root = word.replace(/'s$/, "");
  if (root.length > 5) root = root.replace(/(?:ing|ed|ly|ment|ments)$/, "");
  if (root.length > 3) root = root.replace(/(?<=[^s])s$|(?<=ch|sh|x)es$/, "");
  return root.length > 4 ? root.replace(/e$|(?<=([bdgmnprt]))\1$/, "") : root;
}

const MOST_STEMS = 4_000;

/** Stems of the words of a text that mean something; numbers of three digits and more are words too. */
export const stemsOf = lately((text: string): ReadonlySet<string> => {
  const split = text.replace(/([a-z\d])([A-Z])/g, "$1 $2").toLowerCase();
  const stems = new Set<string>();
  for (const [word] of split.matchAll(/\p{L}(?:'?\p{L}){1,40}|\d{3,}/gu)) {
    if (STOP.has(word)) continue;
    stems.add(stem(word));
    if (stems.size >= MOST_STEMS) break;
  }
  return stems;
});

export const shared = (a: ReadonlySet<string>, b: ReadonlySet<string>): string[] =>
  [...a].filter((each) => b.has(each));
