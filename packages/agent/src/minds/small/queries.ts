/** What may be asked of a search engine, each in a word of the grammar. Every query holds the operator's own name, username or site. */
import { isNew, type Situation } from "../scout/situation.ts";
import { fold, hostOf, mentions } from "../scout/words.ts";
import type { Reason } from "./lead-words.ts";
import { countWord, KINDS, kindWord } from "./vocabulary.ts";

export interface Query {
  /** After `search`. */
  words: string;
  args: { query: string; page?: number };
  reason: Reason;
  /** Not one of the queries that there always are: the view has to tell of it. */
  isNews?: boolean;
}

/** Two ways to ask for pages with a fact of a kind. */
const TOPICS: Record<(typeof KINDS)[number], readonly [string, string]> = {
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
};

/** Those that may be asked, of several with the same words the first; and those that were. */
export function queriesOf(situation: Situation): { open: Query[]; asked: Query[] } {
  const all = [...standing(situation), ...fromFindings(situation), ...suggested(situation), ...furtherPages(situation)];
  const seen = new Set<string>();
  const open = new Map<string, Query>();
  const asked: Query[] = [];
  for (const query of all) {
    const key = `${fold(query.args.query)} ${query.args.page ?? 1}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (!isNew(situation, "search", query.args)) asked.push(query);
    else if (!open.has(query.words)) open.set(query.words, query);
  }
  return { open: [...open.values()], asked };
}

function standing({ view }: Situation): Query[] {
  const { seeds, findings, wanted } = view;
  const queries: Query[] = [];
  const add = (words: string, query: string, word: string, clause: string): void => {
    queries.push({ words, args: { query }, reason: { word, clause } });
  };
  const begin = (words: string, query: string, clause: string): void => add(words, query, "begin", clause);
  for (const [n, name] of seeds.names.slice(0, 3).entries()) {
    const word = `q-name${n + 1}`;
    begin(word, `"${name}"`, "Your name is where anybody would begin.");
    if (seeds.city)
      begin(
        `${word}-city`,
        `"${name}" ${seeds.city}`,
        "Your name with your city leaves out most people of the same name.",
      );
    if (seeds.employer)
      begin(`${word}-employer`, `"${name}" ${seeds.employer}`, "Your name with your employer finds work pages.");
  }
  for (const [n, username] of seeds.usernames.slice(0, 6).entries())
    begin(`q-username${n + 1}`, username, "Your username may be used on sites that the username check does not know.");
  for (const [n, site] of seeds.sites.slice(0, 3).entries()) {
    // A page on somebody's site has no domain of its own: only the operator's whole host says something of them.
    if (/^https?:\/\/[^/]+\/?$/.test(site) && hostOf(site))
      add(
        `q-site${n + 1}`,
        `"${hostOf(site)}"`,
        "register",
        "Registers and other pages that name the address of your site may say who owns it.",
      );
  }
  const [name] = seeds.names;
  if (!name) return queries;
  const found = new Set(findings.map(({ kind }) => kind));
  for (const kind of KINDS.filter((each) => wanted.includes(each))) {
    const missing = !found.has(kind);
    const clause = `${missing ? "No" : "Little"} ${kind} was found yet, and pages that show one use these words.`;
    for (const [round, topic] of TOPICS[kind].entries())
      add(
        `q-${kindWord(kind)}${round === 0 ? "" : "-again"}`,
        `"${name}" ${topic}`,
        missing ? "missing" : "little",
        clause,
      );
  }
  add("q-pdf", `"${name}" pdf`, "otherwise", "Documents often hold contact details.");
  const [first = "", ...rest] = name.split(/\s+/);
  const last = rest.at(-1);
  if (last) {
    add("q-reversed", `"${last}, ${first}"`, "otherwise", "Lists write names the other way round.");
    add(
      "q-initial",
      `"${first.slice(0, 1)}. ${last}"${seeds.city ? ` ${seeds.city}` : ""}`,
      "otherwise",
      "Results and minutes shorten first names.",
    );
  }
  return queries;
}

/** The operator's name with a school, an interest or an employer that was found. */
function fromFindings({ view }: Situation): Query[] {
  const { seeds, findings } = view;
  const [name] = seeds.names;
  if (!name) return [];
  return findings
    .filter(
      ({ kind, value }) =>
        ["employer", "school", "interest"].includes(kind) &&
        !(kind === "employer" && seeds.employer && fold(value) === fold(seeds.employer)),
    )
    .map(({ kind, value, confidence, urls }): Query => {
      const unsure = confidence < 0.75 || urls.length < 2;
      return {
        words: `${kindWord(kind)} ${unsure ? "unsure" : "sure"}`,
        args: { query: `"${name}" ${value}` },
        reason: unsure
          ? { word: "confirm", clause: `One more page would confirm that your ${kind} is public.` }
          : { word: "known", clause: `Pages about this ${kind} may mention you.` },
        isNews: true,
      };
    });
}

/** Searches that a page suggests and that are about the operator. */
function suggested({ view }: Situation): Query[] {
  const { seeds, leads } = view;
  const own = [...seeds.names, ...seeds.usernames].map(fold);
  return leads
    .filter(({ kind, value }) => kind === "query" && own.some((mark) => mentions(fold(value), mark)))
    .map(
      ({ value, fromOwned }): Query => ({
        words: `suggested ${fromOwned > 0.8 ? "yours" : fromOwned > 0.3 ? "perhaps" : "elsewhere"}`,
        args: { query: value },
        reason: { word: "suggested", clause: "A page suggested this search, and it is about you." },
        isNews: true,
      }),
    );
}

/** Of a search whose first results left many leads; the newest searches. */
function furtherPages({ view, steps }: Situation): Query[] {
  const further: Query[] = [];
  for (const step of (steps.get("search") ?? []).toReversed()) {
    const query = String(step.args.query);
    const page = Number(step.args.page ?? 1);
    const own = view.leads.filter(({ from }) => from === `search ${query}`).length;
    const left = Math.max(own, view.leads.filter(({ seen }) => seen === step.step).length);
    if (step.status !== "ok" || page >= 3 || left < 4) continue;
    further.push({
      words: `results ${countWord(page + 1)} ${left < 10 ? "some" : "many"}`,
      args: { query, page: page + 1 },
      reason: { word: "more-results", clause: `The first results left ${left} new leads.` },
      isNews: true,
    });
  }
  return further;
}
