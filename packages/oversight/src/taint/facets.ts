/**
 * How an argument repeats text. Under `PATH` stand all origins; under `PATH#FACET` those that fit:
 * - `long`: at least 12 words in a row, or 80 characters of them
 * - `token`: an address, e-mail address, number or long token, exactly
 * - `bait`: words or tokens of a passage that addresses the agent
 * - `link`: the whole argument is an address that this origin offered as a link
 * - `mention`: the whole argument is an address that stands in this origin's text
 * - `carries`: the argument is an address whose path or query holds text of this origin, which is not the address's own host
 */
export type Facet = "long" | "token" | "bait" | "link" | "mention" | "carries";

export const facet = (path: string, name: Facet): string => `${path}#${name}`;
