import manifest from "../package.json" with { type: "json" };

/** Candor's version, as it stands in each run's first event. */
export const VERSION = manifest.version;
