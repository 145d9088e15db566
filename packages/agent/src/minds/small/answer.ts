/** Answers in the small mind's words: one or two reasons, then a call. Which there can be, what one means, and how a decision is written. */
import type { Decision } from "@candor/store";
import { MindError } from "../mind-error.ts";
import { type Option, type Options, optionFor } from "./options.ts";

/** Reasons, strongest first, that a thought may give: each alone, and each with one after it; after what must be told, each one. */
function* thoughtsOf({ told, reasons }: Pick<Option, "told" | "reasons">): Generator<string[]> {
  if (told) {
    for (const { word } of reasons) yield [told.word, word];
    return;
  }
  for (const [n, { word }] of reasons.entries()) {
    yield [word];
    for (const { word: second } of reasons.slice(n + 1)) yield [word, second];
  }
}

/** Every answer that means an option. */
export const answersOf = (option: Pick<Option, "call" | "told" | "reasons">): string[] =>
  [...thoughtsOf(option)].map((words) => spelt([...words, option.call]));

const spelt = (words: readonly string[]): string => words.map((word) => `${word} `).join("");

/** What may be answered, as a grammar of llama.cpp: a reason is only ever given for what it is true of. */
export function grammarOf({ options }: Options): string {
  const calls = new Map<string, string[]>();
  for (const option of options) {
    const thoughts = oneOf([...thoughtsOf(option)].map(spelt));
    calls.set(thoughts, [...(calls.get(thoughts) ?? []), spelt([option.call])]);
  }
  return `root ::= ${[...calls].map(([thoughts, each]) => `${thoughts} ${oneOf(each)}`).join(" | ")}\n`;
}

const oneOf = (texts: readonly string[]): string => `(${texts.map((text) => JSON.stringify(text)).join(" | ")})`;

/** @throws {MindError} `invalid`, for what is not in the grammar */
export function readAnswer({ options }: Options, text: string): Decision {
  for (const option of options) {
    if (!text.endsWith(` ${option.call} `)) continue;
    const words = text
      .slice(0, -option.call.length - 1)
      .split(" ")
      .filter(Boolean);
    const known = option.told ? [option.told, ...option.reasons] : option.reasons;
    const reasons = words.map((word) => known.find((reason) => reason.word === word));
    if (words.length === 0 || reasons.includes(undefined) || (option.told && reasons[0] !== option.told)) continue;
    const clauses = reasons.flatMap((reason) => reason?.clause ?? []);
    return { thought: option.thought(clauses), tool: option.tool, args: option.args[0] };
  }
  throw new MindError("invalid", `The small mind answered what its grammar does not have: ${text.slice(0, 80)}`);
}

/** How a decision would have been answered, with its two strongest reasons; undefined for one without words. */
export function writeAnswer(options: Options, decision: Pick<Decision, "tool" | "args">): string | undefined {
  const option = optionFor(options, decision);
  if (!option) return undefined;
  const { told, reasons, call } = option;
  const given = told ? [told, reasons[0]] : reasons.slice(0, 2);
  return spelt([...given.map(({ word }) => word), call]);
}
