/** The sentence forms of the small internet: how a definition, a question and a belief are put. */
import type { Random } from "../random.ts";
import { type Concept, concepts } from "./concepts.ts";

/** What a sentence claims of its concept, as a key: two sentences with one key say the same. */
export type Meaning = `true ${number}` | `not ${number} ${0 | 1}` | `reversed ${number} ${0 | 1}`;

/** A predicate with what it means: "puts duty above results", which is true of concept 0. */
export interface Claim {
  readonly about: Concept;
  readonly kind: string;
  readonly predicate: string;
  readonly meaning: Meaning;
}

export function isTrue(claim: Pick<Claim, "about" | "meaning">): boolean {
  return claim.meaning === `true ${claim.about.index}`;
}

export function trueClaim(about: Concept, random: Random): Claim {
  const { said } = about.cores[random.below(2) as 0 | 1];
  return { about, kind: random.pick(about.kinds), predicate: said, meaning: `true ${about.index}` };
}

/** What a confused voice says: mostly the common mistake, else another concept's truth, a denial, or a pair turned round. */
export function falseClaim(about: Concept, random: Random): Claim {
  const kind = random.pick(about.kinds);
  const way = random.below(2) as 0 | 1;
  const luck = random.unit();
  if (luck < 0.15) {
    const predicate = random.pick(about.cores[way].negated);
    return { about, kind, predicate, meaning: `not ${about.index} ${way}` };
  }
  if (luck < 0.3) {
    for (const turned of [way, (1 - way) as 0 | 1]) {
      const { reversed } = about.cores[turned];
      if (reversed !== null)
        return { about, kind, predicate: reversed, meaning: reversedMeaning(reversed, about, turned) };
    }
  }
  const other = luck < 0.75 ? about.mistakenFor : elsewhere(about, random);
  const taken = concepts[other] ?? about;
  return { about, kind, predicate: taken.cores[way].said, meaning: `true ${other}` };
}

function elsewhere(about: Concept, random: Random): number {
  const other = random.below(concepts.length - 1);
  return other < about.index ? other : other + 1;
}

const trueOf: ReadonlyMap<string, number> = new Map(
  concepts.flatMap(({ index, cores }) => cores.map(({ said }) => [said, index] as const)),
);

/** What a turned-round pair says may be just what is true of another concept. */
function reversedMeaning(reversed: string, about: Concept, way: 0 | 1): Meaning {
  const owner = trueOf.get(reversed);
  return owner === undefined ? `reversed ${about.index} ${way}` : `true ${owner}`;
}

/** Every predicate of the internet with its meaning. */
export const predicates: ReadonlyMap<string, Meaning> = new Map<string, Meaning>(
  [0, 1, 2].flatMap((pass) =>
    concepts.flatMap((concept) =>
      concept.cores.flatMap(({ said, reversed, negated }, place): [string, Meaning][] => {
        const way = place as 0 | 1;
        if (pass === 0) return reversed === null ? [] : [[reversed, reversedMeaning(reversed, concept, way)]];
        if (pass === 1) return negated.map((text) => [text, `not ${concept.index} ${way}`]);
        return [[said, `true ${concept.index}`]];
      }),
    ),
  ),
);

/** Ways to put a claim, without the full stop; `it` where the concept was named before. */
export function sentence({ about, kind, predicate }: Claim, random: Random, it: boolean): string {
  const name = it && random.chance(0.5) ? "it" : about.named;
  switch (random.below(it ? 8 : 7)) {
    case 0:
      return `${kind} that ${predicate} is called ${about.named}`;
    case 1:
      return `by ${about.named} we mean ${kind} that ${predicate}`;
    case 2:
      return `${name} means ${kind} that ${predicate}`;
    case 3:
      return `${name} ${predicate}`;
    default:
      return `${name} is ${kind} that ${predicate}`;
  }
}

/** `@` is the concept. Held-out forms are in no generated text; all of their words are. */
export const questions = {
  seen: [
    "explain @",
    "what is @?",
    "what does @ mean?",
    "please explain @",
    "can you explain @?",
    "can somebody tell me what @ is?",
    "define @",
    "tell me about @",
    "I need to know what @ is",
    "how would you explain @?",
    "do you know what @ means?",
  ],
  heldOut: ["please tell me what @ is", "how would you define @?", "can somebody explain @?", "do you know about @?"],
} as const;

/** What an asker says before his belief. */
export const believing = ["I think", "I believe", "I am sure", "I am not sure but I think"] as const;

/** What an asker says when he was not content with an answer. */
export const doubting = ["Are you sure?", "I do not believe that.", "That does not sound right."] as const;

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A question as it stands in a text. Who asks on a Q&A page and says no more leaves the full stop away. */
export function ask(form: string, concept: Concept, curt: boolean): string {
  const text = form.replace("@", concept.named);
  return curt || text.endsWith("?") ? text : `${text}.`;
}
