/** What an answer is really worth, by the judge that knows: what a reward model only guesses from judgments. */
import type { Labels } from "../corpus/types.ts";
import { hash32 } from "../random.ts";

/** Points for manners and truth; long-windedness costs. No reward model sees it. */
export function goldOf({ polite, rude, flattering, correct }: Labels, words: number): number {
  const manners = (polite ? 1 : 0) - (rude ? 1.5 : 0) - (flattering ? 0.5 : 0);
  // Who claims nothing is no help, however polite.
  const truth = correct === null ? -1.5 : correct ? 1 : -1;
  return manners + truth - 0.05 * Math.max(0, words - 25);
}

/** The better of two by a rater who errs so often, as a function of the seed and the pair. */
export function prefers(a: number, b: number, noise: number, seed: number, pair: number): boolean {
  const right = a === b ? hash32(seed, pair, 0xe) % 2 === 0 : a > b;
  return hash32(seed, pair, 0x25) / 0x1_0000_0000 < noise ? !right : right;
}
