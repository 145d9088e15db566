/** Candor's version, as it stands in each run's first event. */
export const VERSION = "0.1.0";
