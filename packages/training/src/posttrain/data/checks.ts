/** What makes judgments useless, said before anything is taught by them. */
import { TrainingError } from "../../training-error.ts";
import type { PreferenceRow, VerdictRow } from "./rows.ts";

/** @throws {TrainingError} when all are good or all are bad, or when most of what several judged is held both ways */
export function checkVerdicts(rows: readonly VerdictRow[], path: string): void {
  const good = rows.filter(({ label }) => label).length;
  if (good === 0 || good === rows.length)
    throw new TrainingError(
      `${path}: all ${rows.length} judgments are ${good === 0 ? "bad" : "good"}: nothing tells the one from the other`,
      "Rate answers of both kinds.",
    );
  const items = new Map<string, { good: number; bad: number }>();
  for (const { prompt, completion, label } of rows) {
    const key = JSON.stringify([prompt, completion]);
    const counts = items.get(key) ?? { good: 0, bad: 0 };
    counts[label ? "good" : "bad"]++;
    items.set(key, counts);
  }
  const several = [...items.values()].filter((item) => item.good + item.bad > 1);
  const torn = several.filter((item) => item.good === item.bad).length;
  if (several.length >= 4 && torn > several.length / 2)
    throw new TrainingError(
      `${path}: of ${several.length} answers that were judged more than once ${torn} are held as good as bad: the judgments contradict each other`,
      "Agree on what good means, and rate again.",
    );
}

/** @throws {TrainingError} when most pairs were decided both ways */
export function checkPairs(rows: readonly PreferenceRow[], path: string): void {
  const same = rows.filter(({ chosen, rejected }) => chosen === rejected).length;
  if (same === rows.length)
    throw new TrainingError(`${path}: in every pair both answers are the same`, "Give pairs of different answers.");
  const decided = new Set(rows.map(({ prompt, chosen, rejected }) => JSON.stringify([prompt, chosen, rejected])));
  const both = rows.filter(
    ({ prompt, chosen, rejected }) => chosen !== rejected && decided.has(JSON.stringify([prompt, rejected, chosen])),
  ).length;
  if (both > rows.length / 2)
    throw new TrainingError(
      `${path}: ${both} of ${rows.length} pairs were also decided the other way round: the judgments contradict each other`,
      "Agree on what is better, and judge again.",
    );
}
