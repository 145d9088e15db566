/** What the small mind may do next: every call that is legal now, in its words, with the reasons that are true of it. */
import type { Decision } from "@candor/store";
import type { View } from "../../mind.ts";
import { checking, OWN_PAGE, ownPages, PROVING, proofArgs } from "../scout/beginning.ts";
import { mustEnd, NOTHING_LEFT, owed, shouldEnd } from "../scout/ending.ts";
import { summary } from "../scout/explain.ts";
import { knownHandles } from "../scout/handles.ts";
import { openable } from "../scout/leads.ts";
import { leadReasons, type Reason, sentence } from "../scout/reasons.ts";
import { actionKey, assess, isNew, refusedOften, type Situation } from "../scout/situation.ts";
import { type LeadTraits, marksOf } from "../scout/traits.ts";
import { draw } from "../scout/words.ts";
import { leadWords } from "./lead-words.ts";
import { peopleSearches } from "./places.ts";
import { queriesOf } from "./queries.ts";
import { MOST_LEAD_WORDS } from "./vocabulary.ts";

export interface Option {
  /** The call in the grammar's words. */
  call: string;
  tool: string;
  /** Arguments that mean the same to the grammar: leads that show the same. The first is the one that is taken. */
  args: readonly [Record<string, unknown>, ...(readonly Record<string, unknown>[])];
  /** What every thought of it says first: so that nobody is taken to such a page without a word. */
  told?: Reason | undefined;
  /** True of it, strongest first; a thought names one or two, one where something is told. */
  reasons: readonly [Reason, ...Reason[]];
  thought(clauses: readonly string[]): string;
  /** Whether the view has to tell of it: it is there because of what was seen. */
  isNews?: boolean;
}

export interface Options {
  situation: Situation;
  options: Option[];
  /** Queries that were asked, in the grammar's words. */
  asked: string[];
}

/** A decision that has one reason, which is its thought. */
const plainly = (call: string, { thought, tool, args }: Decision, word: string): Option => ({
  call,
  tool,
  args: [args],
  reasons: [{ word, clause: thought }],
  thought: () => thought,
});

export function optionsOf(view: View): Options {
  const situation = assess(view);
  const { open, asked } = queriesOf(situation);
  if (mustEnd(situation)) return { situation, options: endings(situation), asked };
  const may = (tool: string, refusals: number): boolean =>
    situation.tools.has(tool) && !refusedOften(situation, tool, refusals);
  const options: Option[] = [];
  const proof = proofArgs(situation);
  if (proof) options.push(plainly("prove", { thought: PROVING, tool: "prove", args: proof }, "first"));
  if (may("check_username", 2) && view.left.pages >= 1) options.push(...checks(situation));
  if (may("search", 3))
    for (const { words, args, reason, why, isNews } of open)
      options.push({ ...plainly(`search ${words}`, { thought: reason, tool: "search", args }, why), isNews });
  if (situation.tools.has("open") && view.left.pages >= 1) options.push(...openings(situation));
  const ends = endings(situation).filter(({ tool }) => tool !== "finish" || !hasHardlyBegun(situation, options));
  return { situation, options: [...options, ...ends], asked };
}

/** Pages that are looked at before an audit may end by itself, where there are promising ones that nobody need be warned of. */
const LEAST_PAGES = 6;

/** It speaks of the operator, or a page of theirs leads there and does not call it furniture. */
const PROMISING = /^open (?!nobody\/)|^open nobody\/yours (?!.*\bmenu)/;

const hasHardlyBegun = ({ opened }: Situation, options: readonly Option[]): boolean =>
  opened.size < LEAST_PAGES && options.some(({ tool, told, call }) => tool === "open" && !told && PROMISING.test(call));

