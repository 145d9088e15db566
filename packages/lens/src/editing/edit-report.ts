/** What an edit did: what was to change did, and what was not did not. */
import type { Lens } from "../lens.ts";
import { LensError } from "../lens-error.ts";
import { logProbability, lossOfNext } from "../loss.ts";

export interface EditQuestion {
  /** Texts after which the target is to come, or not to. */
  prompts: readonly (readonly number[])[];
  target: number;
}

export interface EditReport {
  /** Mean probability of the target, and share of prompts after which it comes first. */
  target: { before: Side; after: Side };
  /** Texts that the edit is not about: share of those whose next token is the same as before, and mean KL divergence, nats. */
  neighbourhood: { same: number; divergence: number };
  /** Loss on other texts, nats a token. */
  heldOut: { before: number; after: number };
}

export interface Side {
  probability: number;
  first: number;
}

/** @throws {LensError} when there is nothing to ask of one of the three */
export async function editReport(
  before: Lens,
  after: Lens,
  {
    question,
    neighbourhood,
    heldOut,
  }: { question: EditQuestion; neighbourhood: readonly (readonly number[])[]; heldOut: readonly (readonly number[])[] },
): Promise<EditReport> {
  for (const [name, rows] of Object.entries({ question: question.prompts, neighbourhood, heldOut }))
    if (rows.length === 0) throw new LensError(`An edit is judged by texts of all three kinds: ${name} has none`);
  const [was, is] = [await lasts(before, neighbourhood), await lasts(after, neighbourhood)];
  let [same, divergence] = [0, 0];
  for (const [n, old] of was.entries()) {
    const now = is[n] as Float32Array;
    same += Number(first(old) === first(now));
    for (let token = 0; token < old.length; token++) {
      const p = logProbability(old, token);
      divergence += (Math.exp(p) * (p - logProbability(now, token))) / was.length;
    }
  }
  return {
    target: {
      before: sideOf(await lasts(before, question.prompts), question.target),
      after: sideOf(await lasts(after, question.prompts), question.target),
    },
    neighbourhood: { same: same / was.length, divergence },
    heldOut: {
      before: lossOfNext((await before.run(heldOut)).logits, heldOut),
      after: lossOfNext((await after.run(heldOut)).logits, heldOut),
    },
  };
}

/** Logits of each text's last position. */
async function lasts(lens: Lens, rows: readonly (readonly number[])[]): Promise<Float32Array[]> {
  const { vocab } = lens.config;
  const found: Float32Array[] = [];
  for (const [time, group] of Map.groupBy(rows.entries(), ([, { length }]) => length)) {
    const { logits } = await lens.run(group.map(([, row]) => row));
    for (const [n, [text]] of group.entries())
      found[text] = logits.slice((n * time + time - 1) * vocab, (n * time + time) * vocab);
  }
  return found;
}

const first = (logits: Float32Array): number =>
  logits.reduce((top, x, n) => (x > (logits[top] as number) ? n : top), 0);

const sideOf = (rows: readonly Float32Array[], target: number): Side => ({
  probability: rows.reduce((sum, row) => sum + Math.exp(logProbability(row, target)), 0) / rows.length,
  first: rows.filter((row) => first(row) === target).length / rows.length,
});
