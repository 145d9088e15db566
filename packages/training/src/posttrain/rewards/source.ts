/** Whoever gives texts a reward: a model here, one behind a URL, or a function. */
import type { TokenText } from "../texts.ts";

export interface Written {
  prompt: string;
  completion: string;
  /** With the ending token where it came. */
  text: TokenText;
  ended: boolean;
  /** How the token that ends texts is spelt. */
  end: string;
}

export interface RewardSource extends AsyncDisposable {
  /** Which it is: a run that goes on must have the same. */
  readonly identity: string;
  /** @returns one number for each text: the higher the better */
  score(texts: readonly Written[], signal?: AbortSignal): Promise<number[]>;
}

/** @param identity names the function, and its version where it changes */
export const rewardsBy = (
  identity: string,
  score: (texts: readonly Written[]) => number[] | Promise<number[]>,
): RewardSource => ({
  identity,
  score: async (texts) => score(texts),
  [Symbol.asyncDispose]: async () => undefined,
});
