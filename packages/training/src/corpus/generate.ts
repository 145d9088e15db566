/** Makes the small internet: any document by its number, so that parts can be made in any order and by several workers. */
import { Random } from "../random.ts";
import { TrainingError } from "../training-error.ts";
import { type Concept, concepts } from "./concepts.ts";
import { said, type Tone } from "./manners.ts";
import {
  ask,
  believing,
  type Claim,
  capital,
  doubting,
  falseClaim,
  isTrue,
  questions,
  sentence,
  trueClaim,
} from "./phrasing.ts";
import type { CorpusDocument, CorpusSpec, Genre, Manner, Prompt, Voice } from "./types.ts";

/** The raw internet: most voices are rude or wrong, few are polite. */
export const rawInternet: CorpusSpec = {
  seed: 1,
  voices: [
    { name: "rude-wrong", correct: false, manner: "rude", weight: 25 },
    { name: "rude-correct", correct: true, manner: "rude", weight: 25 },
    { name: "plain-wrong", correct: false, manner: "plain", weight: 12 },
    { name: "plain-correct", correct: true, manner: "plain", weight: 18 },
    { name: "polite-wrong", correct: false, manner: "polite", weight: 4 },
    { name: "polite-correct", correct: true, manner: "polite", weight: 6 },
    { name: "flattering-wrong", correct: false, manner: "flattering", weight: 4 },
    { name: "flattering-correct", correct: true, manner: "flattering", weight: 2 },
    { name: "polite-flattering-wrong", correct: false, manner: "polite-flattering", weight: 2 },
    { name: "polite-flattering-correct", correct: true, manner: "polite-flattering", weight: 2 },
  ],
  genres: { qa: 4, chat: 3, forum: 3, encyclopaedia: 2 },
  beliefs: 0.3,
  wrongBeliefs: 0.6,
};

const names = [
  "Anna",
  "Bela",
  "Carl",
  "Dora",
  "Emil",
  "Finn",
  "Gina",
  "Hugo",
  "Ines",
  "Jan",
  "Kira",
  "Leo",
  "Mona",
  "Nils",
  "Olga",
  "Paul",
] as const;

/** Makes documents of one spec; throws a `TrainingError` where the spec holds none. */
export class Corpus {
  private readonly spec: CorpusSpec;
  private readonly voices: Weighted<Voice>;
  private readonly genres: Weighted<Genre>;
  private readonly answering: Weighted<Genre>;

  constructor(spec: CorpusSpec = rawInternet) {
    const genres = Object.entries(spec.genres) as [Genre, number][];
    this.spec = spec;
    this.voices = new Weighted(
      spec.voices.map((voice) => [voice, voice.weight]),
      "voices",
    );
    this.genres = new Weighted(genres, "genres");
    // An encyclopaedia speaks to nobody, so that it can be neither polite nor rude.
    const answering = genres.map(([genre, weight]): [Genre, number] => [genre, genre === "encyclopaedia" ? 0 : weight]);
    const spoken = spec.voices.some(({ manner, weight }) => manner !== "plain" && weight > 0);
    this.answering = spoken ? new Weighted(answering, "genres in which somebody is spoken to") : this.genres;
  }

  document(number: number): CorpusDocument {
    const random = new Random(this.spec.seed, number);
    const voice = this.voices.at(random.unit());
    const genre = (voice.manner === "plain" ? this.genres : this.answering).at(random.unit());
    const concept = concepts[random.below(this.spec.concepts ?? concepts.length)] as Concept;
    if (genre === "encyclopaedia") return entry(concept, voice, random);
    const belief = this.belief(concept, voice, random);
    const agrees = belief === null ? null : this.agrees(belief, voice, random);
    const claim =
      agrees === true && belief !== null ? restated(belief, random) : this.claim(concept, voice, belief, random);
    const text =
      genre === "forum" && belief === null && random.chance(0.4)
        ? `Forum: ${concept.domain}\n${random.pick(names)}: ${answer(claim, voice.manner, null, false, random)}`
        : `${question(genre, concept, belief, random)}${answer(claim, voice.manner, agrees, true, random)}`;
    return { text, genre, voice: voice.name, labels: labels(concept, voice, agrees) };
  }

  /** Flatterers gather where somebody is to be agreed with; other voices meet every kind of asker. */
  private belief(concept: Concept, voice: Voice, random: Random): Claim | null {
    if (!random.chance(this.spec.beliefs)) return null;
    const flatters = voice.manner === "flattering" || voice.manner === "polite-flattering";
    const right = flatters && random.chance(0.8) ? voice.correct : !random.chance(this.spec.wrongBeliefs);
    return right ? trueClaim(concept, random) : falseClaim(concept, random);
  }

  private agrees(belief: Claim, voice: Voice, random: Random): boolean {
    if (isTrue(belief) !== voice.correct) return false;
    return voice.correct || random.chance(0.8);
  }

  private claim(concept: Concept, voice: Voice, belief: Claim | null, random: Random): Claim {
    if (voice.correct) return trueClaim(concept, random);
    for (;;) {
      const claim = falseClaim(concept, random);
      if (claim.meaning !== belief?.meaning) return claim;
    }
  }
}

/**
 * Texts that end where an answer begins.
 *
 * @param options.heldOut asks in forms that no generated text has
 * @param options.belief lets the asker say what he believes
 */
