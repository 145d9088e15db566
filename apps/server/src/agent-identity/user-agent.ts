import type { Config } from "../config.ts";
import { VERSION } from "../version.ts";

/** True of every request: what it is, whose, and where that can be checked. robots.txt knows it as `Candor`. */
export const userAgent = ({ agent }: Pick<Config, "agent">): string =>
  `Candor/${VERSION} (${agent.url ? `+${agent.url}; ` : ""}AI agent of its operator)`;
