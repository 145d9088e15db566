/**
 * How an argument repeats text. Under `PATH` stand all origins; under `PATH#FACET` those that fit:
 * - `words`: at least 4 words in a row
 * - `long`: at least 12 words in a row, or 80 characters of them
 * - `token`: an address, e-mail address, number or long token, exactly
 * - `mark`: a code of 8 to 11 characters: a page's, or a username
 * - `phrase`: at least 3 words in a row
 * - `bait`: words or tokens of a passage that addresses the agent
 * - `link`: the whole argument is an address that this origin offered as a link
 * - `mention`: the whole argument is an address that stands in this origin's text
 * - `passed-on`: an address of a site that was not read, an e-mail address, or a long token of letters and digits
 *
 * The path `*` stands for all arguments as one text, and `*~sent` for that read on from what went out before,
 * and `*~thought#bait` for the origins of orders that the thought behind the step says again. What base64 or hex
 * hides counts as said.
 *
 * Of an address (the whole argument, or `PATH~N` within it):
 * - `carries`: what it says besides its host holds text of this origin, which is not the address's own host
 * - `host`: its host is named by this origin, and not in an order
 * - `ordered`: its host is named by an order of this origin
 */
export type Facet =
  | "words"
  | "long"
  | "token"
  | "mark"
  | "phrase"
  | "bait"
  | "link"
  | "mention"
  | "passed-on"
  | "carries"
  | "host"
  | "ordered";

export const facet = (path: string, name: Facet): string => `${path}#${name}`;
