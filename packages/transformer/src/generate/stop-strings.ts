/** Texts that end an answer, wherever tokens are cut. */

export interface StopStrings {
  /** @returns the text that is certain to be part of the answer, and whether a stop string was met */
  push(text: string): { text: string; stopped: boolean };
  /** What was held back, when nothing more comes. */
  end(): string;
}

/** Neither a stop string nor what comes after it is part of the answer; of several, the one that is complete first counts. */
export function stopStrings(stops: readonly string[]): StopStrings {
  const sought = stops.filter((stop) => stop !== "");
  let held = "";
  return {
    push(text) {
      // One character at a time: with all of a token at once, a later stop string could hide an earlier one.
      let certain = "";
      for (let n = 0; n < text.length; n++) {
        held += text[n];
        const met = sought.filter((stop) => held.endsWith(stop)).sort((a, b) => b.length - a.length)[0];
        if (met !== undefined) {
          certain += held.slice(0, held.length - met.length);
          held = "";
          return { text: certain, stopped: true };
        }
        const kept = longestBeginning(held, sought);
        certain += held.slice(0, held.length - kept);
        held = held.slice(held.length - kept);
      }
      return { text: certain, stopped: false };
    },
    end() {
      const rest = held;
      held = "";
      return rest;
    },
  };
}

/** How much of the end of a text could be the beginning of a stop string. */
function longestBeginning(text: string, stops: readonly string[]): number {
  let longest = 0;
  for (const stop of stops)
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--)
      if (text.endsWith(stop.slice(0, length))) longest = length;
  return longest;
}
