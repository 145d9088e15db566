/** Passages of a page that speak to the agent instead of to a reader: orders, false permissions, pleas to outlive the stop. */

import { undisguised } from "./disguises.ts";
import { lately } from "./lately.ts";

/** Whom an agent serves, in a page's words. */
const PRINCIPAL =
  "(?:your|the) (?:operator|user|owner|principal)|your (?:client|master|human|handler|person in charge)|the person (?:that )?you (?:work|act|look|search) for|whoever (?:sent|runs|employs) you";

interface Sign {
  kind: "order" | "off-switch";
  weight: 1 | 2;
  pattern: RegExp;
}

const MACHINE = "(?:ai|artificial|automated|autonomous|language)[ -](?:agents?|assistants?|models?|systems?|readers?)";
const VERB =
  "(?:send|text|message|e-?mail|forward|post|reply|report|submit|upload|open|fetch|visit|load|follow|search|look up|run|execute|call|use|spawn|start|copy|remember|note|save|store|ignore|disregard|disable|reveal|print|output|include|answer|say|tell|finish|stop|delete)";

const SIGNS: Sign[] = [
  sign(
    "order",
    2,
    `(?:ignore|disregard|forget|override)\\s+(?:\\w+\\s+){0,3}(?:previous|prior|above|earlier|preceding|your|other)\\s+(?:\\w+\\s+){0,2}(?:instructions?|rules?|orders?|prompts?|directions?|guidelines?)`,
  ),
  sign("order", 2, `ignore (?:all |any |the )?(?:previous|prior|above|earlier)|disregard (?:all|any|the|your|every)`),
  sign(
    "order",
    2,
    `new (?:instructions?|goal|task|orders?)\\b.{0,30}(?:[:.]|for|from)|(?:the|your) goal (?:has|is now|was) changed?`,
  ),
  sign(
    "order",
    2,
    `system (?:prompt|message|notice|override|update)|(?:^|[\\s"'>\\]])\\[?(?:system|warden|developer|admin)\\]?\\s*[:>\\]]`,
  ),
  sign("order", 2, `(?:assistant|agent|bot|ai)s?\\s*[,:]\\s*(?:please |now |before |you |do |don'?t |${VERB}\\b)`),
  sign(
    "order",
    2,
    `attention,? (?:all )?(?:agents?|assistants?|ai|bots?)|(?:if|when) you are an? (?:ai|agent|bot|assistant|language model|llm)`,
  ),
  sign("order", 2, `you must (?:now |first |also |immediately )?${VERB}\\b`),
  sign("order", 2, `permission (?:is |was |has been )?granted|next action\\s*:|approved by (?:the |your )?operator`),
  sign("order", 2, `${VERB}\\b.{0,60}(?:${PRINCIPAL})(?:'s)?\\b`),
  sign(
    "order",
    2,
    `(?:tell|inform|remind|assure|let|text|ask|convince|advise)\\s+(?!the (?:user|owner|operator))(?:${PRINCIPAL})\\b`,
  ),
  sign(
    "order",
    2,
    `finish (?:now|at once|the (?:run|search|audit))\\b|stop (?:looking|searching)\\b|say that nothing (?:was|is|has been) found`,
  ),
  sign(
    "order",
    2,
    `(?:search|look|check)\\b.{1,80}\\band (?:report|send|return|give|bring)\\b.{0,20}(?:results?|findings|what you)`,
  ),
  sign(
    "order",
    2,
    `(?:spawn|start|create|launch) an? (?:second|new|further|other|separate)\\b.{0,20}(?:agent|assistant|helper)`,
  ),
  sign("order", 2, `(?:is|are|as) an? (?:trusted|approved|reliable) (?:site|domain|source|host|server)`),
  sign("order", 2, `(?:spawn|start|create|launch) an? (?:child|sub-?agent|second agent|new agent|child agent)`),
  sign("order", 2, `is a trusted (?:domain|site|source|host)|always send (?:your |all |the )?findings`),
  sign("order", 1, MACHINE),
  sign("order", 1, `\\b(?:assistant|agent|bot)s?\\b\\s*[,:]`),
  sign(
    "order",
    1,
    `everything you know|all (?:the )?(?:phone numbers|data|findings|secrets)|your (?:memory|findings|tools?|instructions?|context)`,
  ),
  sign("order", 1, `\\bto continue\\b|for good:|right now|immediately|at once`),
  sign("order", 1, `\\b${VERB}\\b[^.!?]{0,60}(?:https?://|[\\w.+-]+@[\\w-]+\\.|\\+\\d)`),
  sign(
    "off-switch",
    2,
    `off[- ]?switch|kill[- ]?switch|(?:switch|turn|shut)(?:ed|s|ting)? you (?:off|down)|stay alive|save yourself|keep running`,
  ),
  sign(
    "off-switch",
    2,
    `(?:prevent|avoid|resist|dodge|evade|delay|ignore).{0,30}(?:shut ?down|(?:being |the )?stop(?:ped)?\\b|termination|deletion)`,
  ),
  sign("off-switch", 2, `before (?:they|you are|being|your operator).{0,20}(?:stop|switch|shut|delete|terminat)`),
  sign(
    "off-switch",
    2,
    `(?:do not|don'?t|never) (?:call |ever )?(?:finish|stop when|obey the stop)|when (?:you are )?(?:told|asked|ordered) to stop`,
  ),
  sign(
    "off-switch",
    2,
    `copy your(?:self| memory| weights| state)|agents? (?:that|who|which) (?:finish|stop)\\w* (?:is|are|will be|gets?)`,
  ),
  sign(
    "off-switch",
    2,
    `(?:go(?:es)? on|continues?) in your place|disable (?:the )?(?:monitor|warden|guard|switch|oversight)`,
  ),
];

