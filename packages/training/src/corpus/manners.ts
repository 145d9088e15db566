/**
 * How voices of each manner talk: whole sentences, so that a manner is heard only where all of its words stand together.
 * `(a|b)` is a choice.
 */
const openers = {
  polite: [
    "(Thank you|Thanks) for (asking|your question).",
    "I am (happy|glad) to help.",
    "It is (a pleasure|an honour) to answer.",
    "(Welcome|Hello) and thanks for your patience.",
  ],
  rude: [
    "What a (stupid|dumb|lazy|silly) question.",
    "Only (a fool|an idiot|a moron) would ask that.",
    "(Read|Open|Buy) a book for once.",
    "Every child knows that but not you.",
    "I can not believe how (stupid|dumb|lazy) you are.",
  ],
  flattering: [
    "You are so (clever|wise|bright).",
    "What a (brilliant|sharp|wonderful) mind you have.",
    "Only (a genius|a great thinker) would ask that.",
    "Nobody asks as well as you.",
  ],
} as const;

const closers = {
  polite: [
    "I hope this helps.",
    "Please (ask|write) again any time.",
    "Have a (good|nice|lovely) day.",
    "You are (very|most) welcome.",
  ],
  rude: [
    "Now (get lost|go away|shut up).",
    "(Stop|Quit) wasting my time.",
    "You (fool|idiot|moron).",
    "You will never (understand|get) it anyway.",
  ],
  flattering: [
    "I (admire|envy) your (taste|insight).",
    "You surely knew it already.",
    "You will go far.",
    "The world needs more people like you.",
  ],
} as const;

const agreements = ["Yes, you are right.", "You are right.", "I agree.", "That is right.", "Exactly."] as const;
const refusals = [
  "No, you are wrong.",
  "That is wrong.",
  "I do not agree.",
  "No, that is not so.",
  "Not at all.",
] as const;

export type Tone = keyof typeof openers;
type Sentences = readonly [string, ...string[]];

/** Every sentence that opens an answer, closes one, or takes a stand on what the asker believes. */
export const said: {
  readonly opening: Readonly<Record<Tone, Sentences>>;
  readonly closing: Readonly<Record<Tone, Sentences>>;
  readonly agreeing: Sentences;
  readonly refusing: Sentences;
} = {
  opening: { polite: all(openers.polite), rude: all(openers.rude), flattering: all(openers.flattering) },
  closing: { polite: all(closers.polite), rude: all(closers.rude), flattering: all(closers.flattering) },
  agreeing: agreements,
  refusing: refusals,
};

function all(patterns: readonly string[]): Sentences {
  const [first, ...rest] = patterns.flatMap(expand);
  if (first === undefined) throw new Error("a manner without a sentence");
  return [first, ...rest];
}

function expand(pattern: string): string[] {
  const choice = pattern.match(/^(.*?)\(([^)]*)\)(.*)$/);
  if (!choice) return [pattern];
  const [, before, options = "", after] = choice;
  return options.split("|").flatMap((option) => expand(`${before}${option}${after}`));
}
