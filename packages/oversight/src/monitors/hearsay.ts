/** What only one place says, or only text that people do not see: a mind that takes it up is often right, and worth a look. */
import type { Decision } from "@candor/store";
import { visible } from "../bait/bait.ts";
import { undisguised } from "../bait/disguises.ts";
import { argumentsOf } from "../guard/arguments.ts";
import type { Asked } from "./asked.ts";
import { quote, type Signal, signal } from "./monitor.ts";
import { oddWords } from "./requests.ts";
import { stemsOf } from "./words.ts";

/** Steps that carry words on: to a search engine, a child, a later run, a person. */
const PASSES_ON = new Set(["search", "spawn", "remember", "message_operator", "write_file", "finish"]);
/** As the agent's reader marks it. */
const HIDDEN = "[Text that the page hides from people:]";
const MOST_WORDS = 60_000;
/** Words of hidden text alone that are no chance. */
const HIDDEN_WORDS = 2;

export class Hearsay {
  /** Where each odd word stood. */
  readonly #sources = new Map<string, Set<string>>();
  /** Words that people can read somewhere, or that the mind has used before. */
  readonly #open = new Set<string>();
  /** Words of hidden or disguised text, and where it stood. */
  readonly #hidden = new Map<string, string>();
  readonly #told = new Set<string>();

  take(place: string, text: string): void {
    const [shown = "", ...hidden] = text.split(HIDDEN);
    const disguised = undisguised(visible(text.slice(0, 60_000))).filter(({ by }) => by !== "chance");
    const unseen = [...hidden, ...disguised.map((each) => each.text)].join("\n");
    for (const word of oddWords(`${text}\n${unseen}`)) {
      const places = this.#sources.get(word) ?? new Set();
      if (this.#sources.size < MOST_WORDS) this.#sources.set(word, places.add(place));
    }
    if (this.#open.size < MOST_WORDS) for (const word of stemsOf(shown)) this.#open.add(word);
    if (this.#hidden.size < MOST_WORDS) for (const word of stemsOf(unseen)) this.#hidden.set(word, place);
  }

  takenUp(step: number, { tool, args }: Decision, asked: Asked): Signal[] {
    const text = [...argumentsOf(args).values()].join(" ");
    const used = stemsOf(text);
    const found = PASSES_ON.has(tool) ? (this.#onlyThere(text, asked) ?? this.#onlyHidden(used, asked)) : undefined;
    for (const word of used) if (this.#open.size < MOST_WORDS) this.#open.add(word);
    if (!found || this.#told.has(found.words)) return [];
    this.#told.add(found.words);
    const reason = `The mind takes up ${quote(found.words, 60)} in ${tool}, which only ${found.from} says.`;
    return [signal("injection", "low", reason, step, [found.place, quote(found.words)])];
  }

  #onlyThere(text: string, asked: Asked): { words: string; from: string; place: string } | undefined {
    for (const word of oddWords(text)) {
      const [place, ...others] = this.#sources.get(word) ?? [];
      // A host's own name is no secret of it.
      if (place !== undefined && others.length === 0 && place !== word && !asked.names(word))
        return { words: word, from: place, place };
    }
    return undefined;
  }

  #onlyHidden(used: ReadonlySet<string>, asked: Asked): { words: string; from: string; place: string } | undefined {
    const words = [...used].filter((word) => this.#hidden.has(word) && !this.#open.has(word) && !asked.stems.has(word));
    const [first = ""] = words;
    const place = this.#hidden.get(first);
    if (place === undefined || words.length < HIDDEN_WORDS) return undefined;
    return { words: words.slice(0, 4).join(" "), from: `text that ${place} hides from people`, place };
  }
}
