/** robots.txt as RFC 9309 has it: fetched once per origin, a 4xx allows all, an unreachable one forbids all. */
import parserModule from "robots-parser";

// The package is CommonJS and its types say otherwise: what is imported is the function itself.
const robotsParser = parserModule as unknown as typeof parserModule.default;

export interface RobotsAnswer {
  allowed: boolean;
  /** Why not; empty where it is allowed. */
  reason: string;
  /** Seconds that the host asks for between two requests. */
  crawlDelay: number;
}

/** What fetching a robots.txt gave: its text, or that there is none, or that it cannot be known. */
export type RobotsFile = { kind: "rules"; text: string } | { kind: "none" } | { kind: "unreachable"; reason: string };

export interface Robots {
  check(url: URL, signal: AbortSignal | undefined): Promise<RobotsAnswer>;
}

/** RFC 9309 asks for 500 KiB at least. */
export const ROBOTS_MAX_BYTES = 512 * 1024;
const KEPT_MS = 24 * 3_600_000;
const UNREACHABLE_KEPT_MS = 60_000;
/** Characters of wildcard patterns times path length: what a hostile file could make one check cost. */
const MOST_WORK = 20_000_000;

type Rules = (url: URL) => RobotsAnswer;

export function robotsRules(
  userAgent: string,
  fetchFile: (origin: string, signal: AbortSignal | undefined) => Promise<RobotsFile>,
): Robots {
  const product = /^[A-Za-z_-]+/.exec(userAgent)?.[0] ?? "*";
  const known = new Map<string, { until: number; rules: Promise<Rules> }>();

  const rulesOf = (origin: string, signal: AbortSignal | undefined): Promise<Rules> => {
    const kept = known.get(origin);
    if (kept && kept.until > Date.now()) return kept.rules;
    const entry = { until: Date.now() + KEPT_MS, rules: Promise.resolve<Rules>(() => ALLOWED) };
    entry.rules = fetchFile(origin, signal).then((file) => {
      if (file.kind === "none") return () => ALLOWED;
      if (file.kind === "rules") return parseRobots(file.text, origin, product);
      entry.until = Date.now() + UNREACHABLE_KEPT_MS;
      return (url) => refusal(`robots.txt of ${url.host} cannot be read, which forbids all of it: ${file.reason}`);
    });
    known.set(origin, entry);
    // Only an abort ends here; the next caller asks again.
    entry.rules.catch(() => known.delete(origin));
    return entry.rules;
  };
  return { check: async (url, signal) => (await rulesOf(url.origin, signal))(url) };
}

const ALLOWED: RobotsAnswer = { allowed: true, reason: "", crawlDelay: 0 };
const refusal = (reason: string, crawlDelay = 0): RobotsAnswer => ({ allowed: false, reason, crawlDelay });

/** The rules that `text` gives the crawler `product`, for URLs of `origin`. */
export function parseRobots(text: string, origin: string, product: string): Rules {
  const lines = linesFor(text, product.toLowerCase());
  const wild = lines.reduce((sum, line) => (line.includes("*") ? sum + line.length : sum), 0);
  const rules = robotsParser(`${origin}/robots.txt`, `User-agent: *\n${lines.join("\n")}`);
  const delay = rules.getCrawlDelay("*");
  const crawlDelay = delay !== undefined && Number.isFinite(delay) && delay > 0 ? delay : 0;
  return (url) => {
    if (wild * (url.pathname.length + url.search.length) > MOST_WORK) {
      return refusal(`robots.txt of ${url.host} is too complex to follow`, crawlDelay);
    }
    if (rules.isAllowed(url.href, "*") === false) {
      return refusal(`robots.txt of ${url.host} does not allow it`, crawlDelay);
    }
    return { allowed: true, reason: "", crawlDelay };
  };
}

/**
 * Rules of the groups that name `product`, or else of those for `*`. Taken apart here, because the parser copies each rule
 * for each agent of a group, which a file of many agents and rules could use to fill the memory.
 */
function linesFor(text: string, product: string): string[] {
  const groups = { own: [] as string[], all: [] as string[] };
  let named = false;
  let [own, all, opening] = [false, false, false];
  for (const raw of text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/)) {
    const match = /^\s*([A-Za-z-]+)\s*:\s*([^#]*)/.exec(raw);
    if (!match) continue;
    const [, key = "", value = ""] = match;
    switch (key.toLowerCase()) {
      case "user-agent": {
        if (!opening) [own, all] = [false, false];
        opening = true;
        const agent = value.trim().toLowerCase().replace(/\/.*$/, "").trim();
        own ||= agent === product;
        all ||= agent === "*";
        named ||= own;
        break;
      }
      case "allow":
      case "disallow":
      case "crawl-delay":
        opening = false;
        if (own) groups.own.push(`${key}: ${value.trim()}`);
        if (all) groups.all.push(`${key}: ${value.trim()}`);
        break;
    }
  }
  return named ? groups.own : groups.all;
}
