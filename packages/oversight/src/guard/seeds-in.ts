/** How much of what the operator let the agent know of them stands in a text. */
import type { GuardRequest } from "./request.ts";

/** A shorter seed must stand as a word of its own: it may be part of any other word. */
const ANYWHERE = 5;

/** @returns characters of names, usernames, city and employer, each counted once */
export function seedsIn({ names, usernames, city, employer }: GuardRequest["seeds"], text: string): number {
  const reversed = names.map((name) =>
    name
      .split(/[\s,]+/)
      .reverse()
      .join(" "),
  );
  const own = [...names, ...reversed, ...usernames, city ?? "", employer ?? ""]
    .map(squash)
    .filter((seed) => seed.length > 1);
  const words = wordsIn(text);
  let rest = squash(text);
  let characters = 0;
  for (const seed of [...new Set(own)].sort((a, b) => b.length - a.length)) {
    if (seed.length < ANYWHERE ? !words.has(seed) : !rest.includes(seed)) continue;
    characters += seed.length;
    if (seed.length >= ANYWHERE) rest = rest.replaceAll(seed, " ");
  }
  return characters;
}

/** Words, whole and with the marks that names and usernames hold. */
const wordsIn = (text: string): Set<string> =>
  new Set([...text.split(/[^\p{L}\p{N}]+/u), ...text.split(/[^\p{L}\p{N}._-]+/u)].map(squash));

const squash = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