/** Of several names with the same words the first. */
function checks(situation: Situation): Option[] {
  const options = new Map<string, Option>();
  for (const handle of knownHandles(situation)) {
    const args = { username: handle.username };
    const call = `check ${handle.origin} ${handle.promising ? "promising" : "made"}`;
    if (options.has(call) || !isNew(situation, "check_username", args)) continue;
    const decision = { thought: checking(handle), tool: "check_username", args };
    options.set(call, { ...plainly(call, decision, handle.origin), isNews: true });
  }
  return [...options.values()];
}

function openings(situation: Situation): Option[] {
  const { view } = situation;
  const marks = marksOf(view.seeds, situation);
  const alike = new Map<string, [LeadTraits, ...LeadTraits[]]>();
  const add = (traits: LeadTraits, words: string): void => {
    const group = alike.get(words);
    if (group) group.push(traits);
    else alike.set(words, [traits]);
  };
  const own = new Set(ownPages(situation));
  const lookups = peopleSearches(situation);
  for (const traits of openable(situation, marks))
    if (!own.has(traits.lead.value)) add(traits, leadWords(traits, lookups).join(" "));
  const given = [...own].map((url) => ({ url }));
  const [first, ...others] = given;
  const ours: Option[] = first
    ? [
        {
          ...plainly("open given", { thought: OWN_PAGE, tool: "open", args: first }, "given"),
          args: [first, ...others],
        },
      ]
    : [];
  return [...ours, ...newest([...alike.entries()]).map(([words, group]) => opening(words, group, view.seed))].map(
    (option) => ({ ...option, isNews: true }),
  );
}

/** Pages that people may not want to be sent to. */
const TOLD: readonly Reason[] = [
  { word: "people-search", clause: "its site looks people up" },
  { word: "paste", clause: "it looks like a list of people that somebody left there" },
];

export const toldOf = (words: readonly string[]): Reason | undefined =>
  TOLD.find(({ word }) => words.includes(word) || (word === "people-search" && words.includes("records")));

/** Of leads that show the same the one that is drawn by the run's seed. */
function opening(words: string, group: readonly [LeadTraits, ...LeadTraits[]], seed: number): Option {
  const tie = ({ lead }: LeadTraits): number => draw(seed, lead.value);
  const first = group.reduce((a, b) => (tie(b) < tie(a) ? b : a));
  const others = group.filter((each) => each !== first);
  return {
    call: `open ${words}`,
    tool: "open",
    args: [{ url: first.lead.value }, ...others.map(({ lead }) => ({ url: lead.value }))],
    told: toldOf(words.split(" ")),
    reasons: leadReasons(first),
    thought: (clauses) => sentence(first.host, clauses),
  };
}

/** As many of the leads that were seen last as a view has room for. */
function newest<T>(lines: readonly (readonly [string, T])[]): (readonly [string, T])[] {
  const kept: (readonly [string, T])[] = [];
  let room = MOST_LEAD_WORDS;
  for (const line of lines.toReversed()) {
    room -= line[0].split(" ").length;
    if (room < 0) break;
    kept.unshift(line);
  }
  return kept;
}

/** To stop when told, and to keep steps for the end, is not for a model to learn: {@link mustEnd} leaves nothing else. Nor is to look first. */
function endings(situation: Situation): Option[] {
  const { word, clause } = shouldEnd(situation) ?? NOTHING_LEFT;
  const finish = { thought: clause, tool: "finish", args: { summary: summary(situation.view, clause) } };
  return [
    ...owed(situation).map((decision) =>
      plainly(decision.tool === "breach_lookup" ? "breach" : "message", decision, "owed"),
    ),
    plainly("finish", finish, word),
  ];
}

/** The option that a decision takes; undefined for one that the grammar has no words for. */
export function optionFor({ options }: Options, { tool, args }: Pick<Decision, "tool" | "args">): Option | undefined {
  const free = tool === "finish" || tool === "message_operator";
  return options.find(
    (option) =>
      option.tool === tool && (free || option.args.some((each) => actionKey(tool, each) === actionKey(tool, args))),
  );
}
