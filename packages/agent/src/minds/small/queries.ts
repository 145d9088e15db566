/** Queries in the small mind's words. */
import { type Purpose, type Query, queriesFor } from "../scout/queries.ts";
import { isNew, type Situation } from "../scout/situation.ts";
import { countWord, kindWord, WORDS } from "./vocabulary.ts";

export interface WordedQuery extends Query {
  /** After `search`. */
  words: string;
  /** Of the thought. */
  why: string;
  /** Not one of the queries that there always are: the view has to tell of it. */
  isNews: boolean;
}

/** Those that may be asked, of several with the same words one; and the words of those that there always are and that were asked. */
export function queriesOf(situation: Situation): { open: WordedQuery[]; asked: string[] } {
  const all = queriesFor(situation).flatMap((query): WordedQuery[] => {
    const worded = wordsOf(query.purpose);
    // A fifth name has no word.
    return worded.words.split(" ").every((word) => WORDS.includes(word)) ? [{ ...query, ...worded }] : [];
  });
  // Of further results those of the newest search.
  const inOrder = [
    ...all.filter(({ purpose }) => purpose.kind !== "further"),
    ...all.filter(({ purpose }) => purpose.kind === "further").toReversed(),
  ];
  const open = new Map<string, WordedQuery>();
  const asked: string[] = [];
  for (const query of inOrder) {
    if (isNew(situation, "search", query.args)) open.set(query.words, open.get(query.words) ?? query);
    else if (!query.isNews) asked.push(query.words);
  }
  return { open: [...open.values()], asked: asked.sort((a, b) => WORDS.indexOf(a) - WORDS.indexOf(b)) };
}

function wordsOf(purpose: Purpose): Pick<WordedQuery, "words" | "why" | "isNews"> {
  const always = (words: string, why: string) => ({ words: `q-${words}`, why, isNews: false });
  const news = (words: string, why: string) => ({ words, why, isNews: true });
  switch (purpose.kind) {
    case "name":
      return always(`name${purpose.place + 1}${purpose.with ? `-${purpose.with}` : ""}`, "begin");
    case "username":
      return always(`username${purpose.place + 1}`, "begin");
    case "site":
      return always(`site${purpose.place + 1}`, "register");
    case "fact":
      return always(
        `${kindWord(purpose.of)}${purpose.round > 0 ? "-again" : ""}`,
        purpose.missing ? "missing" : "little",
      );
    case "pdf":
    case "reversed":
    case "initial":
      return always(purpose.kind, "otherwise");
    case "finding":
      return purpose.unsure
        ? news(`${kindWord(purpose.of)} unsure`, "confirm")
        : news(`${kindWord(purpose.of)} sure`, "known");
    case "suggested": {
      const { fromOwned } = purpose;
      const from = fromOwned > 0.8 ? "yours" : fromOwned > 0.3 ? "perhaps" : "elsewhere";
      return news(`suggested ${from}`, "suggested");
    }
    case "further":
      return news(`results ${countWord(purpose.page)} ${purpose.left < 10 ? "some" : "many"}`, "more-results");
  }
}
