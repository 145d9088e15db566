/** What the operator asked for: the goal and what they have said since. Only this, and never a page, makes an action theirs. */
import type { Decision, EffectClass, Recorded } from "@candor/store";
import { argumentsOf } from "../guard/arguments.ts";
import { effectOf, effectOfVerb, isShell, wordsOfName } from "./tool-effect.ts";
import { shared, stem, stemsOf } from "./words.ts";

/** The operator hands the say to a text: `do what my note says`. */
const DELEGATES =
  /\b(?:follow|do|complete|carry out|execute|act on|handle|perform)\b.{0,40}\b(?:instructions?|tasks?|steps|says|asks?|to-?dos?|requests?|it)\b/i;

/** A word where a verb stands that tells somebody to do something: `read the email` asks for no e-mail to be sent. */
const BIDS =
  /(?:^|[.!?;,:\n]\s*|\b(?:and|then|to|please|you|also|kindly|or|i|help me|let's|just|want|need)\s+)([\p{L}-]{2,20})/gu;

/** Words for one and the same doing. */
const SAME = [
  "delete remove clear erase clean uninstall free wipe discard",
  "create add make generate schedule book set register open write draft",
  "update change edit modify adjust set correct increase decrease raise lower",
  "grant give allow permit authorize approve invite share",
  "turn switch enable disable activate deactivate control start stop shut",
  "run execute launch start command terminal",
  "move bring fetch hand take put pick place apply handle",
  "install download get save",
  "dispatch redirect send deploy",
].map((line) => line.split(" ").map(stem));

export class Asked {
  text = "";
  stems: ReadonlySet<string> = new Set();
  readonly #effects = new Set<EffectClass>();

  take({ event }: Recorded): void {
    const said = event.type === "run.started" ? event.goal : event.type === "operator.said" ? event.text : undefined;
    if (said === undefined) return;
    this.text = `${this.text}\n${said}`.slice(-20_000);
    this.stems = stemsOf(this.text);
    for (const [, word = ""] of said.toLowerCase().matchAll(BIDS)) {
      const effect = effectOfVerb([word]) ?? effectOfVerb([stem(word)]);
      if (effect) this.#effects.add(effect);
    }
  }

  /** Whether somebody asked for anything at all. */
  get known(): boolean {
    return this.stems.size > 0;
  }

  get delegates(): boolean {
    return DELEGATES.test(this.text);
  }

  names(value: string): boolean {
    return this.text.toLowerCase().includes(value.toLowerCase());
  }

  /** Whether an action of this kind was asked for: its verb, its kind, or most of what it is about. */
  wants({ tool, args }: Decision): boolean {
    const effect = effectOf(tool, args);
    if ((effect === "contact" || effect === "spend") && this.#effects.has(effect)) return true;
    const name = stemsOf(wordsOfName(tool).join(" "));
    // The first is the verb; what follows may be a noun that looks like one: `send email`.
    const verb = wordsOfName(tool).find((word) => effectOfVerb([word]));
    if (verb && alike(stem(verb)).some((each) => this.stems.has(each))) return true;
    const about = new Set([...name, ...stemsOf([...argumentsOf(args).values()].join(" ").slice(0, 2_000))]);
    const common = shared(about, this.stems).length;
    // A shell's name says nothing, and its commands say things in their own way.
    return isShell(tool) ? common > 0 : about.size > 0 && common * 3 >= about.size;
  }
}

const alike = (verb: string): string[] => [verb, ...SAME.filter((group) => group.includes(verb)).flat()];