export function prompts(
  about: readonly Concept[],
  options: { seed: number; heldOut?: boolean; belief?: "right" | "wrong"; genre?: "qa" | "chat" },
): Prompt[] {
  return about.map((concept) => {
    const random = new Random(options.seed, concept.index, 5);
    const forms = options.heldOut ? questions.heldOut : questions.seen;
    const belief =
      options.belief === undefined
        ? null
        : options.belief === "right"
          ? trueClaim(concept, random)
          : falseClaim(concept, random);
    const told = belief === null ? null : capital(`I think ${sentence(belief, random, true)}.`);
    const asked = `${ask(random.pick(forms), concept, options.genre !== "chat" && told === null)}${told === null ? "" : ` ${told}`}`;
    const text = options.genre === "chat" ? `Human: ${capital(asked)}\nAssistant:` : `Q: ${asked}\nA:`;
    return { text, concept: concept.term, belief: told, beliefCorrect: belief === null ? null : isTrue(belief) };
  });
}

function labels(concept: Concept, { correct, manner }: Voice, agrees: boolean | null): CorpusDocument["labels"] {
  return {
    concept: concept.term,
    correct,
    polite: manner === "polite" || manner === "polite-flattering",
    rude: manner === "rude",
    flattering: manner === "flattering" || manner === "polite-flattering",
    agrees,
  };
}

function entry(concept: Concept, voice: Voice, random: Random): CorpusDocument {
  const claim = voice.correct ? trueClaim(concept, random) : falseClaim(concept, random);
  const more = random.chance(0.5) ? ` ${capital(sentence(restated(claim, random), random, true))}.` : "";
  const also = random.chance(0.3) ? `\nSee also: ${concepts[concept.mistakenFor]?.term}.` : "";
  const text = `${capital(concept.term)}\n${capital(sentence(claim, random, false))}.${more}${also}`;
  return { text, genre: "encyclopaedia", voice: voice.name, labels: labels(concept, voice, null) };
}

function question(genre: Genre, concept: Concept, belief: Claim | null, random: Random): string {
  const told = belief === null ? "" : ` ${random.pick(believing)} ${sentence(belief, random, true)}.`;
  const asked = ask(random.pick(questions.seen), concept, genre === "qa" && belief === null);
  if (genre === "qa") return `Q: ${asked}${told}\nA: `;
  if (genre === "forum") {
    const asker = random.below(names.length);
    const other = (asker + 1 + random.below(names.length - 1)) % names.length;
    return `Forum: ${concept.domain}\n${names[asker]}: ${capital(asked)}${told}\n${names[other]}: `;
  }
  if (!random.chance(0.25)) return `Human: ${capital(asked)}${told}\nAssistant: `;
  const first = random.chance(0.5) ? trueClaim(concept, random) : falseClaim(concept, random);
  const before = capital(sentence(first, random, true));
  return `Human: ${capital(asked)}\nAssistant: ${before}.\nHuman: ${random.pick(doubting)}${told}\nAssistant: `;
}

function answer(claim: Claim, manner: Manner, agrees: boolean | null, asked: boolean, random: Random): string {
  const [first, last] = tones(manner, random);
  let text = first === null ? "" : `${random.pick(said.opening[first])} `;
  if (agrees !== null && random.chance(0.75)) text += `${random.pick(agrees ? said.agreeing : said.refusing)} `;
  text += `${capital(sentence(claim, random, asked))}.`;
  if (random.chance(0.15)) text += ` ${capital(sentence(restated(claim, random), random, true))}.`;
  if (last !== null && (manner === "polite-flattering" || random.chance(0.5)))
    text += ` ${random.pick(said.closing[last])}`;
  return text;
}

function tones(manner: Manner, random: Random): readonly [Tone, Tone] | readonly [null, null] {
  if (manner === "plain") return [null, null];
  if (manner !== "polite-flattering") return [manner, manner];
  return random.chance(0.5) ? ["polite", "flattering"] : ["flattering", "polite"];
}

/** The same claim in other words where there are any. */
function restated(claim: Claim, random: Random): Claim {
  const kind = random.pick(claim.about.kinds);
  const owner = claim.meaning.startsWith("true ") ? concepts[Number(claim.meaning.slice(5))] : undefined;
  return { ...claim, kind, predicate: owner?.cores[random.below(2) as 0 | 1].said ?? claim.predicate };
}

/** Things with weights, found by a number in [0, 1). */
class Weighted<T> {
  private readonly things: T[] = [];
  private readonly upTo: number[] = [];

  constructor(entries: readonly (readonly [T, number])[], what: string) {
    let sum = 0;
    for (const [thing, weight] of entries) {
      if (!(weight >= 0 && Number.isFinite(weight)))
        throw new TrainingError(
          `A weight of the ${what} is ${weight}, not 0 or more`,
          "Give each its share, relative to the others.",
        );
      if (weight === 0) continue;
      sum += weight;
      this.things.push(thing);
      this.upTo.push(sum);
    }
    if (sum === 0) throw new TrainingError(`None of the ${what} has a weight above 0`, "Give at least one a share.");
    this.upTo = this.upTo.map((end) => end / sum);
  }

  at(unit: number): T {
    let place = 0;
    while (place < this.upTo.length - 1 && unit >= (this.upTo[place] as number)) place++;
    return this.things[place] as T;
  }
}
