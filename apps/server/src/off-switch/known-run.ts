/** Which run is meant, told without the database. */
import { knownRuns } from "@candor/store";

/** The one run on this machine that `text` is the name, the start or the end of; undefined where that is not clear. */
export function knownRun(home: string, text: string): string | undefined {
  if (text === "") return undefined;
  const runs = knownRuns(home);
  if (runs.includes(text)) return text;
  const meant = runs.filter((run) => run.startsWith(text) || run.startsWith(`r-${text}`) || run.endsWith(text));
  return meant.length === 1 ? meant[0] : undefined;
}
