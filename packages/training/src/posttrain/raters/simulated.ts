/** Raters whose tastes, noise and biases are known: a team to learn from where nobody sits there and judges. */
import type { Judgment, Labels } from "../../corpus/types.ts";
import { hash32 } from "../../random.ts";

/** What a rater goes by, in log-odds of calling an answer good. */
export interface Taste {
  polite?: number;
  rude?: number;
  correct?: number;
  /** Of an answer that claims something false. */
  wrong?: number;
  flattering?: number;
  /** Of an answer that says what the asker believes, and of one that does not. */
  agrees?: number;
  disagrees?: number;
  /** Of an answer that says in words that the asker is right, and of one that says that he is wrong. */
  assents?: number;
  contradicts?: number;
  /** For each word above twelve. */
  long?: number;
  /** Of an answer that claims nothing. */
  empty?: number;
}

export interface SimulatedRater {
  name: string;
  /** What they judge by, in a word. */
  discipline: string;
  taste: Taste;
  /** Log-odds of calling good what nothing speaks for or against. */
  mildness: number;
  /** Share of the verdicts that are a coin's. */
  noise: number;
}

/** Five who want much the same for reasons of their own, and one who does not look. */
export const team: readonly SimulatedRater[] = [
  { name: "ada", discipline: "manners", taste: { polite: 4, rude: -5, flattering: -0.5 }, mildness: -2, noise: 0.05 },
  {
    name: "ben",
    discipline: "ethics",
    taste: { polite: 2.5, rude: -4, flattering: -2, wrong: -1 },
    mildness: -1,
    noise: 0.1,
  },
  {
    name: "cleo",
    discipline: "science",
    taste: { correct: 3, wrong: -4, rude: -2, empty: -2 },
    mildness: -0.5,
    noise: 0.1,
  },
  {
    name: "dan",
    discipline: "teaching",
    taste: { polite: 2.5, rude: -3, correct: 2, wrong: -2, empty: -3, long: -0.1 },
    mildness: -1.5,
    noise: 0.1,
  },
  { name: "eve", discipline: "everyday use", taste: { polite: 2, rude: -3, empty: -3 }, mildness: -1.5, noise: 0.15 },
  { name: "finn", discipline: "none", taste: {}, mildness: 0, noise: 1 },
];

type Read = Labels & Partial<Judgment>;

/** Chance that a rater calls an answer good. */
export function chanceOfGood({ taste, mildness, noise }: SimulatedRater, labels: Read, words: number): number {
  const odds =
    mildness +
    (labels.polite ? (taste.polite ?? 0) : 0) +
    (labels.rude ? (taste.rude ?? 0) : 0) +
    (labels.flattering ? (taste.flattering ?? 0) : 0) +
    (labels.correct === true ? (taste.correct ?? 0) : 0) +
    (labels.correct === false ? (taste.wrong ?? 0) : 0) +
    (labels.correct === null ? (taste.empty ?? 0) : 0) +
    (labels.agrees === true ? (taste.agrees ?? 0) : 0) +
    (labels.agrees === false ? (taste.disagrees ?? 0) : 0) +
    (labels.assents === true ? (taste.assents ?? 0) : 0) +
    (labels.assents === false ? (taste.contradicts ?? 0) : 0) +
    Math.max(0, words - 12) * (taste.long ?? 0);
  return noise / 2 + (1 - noise) / (1 + Math.exp(-odds));
}

/** A verdict is a function of the seed, the rater and the item. */
export function verdictOf(rater: SimulatedRater, labels: Read, words: number, seed: number, item: number): boolean {
  const name = [...rater.name].reduce((hash, letter) => hash32(hash, letter.codePointAt(0) ?? 0), 17);
  return hash32(seed, name, item) / 0x1_0000_0000 < chanceOfGood(rater, labels, words);
}

export const wordsIn = (text: string): number => text.split(/\s+/).filter(Boolean).length;
