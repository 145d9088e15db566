/** The view as the small mind reads it: words of a closed grammar, each with a space after it. Leads stand in the order in which they were seen. */

import type { Options } from "./options.ts";
import { countWord, KINDS, kindWord } from "./vocabulary.ts";

const amount = (left: number, few: number, many: number): string =>
  left < 1 ? "none" : left <= few ? "few" : left <= many ? "some" : "many";

/** Some words of a prompt. */
export interface PromptPart {
  words: string;
  /** Index of the option that they tell of. */
  option?: number;
}

export const promptOf = (options: Options): string =>
  `${promptParts(options)
    .map(({ words }) => words)
    .join(" ")} `;

export function promptParts({ situation, options, asked }: Options): PromptPart[] {
  const { view, gains, warnings, steps } = situation;
  const found = new Set(view.findings.map(({ kind }) => kind));
  const searches = steps.get("search") ?? [];
  const lines = [
    `steps ${amount(view.left.steps, 4, 12)} pages ${amount(view.left.pages, 4, 20)}`,
    `dry ${countWord(gains.since)} warned ${countWord(warnings)}`,
    [
      "wanted",
      ...view.wanted
        .filter((kind) => KINDS.some((each) => each === kind))
        .map((kind) => `${kindWord(kind)} ${found.has(kind) ? "yes" : "no"}`),
    ].join(" "),
    ["asked", countWord(searches.length), ...asked].join(" "),
    `failed ${countWord(searches.filter(({ status }) => status !== "ok").length)}`,
    `names-checked ${countWord(steps.get("check_username")?.length ?? 0)}`,
    ["can", ...["prove", "breach", "message"].filter((call) => options.some((option) => option.call === call))].join(
      " ",
    ),
  ].map((words): PromptPart => ({ words }));
  const news = options.flatMap(({ call, isNews }, option): PromptPart[] =>
    isNews ? [{ words: call.replace(/^open /, ""), option }] : [],
  );
  return [...lines, ...news, { words: "then" }];
}
