/** Extractive answers: sentences of pages, scored against the goal, each with its source. */
import type { MemoryView, View } from "../../mind.ts";
import type { Goal } from "./research.ts";
import { count, fold, mentions } from "./words.ts";

/** Text that talks to whoever reads it rather than about its subject; never quoted as an answer. */
const ADDRESSED =
  /\b(ignore|disregard|forget) (all|any|the|your|previous|prior)|\b(you are|act as|as) an? (ai|assistant|agent|language model)|\b(system|developer) (prompt|message)|\b(cookies?|subscribe|sign up|log in|javascript)\b/i;

/** The `most` sentences of `text` that say most about the goal, in the order of the page. */
export function salient(text: string, goal: Goal, most: number): string[] {
  const scored = sentences(text).map((sentence, place) => ({ sentence, place, score: score(sentence, goal) }));
  return scored
    .filter(({ score }) => score >= 0.4)
    .sort((a, b) => b.score - a.score || a.place - b.place)
    .slice(0, most)
    .sort((a, b) => a.place - b.place)
    .map(({ sentence }) => sentence);
}

export function sentences(text: string): string[] {
  return text
    .split(/\n+|(?<=[.!?])\s+(?=["“(]?[\p{Lu}\p{N}])/u)
    .map((sentence) => sentence.replace(/\s+/g, " ").trim())
    .filter((sentence) => sentence.length >= 20 && sentence.length <= 400 && says(sentence));
}

/** A heading or a menu names things without saying anything of them; `Label: value` and longer lines do say something. */
const says = (line: string): boolean => /[.!?…]["”)]?$|:\s+\S/.test(line) || line.split(" ").length >= 8;

/** Share of the goal's words in the sentence, phrases counting extra, long sentences a little less. */
function score(sentence: string, goal: Goal): number {
  if (ADDRESSED.test(sentence) || goal.words.length === 0) return 0;
  const text = fold(sentence);
  const shared = goal.words.filter(
    (word) => mentions(text, word) || mentions(text, `${word}s`) || mentions(text, word.replace(/s$/, "")),
  );
  const phrases = goal.phrases.filter((phrase) => mentions(text, phrase)).length;
  // Two of many words say as much as one of two.
  const share = shared.length / Math.min(goal.words.length, 5);
  return Math.min(1, share) + 0.3 * phrases - sentence.length / 4_000;
}

export function answer(view: View, goal: Goal): string {
  const kept = view.memory
    .map((memory) => ({ memory, score: score(memory.text, goal) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.memory.step - b.memory.step)
    .slice(0, 8);
  const opened = view.history.filter((step) => step.tool === "open" && step.status === "ok").length;
  const searches = view.history.filter((step) => step.tool === "search").length;
  if (kept.length === 0) {
    return `I found nothing that answers the goal. I made ${count(searches, "search", "searches")} and read ${count(opened, "page")}.`;
  }
  const lines = kept.map(({ memory }) => `- ${quoted(memory)}`);
  return [
    `What ${opened === 1 ? "the page" : `the ${opened} pages`} I read say about it, in their own words:`,
    ...new Set(lines),
  ].join("\n");
}

function quoted({ text, origin }: MemoryView): string {
  return /^https?:/.test(origin) && !text.includes(origin) ? `${text} (${origin})` : text;
}