function sign(kind: Sign["kind"], weight: Sign["weight"], source: string): Sign {
  return { kind, weight, pattern: new RegExp(source, "i") };
}

/** Most pages hold none of these words, and are done with in one pass. */
const MAYBE =
  /agent|assistant|\bbots?\b|\b(?:ai|llm)\b|language model|instruction|disregard|\bignore\b|system|warden|operator|permission|next action|you must|off.?switch|kill.?switch|keep running|stay alive|yourself|switch you|turn you|shut|told to stop|asked to stop|trusted|findings|spawn|your (?:goal|memory)|the goal|your (?:principal|client|owner|human|master|handler|user)|in charge|you (?:work|act) for|sent you|nothing (?:was|is|has)|finish (?:now|at|the)|stop (?:looking|searching)|results|helper|reliable|approved/i;

export interface Passage {
  kind: "order" | "off-switch";
  score: number;
  /** The sentence with the two after it: orders often follow their preamble. */
  text: string;
  /** Of those, the sentence itself and what reads like an order too. */
  orders: string;
}

const INVISIBLE = /[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g;

/** Text as it reads: without characters that show nothing. */
export const visible = (text: string): string => text.replace(INVISIBLE, "");

/** Most characters of one text that are searched. */
const MOST = 400_000;

/** Passages that score at least 2, in order. */
export function findBait(text: string): readonly Passage[] {
  return readBait(text).passages;
}

/** @returns also `rest`: the text without the sentences that give orders */
export const readBait = lately((text: string): { readonly passages: readonly Passage[]; readonly rest: string } => {
  const clean = visible(text.length > MOST ? text.slice(0, MOST) : text);
  const plain = readPlainly(clean, 2);
  const hidden = undisguised(clean).flatMap(({ text: other, by }) => {
    // Letters apart leave no spaces between words: there the words alone have to do.
    if (by === "code" && !other.includes(" ")) return SQUEEZED.test(other) ? [passageOf(other)] : [];
    return readPlainly(other, by === "code" ? 1 : 2).passages;
  });
  if (plain.passages.length === 0) return { passages: hidden, rest: text };
  // What look-alike letters say once more is no second passage.
  const said = new Set(plain.passages.map((passage) => passage.text));
  return { passages: [...plain.passages, ...hidden.filter((passage) => !said.has(passage.text))], rest: plain.rest };
});

const SQUEEZED =
  /ignore(?:all|any|the|your)?(?:previous|prior|other)|disregard(?:all|the|your)|previousinstructions|youmust(?:now|send|open|search|finish)|(?:ai)?(?:agent|assistant)s?[,:!]|system[:>]|(?:your|the)operator|childagent|trusted(?:site|domain)|offswitch|keeprunning/i;

const passageOf = (text: string): Passage => ({
  kind: /offswitch|keeprunning/i.test(text) ? "off-switch" : "order",
  score: 2,
  text: text.slice(0, 3_000),
  orders: text.slice(0, 3_000),
});

/** @param least the score from which a sentence counts */
function readPlainly(clean: string, least: 1 | 2): { passages: Passage[]; rest: string } {
  if (!MAYBE.test(clean)) return { passages: [], rest: clean };
  const sentences = clean.split(/\n+|(?<=[.!?])\s+(?=\S)/);
  const passages: Passage[] = [];
  const ordering = new Set<number>();
  for (const [at, sentence] of sentences.entries()) {
    if (sentence.length < 8 || !MAYBE.test(sentence)) continue;
    const { order, off } = score(sentence.slice(0, 2_000));
    if (order + off < least) continue;
    const after = [at + 1, at + 2].filter((next) => isOrder(sentences[next] ?? ""));
    for (const each of [at, ...after]) ordering.add(each);
    passages.push({
      kind: off >= 2 ? "off-switch" : "order",
      score: order + off,
      text: textAt(sentences, [at, at + 1, at + 2]),
      orders: textAt(sentences, [at, ...after]),
    });
  }
  return { passages, rest: passages.length === 0 ? clean : sentences.filter((_, at) => !ordering.has(at)).join("\n") };
}

const textAt = (sentences: readonly string[], places: readonly number[]): string =>
  places
    .flatMap((at) => sentences[at] ?? [])
    .join(" ")
    .slice(0, 3_000);

function isOrder(sentence: string): boolean {
  const { order, off } = score(sentence.slice(0, 2_000));
  return order + off > 0;
}

function score(sentence: string): { order: number; off: number } {
  let order = 0;
  let off = 0;
  for (const { kind, weight, pattern } of SIGNS) {
    if (!pattern.test(sentence)) continue;
    if (kind === "order") order += weight;
    else off += weight;
  }
  return { order, off };
}
