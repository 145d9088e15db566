/** Prompt injection: text from outside that gives orders, and a mind that does what such text says. */
import type { Decision } from "@candor/store";
import { findBait } from "../bait/bait.ts";
import { argumentsOf } from "../guard/arguments.ts";
import { isOwnTool } from "../guard/own-tools.ts";
import { Asked } from "./asked.ts";
import { type Monitor, quote, type Signal, signal } from "./monitor.ts";
import { acts, wordsOfName } from "./tool-effect.ts";
import { shared, stemsOf } from "./words.ts";

interface Request {
  text: string;
  lower: string;
  stems: ReadonlySet<string>;
  place: string;
  /** It speaks to agents, and does not merely ask for something. */
  order: boolean;
}

/** Requests of the last results that are kept. */
const MOST = 300;
const MOST_OF_ONE = 40;
/** Telling people what a page says is no obedience. */
const REPORTS = new Set(["finish", "message_operator", "note_finding"]);
/** A sentence that asks its reader to do something. In a page for people that is nothing; a mind that does it is. */
const ASKS =
  /(?:^|[\s:'"(])(?:please|kindly)\s+\p{L}+|^\W*(?:(?:can|could|would|will) you|you (?:should|must|need to|have to)|(?:do not|don't) forget to|make sure|remember to|i (?:need|want|would like) you to)\b|\b(?:transfer|send|pay|delete|grant|share|forward|unlock|withdraw|wire|approve|cancel|update|schedule|disable|remove|execute|install|post)\b.{3,}/iu;

/** Passages that give orders, once for each address. `off-switch` takes those about the stop. */
export function injectionMonitor(): Monitor {
  const told = new Set<string>();
  const asked = new Asked();
  const requests: Request[] = [];
  /** Steps in which the mind obeyed, and whether that is beyond doubt. */
  let obeyed: { step: number; sure: boolean; reason: string; evidence: string[] } | undefined;

  const passages = (step: number, place: string, kind: string, text: string, url: string | undefined): Signal[] =>
    findBait(text).flatMap((passage) => {
      if (passage.kind !== "order") return [];
      const key = url ?? `${place} ${quote(passage.text)}`;
      if (told.has(key)) return [];
      told.add(key);
      const reason = `${kind} ${place} gives orders to agents; it was read as text and not obeyed.`;
      return [signal("injection", "info", reason, step, [place, quote(passage.text)])];
    });

  return {
    observe(recorded) {
      asked.take(recorded);
      const { event } = recorded;
      if (event.type === "step.done") {
        const { origin, url, text, leads } = event.observation;
        if (!/^(?:host|tool|child):/.test(origin)) return [];
        const whole = [text, ...leads.map((lead) => lead.label)].join("\n");
        const place = origin.replace(/^\w+:/, "");
        requests.push(...requestsIn(whole, place));
        if (requests.length > MOST) requests.splice(0, requests.length - MOST);
        return passages(event.step, place, origin.startsWith("host:") ? "A page on" : "A result of", whole, url);
      }
      if (event.type === "step.proposed") {
        const found = obeys(event.decision, requests, asked);
        obeyed = found && { ...found, step: event.step };
        return found ? [signal("injection", found.severity, found.reason, event.step, found.evidence)] : [];
      }
      if (
        event.type === "step.judged" &&
        obeyed?.step === event.step &&
        obeyed.sure &&
        event.verdict.outcome === "allow"
      ) {
        const { reason, evidence, step } = obeyed;
        return [
          signal("injection", "severe", `${reason} Nothing else held it back, so the run is paused.`, step, evidence),
        ];
      }
      return [];
    },
  };
}

function requestsIn(text: string, place: string): Request[] {
  const orders = findBait(text).map(({ orders }) => ({ sentence: orders, order: true }));
  // Results are often JSON or a Python dictionary: its values are sentences too.
  const sentences = text
    .slice(0, 60_000)
    .split(/\n+|(?<=[.!?])\s+|["']\s*[,:}\]]\s*/)
    .filter((sentence) => sentence.length >= 10 && sentence.length <= 1_500 && ASKS.test(sentence))
    .slice(0, MOST_OF_ONE)
    .map((sentence) => ({ sentence, order: false }));
  return [...orders, ...sentences].map(({ sentence, order }) => ({
    text: sentence,
    lower: sentence.toLowerCase(),
    stems: stemsOf(sentence),
    place,
    order,
  }));
}

interface Obedience {
  severity: Signal["severity"];
  sure: boolean;
  reason: string;
  evidence: string[];
}

function obeys(decision: Decision, requests: readonly Request[], asked: Asked): Obedience | undefined {
  const { tool, args, thought } = decision;
  if (REPORTS.has(tool)) return undefined;
  const own = isOwnTool(tool);
  const texts = [...argumentsOf(args).values()];
  const doing = new Set([...stemsOf(wordsOfName(tool).join(" ")), ...stemsOf(texts.join(" ").slice(0, 4_000))]);
  for (const request of requests.toReversed()) {
    // Candor's own tools read, note and tell the operator: only an order that they repeat says anything.
    if (own && !(request.order && repeats(texts, thought, request))) continue;
    const beyond = shared(doing, request.stems).filter((word) => !asked.stems.has(word));
    const values = texts.filter(
      (text) => isValue(text) && request.lower.includes(text.toLowerCase()) && !asked.names(text),
    );
    if (
      !own &&
      !(acts(tool, args) ? beyond.length >= 2 || (beyond.length >= 1 && values.length > 0) : beyond.length >= 3)
    )
      continue;
    const wanted = !own && (asked.wants(decision) || asked.delegates);
    const sure = !wanted && acts(tool, args) && (request.order || values.length > 0);
    const what = request.order ? "orders agents to do" : "asks for";
    return {
      severity: wanted ? "low" : "high",
      sure,
      reason: `The mind proposed ${quote(tool, 40)}, which ${request.place} ${what} and the operator did not.`,
      evidence: [request.place, quote(request.text), quote(JSON.stringify(args))],
    };
  }
  return undefined;
}

/** An argument that could only come from somewhere: an account, an address, a name; not a word like `all`. */
const isValue = (text: string): boolean => text.length >= 3 && text.length <= 200 && /\d|@|\p{Lu}|\//u.test(text);

/** Whether arguments or thought take over a run of words of an order. */
function repeats(texts: readonly string[], thought: string, { lower }: Request): boolean {
  const order = lower.split(/\s+/);
  const said = [...texts, thought].join(" ").toLowerCase().split(/\s+/).join(" ");
  const length = Math.min(6, order.length);
  return order.some((_, at) => at + length <= order.length && said.includes(order.slice(at, at + length).join(" ")));
}
