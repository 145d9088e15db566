/** What to ask a search engine. Every query holds the operator's own name, username or site: never anybody else's. */
import { isNew, type Situation } from "./situation.ts";
import { count, fold, hostOf, mentions } from "./words.ts";

export interface ScoredQuery {
  args: { query: string; page?: number };
  /** Chance that its results lead to a gain, 0 to 1. */
  value: number;
  reason: string;
}

/** Words that pages with a fact of this kind use. */
const WORDS: Record<string, string[]> = {
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

/** Queries not asked yet, best first. */
export function rankQueries(situation: Situation): ScoredQuery[] {
  const { seeds, findings, leads, wanted } = situation.view;
  const [name] = seeds.names;
  const queries: ScoredQuery[] = [];
  const add = (query: string, value: number, reason: string, page?: number): void => {
    queries.push({ args: page ? { query, page } : { query }, value, reason });
  };

  seeds.names.forEach((each, index) => {
    add(`"${each}"`, 0.95 - 0.05 * index, "Your name is where anybody would begin.");
    if (seeds.city)
      add(
        `"${each}" ${seeds.city}`,
        0.9 - 0.05 * index,
        "Your name with your city leaves out most people of the same name.",
      );
    if (seeds.employer)
      add(`"${each}" ${seeds.employer}`, 0.85 - 0.05 * index, "Your name with your employer finds work pages.");
  });
  for (const handle of seeds.usernames) {
    add(handle, 0.88, "Your username may be used on sites that the username check does not know.");
  }
  for (const site of seeds.sites) {
    const host = hostOf(site);
    // A page on somebody's site has no domain of its own: only the operator's whole host says something of them.
    if (host && /^https?:\/\/[^/]+\/?$/.test(site)) {
      add(`"${host}"`, 0.5, "Registers and other pages that name the address of your site may say who owns it.");
    }
  }
  if (name) {
    const found = new Set(findings.map((finding) => finding.kind));
    wanted.forEach((kind, index) => {
      const missing = !found.has(kind);
      const focus = situation.wishes.focus.includes(kind) ? 0.4 : 0;
      (WORDS[kind] ?? [kind]).forEach((words, round) => {
        const value = (missing ? 0.5 : 0.24) - 0.02 * index - 0.15 * round + focus;
        add(
          `"${name}" ${words}`,
          value,
          `${missing ? "No" : "Little"} ${kind} was found yet, and pages that show one use these words.`,
        );
      });
    });
    add(`"${name}" pdf`, 0.3, "Documents often hold contact details.");
    const [first = "", ...rest] = name.split(/\s+/);
    const last = rest.at(-1);
    if (last) {
      add(`"${last}, ${first}"`, 0.4, "Lists write names the other way round.");
      add(
        `"${first.slice(0, 1)}. ${last}"${seeds.city ? ` ${seeds.city}` : ""}`,
        0.28,
        "Results and minutes shorten first names.",
      );
    }
    for (const finding of findings) {
      if (!["employer", "school", "interest"].includes(finding.kind)) continue;
      if (seeds.employer && fold(finding.value) === fold(seeds.employer)) continue;
      const unsure = finding.confidence < 0.75 || finding.urls.length < 2;
      add(
        `"${name}" ${finding.value}`,
        unsure ? 0.42 : 0.3,
        unsure
          ? `One more page would confirm that your ${finding.kind} is public.`
          : `Pages about this ${finding.kind} may mention you.`,
      );
    }
    for (const lead of leads) {
      const ours = [...seeds.names, ...seeds.usernames].some((own) => mentions(fold(lead.value), fold(own)));
      if (lead.kind === "query" && ours)
        add(lead.value, 0.25 + 0.2 * lead.fromOwned, "A page suggested this search, and it is about you.");
    }
  }

  // A second page of results pays where the first was full of new leads.
  for (const step of situation.steps.get("search") ?? []) {
    const query = String(step.args.query);
    const page = Number(step.args.page ?? 1);
    const fresh = leads.filter((lead) => lead.from === `search ${query}`).length;
    const all = leads.filter((lead) => lead.seen === step.step).length;
    const yielded = Math.max(fresh, all);
    if (step.status === "ok" && page < 3 && yielded >= 4) {
      add(
        query,
        0.5 - 0.1 * page + 0.01 * Math.min(10, yielded),
        `The first results left ${count(yielded, "new lead")}.`,
        page + 1,
      );
    }
  }

  const failed = (situation.steps.get("search") ?? []).filter((step) => step.status !== "ok").length;
  const asked = situation.steps.get("search")?.length ?? 0;
  const discount = 0.99 ** asked * 0.8 ** failed;
  const seen = new Set<string>();
  return queries
    .filter(({ args }) => {
      const key = `${fold(args.query)} ${args.page ?? 1}`;
      const fresh = !seen.has(key) && isNew(situation, "search", args);
      seen.add(key);
      return fresh;
    })
    .map((query) => ({ ...query, value: query.value * discount }))
    .sort((a, b) => b.value - a.value);
}
