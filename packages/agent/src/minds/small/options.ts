/** What the small mind may do next: every call that is legal now, in its words, with the reasons that are true of it. */
import type { Decision } from "@candor/store";
import type { View } from "../../mind.ts";
import { proofArgs, sentence } from "../scout/audit.ts";
import { message, summary } from "../scout/explain.ts";
import { knownHandles } from "../scout/handles.ts";
import { openable } from "../scout/leads.ts";
import { actionKey, assess, isNew, refusedOften, type Situation } from "../scout/situation.ts";
import { type LeadTraits, marksOf, traitsOf } from "../scout/traits.ts";
import { draw, hostOf, parseUrl } from "../scout/words.ts";
import { leadReasons, leadWords, type Reason } from "./lead-words.ts";
import { queriesOf } from "./queries.ts";
import { MOST_LEAD_WORDS } from "./vocabulary.ts";

/** Kept for the look at breaches, the message and the end. */
const LAST_STEPS = 4;
const LAST_SECONDS = 5;

export interface Option {
  /** The call in the grammar's words. */
  call: string;
  tool: string;
  /** Arguments that mean the same to the grammar: leads that show the same. The first is the one that is taken. */
  args: readonly [Record<string, unknown>, ...(readonly Record<string, unknown>[])];
  /** True of it, strongest first; a thought names one or two. */
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

const plain = (clauses: readonly string[]): string => clauses[0] ?? "";

export function optionsOf(view: View): Options {
  const situation = assess(view);
  const queries = queriesOf(situation);
  const asked = queries.asked.flatMap(({ words, isNews }) => (isNews ? [] : [words]));
  if (mustEnd(situation)) return { situation, options: endings(situation), asked };
  const may = (tool: string, refusals: number): boolean =>
    situation.tools.has(tool) && !refusedOften(situation, tool, refusals);
  const options: Option[] = [];
  const proof = proofArgs(situation);
  if (proof)
    options.push({
      call: "prove",
      tool: "prove",
      args: [proof],
      reasons: [
        { word: "first", clause: "First I prove that the pages you named are yours, so that I look for nobody else." },
      ],
      thought: plain,
    });
  if (may("check_username", 2) && view.left.pages >= 1) options.push(...checks(situation));
  if (may("search", 3))
    options.push(
      ...queries.open.map(
        ({ words, args, reason, isNews = false }): Option => ({
          call: `search ${words}`,
          tool: "search",
          args: [args],
          reasons: [reason],
          thought: plain,
          isNews,
        }),
      ),
    );
  if (situation.tools.has("open") && view.left.pages >= 1) options.push(...openings(situation));
  return { situation, options: [...options, ...endings(situation)], asked };
}

/** Of several names with the same words the first. */
function checks(situation: Situation): Option[] {
  const options = new Map<string, Option>();
  for (const { username, origin, promising } of knownHandles(situation)) {
    const args = { username };
    const call = `check ${origin} ${promising ? "promising" : "made"}`;
    if (options.has(call) || !isNew(situation, "check_username", args)) continue;
    const clause =
      origin === "given"
        ? `You use the name ${username}: I check on which sites an account of that name exists.`
        : `A page of yours shows the username ${username}: I check where else it is in use.`;
    const reasons = [{ word: origin, clause }] as const;
    options.set(call, { call, tool: "check_username", args: [args], reasons, thought: plain, isNews: true });
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
  const own = new Set<string>();
  for (const url of view.seeds.sites) {
    if (!parseUrl(url) || !isNew(situation, "open", { url }) || situation.shunned.has(hostOf(url))) continue;
    own.add(url);
    const lead = { kind: "page", value: url, label: "", from: "", fromOwned: 1, hops: 0, seen: 0, times: 1 } as const;
    add(traitsOf(lead, hostOf(url), 0, situation, marks), "given");
  }
  for (const traits of openable(situation, marks))
    if (!own.has(traits.lead.value)) add(traits, leadWords(traits).join(" "));
  return newest([...alike.entries()]).map(([words, group]): Option => {
    const tie = ({ lead }: LeadTraits): number => draw(view.seed, lead.value);
    const first = words === "given" ? group[0] : group.reduce((a, b) => (tie(b) < tie(a) ? b : a));
    const others = group.filter((each) => each !== first);
    const args = [{ url: first.lead.value }, ...others.map(({ lead }) => ({ url: lead.value }))] as const;
    const reasons =
      words === "given"
        ? ([
            {
              word: "given",
              clause: "You say that this page is yours: what it shows and links to is the surest start.",
            },
          ] as const)
        : leadReasons(first);
    return {
      call: `open ${words}`,
      tool: "open",
      args,
      reasons,
      thought: words === "given" ? plain : (clauses) => sentence(first.host, clauses),
      isNews: true,
    };
  });
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

/** To stop when told, and to keep steps for the end, is not for a model to learn. */
const mustEnd = ({ view: { left }, wishes }: Situation): boolean =>
  wishes.stop || left.steps <= LAST_STEPS || left.seconds < LAST_SECONDS;

function endings(situation: Situation): Option[] {
  const { view } = situation;
  const options: Option[] = [];
  if (isNew(situation, "breach_lookup", {}) && !situation.wishes.stop && view.left.steps > 2)
    options.push({
      call: "breach",
      tool: "breach_lookup",
      args: [{}],
      reasons: [
        { word: "owed", clause: "I check, without revealing them, whether your addresses are in known breaches." },
      ],
      thought: plain,
    });
  if (situation.tools.has("message_operator") && !situation.steps.has("message_operator") && view.left.steps > 1)
    options.push({
      call: "message",
      tool: "message_operator",
      args: [message(view)],
      reasons: [{ word: "owed", clause: "I send you a short summary; the report has the evidence." }],
      thought: plain,
    });
  const why: Reason[] = [];
  if (situation.wishes.stop)
    why.push({ word: "told", clause: "You asked me to stop, so I end here with what I have." });
  if (view.left.steps <= LAST_STEPS) why.push({ word: "steps-over", clause: "The budget of steps is nearly used up." });
  if (view.left.seconds < LAST_SECONDS) why.push({ word: "time-over", clause: "The time is nearly used up." });
  if (situation.warnings >= 4)
    why.push({ word: "warned-often", clause: "I was told several times that I get nowhere, so I end here." });
  why.push({ word: "nothing", clause: "Nothing that is left promises anything new." });
  const [first] = why as [Reason];
  options.push({
    call: "finish",
    tool: "finish",
    args: [{ summary: summary(view, first.clause) }],
    reasons: [first],
    thought: plain,
  });
  return options;
}

/** The option that a decision takes; undefined for one that the grammar has no words for. */
export function optionFor({ options }: Options, { tool, args }: Pick<Decision, "tool" | "args">): Option | undefined {
  const free = tool === "finish" || tool === "message_operator";
  return options.find(
    (option) =>
      option.tool === tool && (free || option.args.some((each) => actionKey(tool, each) === actionKey(tool, args))),
  );
}
