/** Lehmer's generator: the same numbers in (0, 1) on every machine. */
export function uniformFrom(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
