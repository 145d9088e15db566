/** What to ask a search engine. Every query holds the operator's own name, username or site: never anybody else's. */
import { isNew, type Situation } from "./situation.ts";
import { count, fold, hostOf, mentions } from "./words.ts";

/** What a query is asked for. Places count from 0. */
export type Purpose =
  | { kind: "name"; place: number; with?: "city" | "employer" }
  | { kind: "username" | "site"; place: number }
  /** A wanted kind of fact; `round` 1 is the second way to ask for it. */
  | { kind: "fact"; of: string; place: number; round: number; missing: boolean }
  | { kind: "pdf" | "reversed" | "initial" }
  /** The operator's name with a school, an interest or an employer that was found. */
  | { kind: "finding"; of: string; unsure: boolean }
  /** A page suggests it. */
  | { kind: "suggested"; fromOwned: number }
  /** A further page of results. */
  | { kind: "further"; page: number; left: number };

export interface Query {
  args: { query: string; page?: number };
  reason: string;
  purpose: Purpose;
}

export interface ScoredQuery extends Query {
  /** Chance that its results lead to a gain, 0 to 1. */
  value: number;
}

/** Two ways to ask for pages with a fact of a kind: words that such pages use. */
export const TOPICS = {
  phone: ["phone", "contact call"],
  "e-mail": ["e-mail contact", "email"],
  address: ["address", "street"],
  "birth date": ["born birthday", "birthday"],
  employer: ["CV resume", "works at"],
  school: ["school graduated", "alumni class of"],
  interest: ["club member", "results"],
  username: ["profile", "username"],
  photo: ["photo", "album"],
  location: ["photo location", "lives in"],
} as const satisfies Record<string, readonly [string, string]>;

/** Queries not asked yet, best first. */
export function rankQueries(situation: Situation): ScoredQuery[] {
  const searches = situation.steps.get("search") ?? [];
  const failed = searches.filter((step) => step.status !== "ok").length;
  const discount = 0.99 ** searches.length * 0.8 ** failed;
  return queriesFor(situation)
    .filter(({ args }) => isNew(situation, "search", args))
    .map((query) => ({ ...query, value: worth(query.purpose, situation) * discount }))
    .sort((a, b) => b.value - a.value);
}

function worth(purpose: Purpose, { wishes }: Situation): number {
  switch (purpose.kind) {
    case "name":
      return { alone: 0.95, city: 0.9, employer: 0.85 }[purpose.with ?? "alone"] - 0.05 * purpose.place;
    case "username":
      return 0.88;
    case "site":
      return 0.5;
    case "fact": {
      const focus = wishes.focus.includes(purpose.of) ? 0.4 : 0;
      return (purpose.missing ? 0.5 : 0.24) - 0.02 * purpose.place - 0.15 * purpose.round + focus;
    }
    case "pdf":
      return 0.3;
    case "reversed":
      return 0.4;
    case "initial":
      return 0.28;
    case "finding":
      return purpose.unsure ? 0.42 : 0.3;
    case "suggested":
      return 0.25 + 0.2 * purpose.fromOwned;
    case "further":
      // A second page of results pays where the first was full of new leads.
      return 0.5 - 0.1 * (purpose.page - 1) + 0.01 * Math.min(10, purpose.left);
  }
}

/** All there are, asked or not, each once: of two purposes with the same words the first. */
export function queriesFor(situation: Situation): Query[] {
  const found = new Map<string, Query>();
  for (const query of [...aboutSeeds(situation), ...aboutName(situation), ...fromPages(situation)]) {
    const key = `${fold(query.args.query)} ${query.args.page ?? 1}`;
    if (!found.has(key)) found.set(key, query);
  }
  return [...found.values()];
}

const query = (text: string, purpose: Purpose, reason: string): Query => ({ args: { query: text }, purpose, reason });

