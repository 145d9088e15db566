/** A host's request limit: a token bucket that holds one second's worth. */

export interface RateLimit {
  /** Seconds to wait before the next request is allowed, or 0 where this one is. */
  take(now: number): number;
}

/** @param perSecond requests per second, above 0. */
export function rateLimit(perSecond: number): RateLimit {
  const capacity = Math.max(1, perSecond);
  let tokens = capacity;
  let last = Number.NEGATIVE_INFINITY;
  return {
    take(now) {
      const passed = Math.max(0, now - last) / 1000;
      tokens = Math.min(capacity, tokens + passed * perSecond);
      last = now;
      if (tokens >= 1) {
        tokens -= 1;
        return 0;
      }
      return (1 - tokens) / perSecond;
    },
  };
}
