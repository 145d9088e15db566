/** A view as it might have been: for each of its words those that could stand there, with what could then be answered. */
import type { Reason } from "../scout/reasons.ts";
import { answersOf } from "./answer.ts";
import { type Option, type Options, toldOf } from "./options.ts";
import { promptParts } from "./prompt.ts";
import { ABOUT, countWord, ORIGIN, SITE, TRAITS } from "./vocabulary.ts";

export interface OtherWord {
  /** Of the word that it stands for, among the prompt's. */
  position: number;
  word: string;
  /** Where the word is of what can be called: the option, and all answers that would then mean it. */
  instead?: { option: number; answers: string[] };
}

const COUNTS = [0, 1, 2, 4, 8, 16].map(countWord);
const FAMILIES: readonly (readonly string[])[] = [
  ...Object.values(TRAITS),
  SITE,
  ["none", "few", "some", "many"],
  ["yes", "no"],
  ["sure", "unsure"],
  ["made", "promising"],
  COUNTS,
];

/** Words that could stand where this one does. */
function wordsLike(word: string): string[] {
  const [about, origin] = word.split("/");
  if (about !== undefined && origin !== undefined)
    return [
      ...ABOUT.filter((each) => each !== about).map((each) => `${each}/${origin}`),
      ...ORIGIN.filter((each) => each !== origin).map((each) => `${about}/${each}`),
    ];
  const families = /^n\d+$/.test(word) ? [COUNTS] : FAMILIES.filter((family) => family.includes(word));
  return [...new Set(families.flat())].filter((each) => each !== word);
}

export function otherWords(options: Options): OtherWord[] {
  const calls = new Set(options.options.map(({ call }) => call));
  let position = 0;
  return promptParts(options).flatMap(({ words, option: place }) => {
    const own = words.split(" ");
    const first = position;
    position += own.length;
    const option = place === undefined ? undefined : options.options[place];
    return own.flatMap((word, n) =>
      wordsLike(word).flatMap((other): OtherWord[] => {
        const at = { position: first + n, word: other };
        if (!option || place === undefined) return [at];
        const instead = withWords(option, own.with(n, other));
        // Two that are called the same would be one.
        return instead && !calls.has(instead.call)
          ? [{ ...at, instead: { option: place, answers: answersOf(instead) } }]
          : [];
      }),
    );
  });
}

/** An option whose words are others, with the reasons that would be true of it. @returns undefined when none would be */
function withWords(option: Option, words: readonly string[]): Pick<Option, "call" | "told" | "reasons"> | undefined {
  if (option.tool !== "open") {
    const [verb] = option.call.split(" ");
    return { ...option, call: [verb, ...words].join(" ") };
  }
  const told = toldOf(words);
  const known = new Map(option.reasons.map((reason) => [reason.word, reason]));
  const reasons = [...new Set([...REASONS.map(({ reason }) => reason), ...known.keys()])].flatMap((word): Reason[] => {
    const holds = REASONS.find(({ reason }) => reason === word)?.holds(words) ?? known.has(word);
    return holds ? [known.get(word) ?? { word, clause: "" }] : [];
  });
  const [first, ...others] = reasons;
  if (!first) return undefined;
  return {
    call: ["open", ...words].join(" "),
    ...(told && { told }),
    reasons: [first, ...others],
  };
}

const about = (words: readonly string[], part: string): boolean =>
  words[0]?.split("/")[0]?.split("+").includes(part) ?? false;
const from = (words: readonly string[]): string => words[0]?.split("/")[1] ?? "";

/** When a lead's words make a reason true, in the order of `leadReasons`. Of the others the words do not tell. */
const REASONS: readonly { reason: string; holds(words: readonly string[]): boolean }[] = [
  { reason: "checked", holds: (words) => from(words) === "checked" },
  { reason: "username", holds: (words) => about(words, "username") && from(words) !== "checked" },
  { reason: "name", holds: (words) => about(words, "name") },
  { reason: "initial", holds: (words) => about(words, "initial") },
  { reason: "city", holds: (words) => words.includes("city") && !about(words, "nobody") },
  ...["employer", "known", "mine"].map((reason) => ({
    reason,
    holds: (words: readonly string[]) => words.includes(reason),
  })),
  { reason: "yours", holds: (words) => /^(yours|perhaps)/.test(from(words)) },
  { reason: "unread", holds: (words) => words.includes("unread") },
];
