/** Any other goal: search for its phrases, read the best results, keep the sentences that answer, and quote them. */
import type { Decision } from "@candor/store";
import type { LeadView, View } from "../../mind.ts";
import { answer, salient } from "./answer.ts";
import { assess, isNew, refusedOften, type Situation } from "./situation.ts";
import { addressKey, draw, fold, hostOf, mentions, parseUrl } from "./words.ts";

const MOST_PAGES = 12;
const ENOUGH_SENTENCES = 10;
/** Under this fit a lead is not worth opening. */
export const TOPICAL = 0.15;
const STOP_WORDS = new Set(
  "a an and any are as at be but by can do does find for from get give has have how i in into is it its list look me my of on one or our out please research report search show some summarise summarize tell than that the their them then there these they this to up us was we were what when where which who why will with write you your about answer question make explain describe short brief page pages web site website online information".split(
    " ",
  ),
);

export interface Goal {
  /** Quoted or capitalised phrases, folded. */
  phrases: string[];
  /** Content words, folded, each once. */
  words: string[];
  urls: string[];
}

export function readGoal(text: string): Goal {
  const urls = [...text.matchAll(/https?:\/\/[^\s"'<>)\]]+/g)].map(([url]) => url.replace(/[.,;:!?]+$/, ""));
  const plain = text.replace(/https?:\/\/\S+/g, " ");
  const quoted = [...plain.matchAll(/["“']([^"”']{3,80})["”']/g)].map(([, phrase]) => fold(phrase ?? ""));
  const named = [...plain.matchAll(/(?<=\S\s+)\p{Lu}[\p{L}\p{N}-]*(?:\s+\p{Lu}[\p{L}\p{N}-]*)+/gu)].map(([phrase]) =>
    fold(phrase),
  );
  const words = fold(plain)
    .split(" ")
    .filter((word) => word.length > 1 && !STOP_WORDS.has(word));
  return { phrases: [...new Set([...quoted, ...named])].filter(Boolean), words: [...new Set(words)], urls };
}

export function research(view: View): Decision {
  const situation = assess(view);
  const goal = readGoal(view.goal);
  const done = (why: string): Decision => ({ thought: why, tool: "finish", args: { summary: answer(view, goal) } });

  if (situation.wishes.stop) return done("You asked me to stop.");
  if (view.left.steps <= 2 || view.left.seconds < 5) return done("The budget is nearly used up.");
  const kept = keep(situation, goal);
  if (kept) return kept;
  if (view.memory.length >= ENOUGH_SENTENCES) return done("I have enough sentences to answer from.");
  if (situation.warnings >= 2) return done("I was told that I get nowhere.");
  return read(situation, goal) ?? done("No lead that is left has to do with the goal.");
}

/** Keeps what the page just read says about the goal, sentence by sentence in one memory. */
function keep(situation: Situation, goal: Goal): Decision | undefined {
  const { last, tools } = situation.view;
  const remember = tools.find((tool) => tool.name === "remember");
  const page = last?.observation;
  if (!remember || last?.decision.tool !== "open" || page?.status !== "ok") return undefined;
  const source = page.url ?? String(last.decision.args.url);
  const sentences = salient(page.text, goal, 2);
  if (sentences.length === 0) return undefined;
  const text = sentences.join(" ");
  const { properties } = remember.parameters;
  const named = typeof properties === "object" && properties !== null && "source" in properties;
  const args = named ? { text, source } : { text: `${text} (${source})` };
  if (!isNew(situation, "remember", args)) return undefined;
  return {
    thought: `The page on ${hostOf(source)} says something about the goal, so I keep it.`,
    tool: "remember",
    args,
  };
}

function read(situation: Situation, goal: Goal): Decision | undefined {
  const { view } = situation;
  const pages = situation.steps.get("open")?.length ?? 0;
  const mayOpen =
    situation.tools.has("open") && view.left.pages >= 1 && pages < MOST_PAGES && !refusedOften(situation, "open", 4);
  if (mayOpen) {
    const named = goal.urls.find((url) => isNew(situation, "open", { url }) && !situation.shunned.has(hostOf(url)));
    if (named) return { thought: "The goal names this page.", tool: "open", args: { url: named } };
  }
  const best = mayOpen ? bestLead(situation, goal) : undefined;
  const query =
    situation.tools.has("search") && !refusedOften(situation, "search", 2) ? nextQuery(situation, goal) : undefined;
  if (query && (!best || best.value < 0.5)) {
    return { thought: `I search for ${query}, the words of the goal.`, tool: "search", args: { query } };
  }
  if (!best) return undefined;
  const shared = sharing(best.words);
  return { thought: `The lead on ${hostOf(best.lead.value)} ${shared}.`, tool: "open", args: { url: best.lead.value } };
}

const sharing = (words: string[]): string =>
  words.length > 0 ? `mentions ${words.slice(0, 3).join(", ")}` : "is the best that is left";

function bestLead(situation: Situation, goal: Goal): { lead: LeadView; value: number; words: string[] } | undefined {
  let best: { lead: LeadView; value: number; words: string[] } | undefined;
  for (const lead of situation.view.leads) {
    const host = hostOf(lead.value);
    if (lead.kind !== "page" || !parseUrl(lead.value) || situation.shunned.has(host)) continue;
    if (situation.opened.has(addressKey(lead.value))) continue;
    const { pages = 0, blocked = 0 } = situation.hosts.get(host) ?? {};
    if (pages >= situation.view.left.pagesPerHost) continue;
    const { value, words } = scoreTopical(lead, goal, { pages, blocked });
    if (value < TOPICAL) continue;
    const tie = (one: LeadView): number => draw(situation.view.seed, one.value);
    if (!best || value > best.value || (value === best.value && tie(lead) < tie(best.lead)))
      best = { lead, value, words };
  }
  return best;
}

/** How well a lead fits the goal's words, from about 0 to 2. See {@link TOPICAL}. */
export function scoreTopical(
  lead: LeadView,
  goal: Goal,
  { pages, blocked }: { pages: number; blocked: number },
): { value: number; words: string[] } {
  const text = fold(`${lead.label} ${lead.value}`);
  const words = goal.words.filter((word) => mentions(text, word));
  const phrases = goal.phrases.filter((phrase) => mentions(text, phrase)).length;
  const overlap = words.length / Math.max(1, goal.words.length);
  const searched = lead.from.startsWith("search") ? 0.3 : 0;
  return { value: overlap + 0.3 * phrases + searched - 0.05 * pages - 0.3 * blocked - 0.05 * lead.hops, words };
}

function nextQuery(situation: Situation, goal: Goal): string | undefined {
  const { phrases, words } = goal;
  const quoted = phrases.map((phrase) => `"${phrase}"`);
  const rest = words.filter((word) => !phrases.some((phrase) => mentions(phrase, word)));
  const queries = [
    [...quoted, ...rest].slice(0, 8).join(" "),
    words.slice(0, 4).join(" "),
    quoted[0] ?? "",
    words.slice(4, 8).join(" "),
    // Engines that want every word may know some of them together, or one.
    words.slice(0, 2).join(" "),
    words.slice(-2).join(" "),
    ...words.toSorted((a, b) => b.length - a.length).slice(0, 2),
    ...situation.view.subgoals
      .filter((goal) => !goal.done)
      .map((goal) => readGoal(goal.text).words.slice(0, 6).join(" ")),
  ];
  return queries.find((query) => query !== "" && isNew(situation, "search", { query }));
}
