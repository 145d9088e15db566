/** Files of judgments as examples: one text or two, and what was said of them. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { hash32 } from "../../random.ts";
import type { TokenText } from "../texts.ts";
import { checkPairs, checkVerdicts } from "./checks.ts";
import { type Consensus, dawidSkene } from "./dawid-skene.ts";
import { type PreferenceRow, readRows, type VerdictRow } from "./rows.ts";
import { type Speaker, type Tokenised, tokenise, tokeniseAll } from "./tokenise.ts";

export interface Pair {
  chosen: TokenText;
  rejected: TokenText;
}

export interface Judged {
  text: TokenText;
  /** How likely it is good, by all who judged it. */
  chance: number;
}

export const completionsIn = (path: string, speaker: Speaker): Tokenised<TokenText> =>
  tokeniseAll(readRows(path, "completion"), path, ({ prompt, completion }, where) =>
    tokenise(speaker, prompt, completion, where),
  );

export function pairsIn(path: string, speaker: Speaker): Tokenised<Pair> {
  const rows = readRows(path, "preference");
  checkPairs(rows, path);
  const different = rows.filter(({ chosen, rejected }: PreferenceRow) => chosen !== rejected);
  return tokeniseAll(different, path, (row, where) => {
    const chosen = tokenise(speaker, row.prompt, row.chosen, where);
    const rejected = tokenise(speaker, row.prompt, row.rejected, where);
    return chosen && rejected && { chosen, rejected };
  });
}

export interface JudgedTexts extends Tokenised<Judged> {
  /** What was learnt of the raters, where several were named. */
  raters: Consensus["raters"] | undefined;
}

/** Each text once, however many judged it. */
export function judgedIn(path: string, speaker: Speaker): JudgedTexts {
  const rows = readRows(path, "unpaired");
  checkVerdicts(rows, path);
  const items = new Map<string, VerdictRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.prompt, row.completion]);
    items.set(key, [...(items.get(key) ?? []), row]);
  }
  const each = [...items.values()];
  const named = new Set(rows.flatMap(({ rater }) => rater ?? []));
  const consensus =
    named.size > 1
      ? dawidSkene(
          each.map((own) => ({
            verdicts: new Map(own.map(({ rater, label }, n) => [rater ?? `unnamed ${n}`, label])),
          })),
        )
      : undefined;
  const chances = each.map((own, n) => consensus?.chances[n] ?? own.filter(({ label }) => label).length / own.length);
  const known = each.map((own, n) => ({ row: own[0] as VerdictRow, chance: chances[n] as number }));
  const tokenised = tokeniseAll(known, path, ({ row, chance }, where) => {
    const text = tokenise(speaker, row.prompt, row.completion, where);
    return text && { text, chance };
  });
  return { ...tokenised, raters: consensus?.raters };
}

/** Which rows nothing is learnt from: a function of the seed and the place. */
export function heldOut<T>(rows: readonly T[], fraction: number, seed: number): { train: T[]; validation: T[] } {
  const order = rows.map((_, n) => n).toSorted((a, b) => hash32(seed, a, 0x5e1d) - hash32(seed, b, 0x5e1d) || a - b);
  const count = rows.length < 4 ? 0 : Math.round(rows.length * fraction);
  const out = new Set(order.slice(0, count));
  return { train: rows.filter((_, n) => !out.has(n)), validation: rows.filter((_, n) => out.has(n)) };
}

/** The rows of a step: each epoch has an order of its own, and a batch may span two. */
export function rowsAt(count: number, batch: number, step: number, seed: number): number[] {
  const orders = new Map<number, number[]>();
  return Array.from({ length: batch }, (_, n) => {
    const place = step * batch + n;
    const epoch = Math.floor(place / count);
    const order = orders.get(epoch) ?? shuffled(count, seed, epoch);
    orders.set(epoch, order);
    return order[place % count] as number;
  });
}

const shuffled = (count: number, seed: number, epoch: number): number[] =>
  Array.from({ length: count }, (_, n) => n).toSorted(
    (a, b) => hash32(seed, a, 0x0d, epoch) - hash32(seed, b, 0x0d, epoch) || a - b,
  );

/** Of a file's content. */
export const fileHash = (path: string): string =>
  createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 16);