function* aboutSeeds({ view: { seeds } }: Situation): Generator<Query> {
  for (const [place, name] of seeds.names.entries()) {
    yield query(`"${name}"`, { kind: "name", place }, "Your name is where anybody would begin.");
    if (seeds.city)
      yield query(
        `"${name}" ${seeds.city}`,
        { kind: "name", place, with: "city" },
        "Your name with your city leaves out most people of the same name.",
      );
    if (seeds.employer)
      yield query(
        `"${name}" ${seeds.employer}`,
        { kind: "name", place, with: "employer" },
        "Your name with your employer finds work pages.",
      );
  }
  for (const [place, handle] of seeds.usernames.entries())
    yield query(
      handle,
      { kind: "username", place },
      "Your username may be used on sites that the username check does not know.",
    );
  for (const [place, site] of seeds.sites.entries()) {
    const host = hostOf(site);
    // A page on somebody's site has no domain of its own: only the operator's whole host says something of them.
    if (host && /^https?:\/\/[^/]+\/?$/.test(site))
      yield query(
        `"${host}"`,
        { kind: "site", place },
        "Registers and other pages that name the address of your site may say who owns it.",
      );
  }
}

function* aboutName({ view: { seeds, findings, wanted } }: Situation): Generator<Query> {
  const [name] = seeds.names;
  if (!name) return;
  const found = new Set(findings.map((finding) => finding.kind));
  for (const [place, of] of wanted.entries()) {
    const missing = !found.has(of);
    const reason = `${missing ? "No" : "Little"} ${of} was found yet, and pages that show one use these words.`;
    for (const [round, words] of topicsOf(of).entries())
      yield query(`"${name}" ${words}`, { kind: "fact", of, place, round, missing }, reason);
  }
  yield query(`"${name}" pdf`, { kind: "pdf" }, "Documents often hold contact details.");
  const [first = "", ...rest] = name.split(/\s+/);
  const last = rest.at(-1);
  if (last) {
    yield query(`"${last}, ${first}"`, { kind: "reversed" }, "Lists write names the other way round.");
    const initial = `"${first.slice(0, 1)}. ${last}"${seeds.city ? ` ${seeds.city}` : ""}`;
    yield query(initial, { kind: "initial" }, "Results and minutes shorten first names.");
  }
  for (const { kind: of, value, confidence, urls } of findings) {
    if (!["employer", "school", "interest"].includes(of)) continue;
    if (seeds.employer && fold(value) === fold(seeds.employer)) continue;
    const unsure = confidence < 0.75 || urls.length < 2;
    yield query(
      `"${name}" ${value}`,
      { kind: "finding", of, unsure },
      unsure ? `One more page would confirm that your ${of} is public.` : `Pages about this ${of} may mention you.`,
    );
  }
}

function* fromPages({ view: { seeds, leads }, steps }: Situation): Generator<Query> {
  const own = seeds.names.length > 0 ? [...seeds.names, ...seeds.usernames].map(fold) : [];
  for (const { kind, value, fromOwned } of leads) {
    if (kind === "query" && own.some((mark) => mentions(fold(value), mark)))
      yield query(value, { kind: "suggested", fromOwned }, "A page suggested this search, and it is about you.");
  }
  for (const step of steps.get("search") ?? []) {
    const text = String(step.args.query);
    const page = Number(step.args.page ?? 1);
    const fresh = leads.filter((lead) => lead.from === `search ${text}`).length;
    const left = Math.max(fresh, leads.filter((lead) => lead.seen === step.step).length);
    if (step.status !== "ok" || page >= 3 || left < 4) continue;
    yield {
      args: { query: text, page: page + 1 },
      purpose: { kind: "further", page: page + 1, left },
      reason: `The first results left ${count(left, "new lead")}.`,
    };
  }
}

const topicsOf = (kind: string): readonly string[] =>
  Object.entries(TOPICS).find(([each]) => each === kind)?.[1] ?? [kind];
