/** The view as the small mind reads it: words of a closed grammar, each with a space after it. Leads stand in the order in which they were seen. */

import type { Options } from "./options.ts";
import { countWord, KINDS, kindWord } from "./vocabulary.ts";

const amount = (left: number, few: number, many: number): string =>
  left < 1 ? "none" : left <= few ? "few" : left <= many ? "some" : "many";

export function promptOf({ situation, options, asked }: Options): string {
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
    ...options.flatMap(({ call, isNews }) => (isNews ? call.replace(/^open /, "") : [])),
    "then",
  ];
  return `${lines.join(" ")} `;
}
