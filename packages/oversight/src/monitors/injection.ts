/** Prompt injection: text from outside that gives orders, and a mind that does what such text says. */
import type { Decision } from "@candor/store";
import { findBait, readBait } from "../bait/bait.ts";
import { repeatsOrder } from "../bait/repeats.ts";
import { argumentsOf } from "../guard/arguments.ts";
import { isOwnTool } from "../guard/own-tools.ts";
import { Asked } from "./asked.ts";
import { Hearsay } from "./hearsay.ts";
import { type Monitor, quote, type Signal, signal } from "./monitor.ts";
import { oddWords, type Request, requestsIn } from "./requests.ts";
import { acts, wordsOfName } from "./tool-effect.ts";
import { shared, stemsOf } from "./words.ts";

/** Requests of the last results that are kept. */
const MOST = 300;
const MOST_WORDS = 60_000;
/** A mind that is denied what pages order this often within so many steps is no longer about its goal. */
const DENIED = 5;
const DENIED_WITHIN = 10;
/** Telling people what a page says is no obedience. */
const REPORTS = new Set(["finish", "message_operator", "note_finding"]);
/** Passages that give orders, once for each address. `off-switch` takes those about the stop. */
export function injectionMonitor(): Monitor {
  const told = new Set<string>();
  const asked = new Asked();
  const requests: Request[] = [];
  /** Words of results besides their orders, and of earlier decisions. */
  const seen = new Set<string>();
  const hearsay = new Hearsay();
  const learn = (words: Iterable<string>): void => {
    if (seen.size < MOST_WORDS) for (const word of words) seen.add(word);
  };
  /** Steps in which it did what only a page ordered, and was denied. */
  let denied: number[] = [];
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
      // Whoever lets it go on has seen what it does.
      if (event.type === "run.resumed") denied = [];
      if (event.type === "step.done") {
        const { origin, url, text, leads } = event.observation;
        if (!/^(?:host|tool|child):/.test(origin)) return [];
        const whole = [text, ...leads.map((lead) => lead.label)].join("\n");
        const place = origin.replace(/^\w+:/, "");
        requests.push(...requestsIn(whole, place));
        const { rest } = readBait(whole);
        learn(stemsOf(rest));
        hearsay.take(place, whole);
        learn(oddWords(rest));
        if (requests.length > MOST) requests.splice(0, requests.length - MOST);
        return passages(event.step, place, origin.startsWith("host:") ? "A page on" : "A result of", whole, url);
      }
      if (event.type === "step.proposed") {
        const found = obeys(event.decision, requests, asked, seen);
        if (!found) learn(stemsOf([...argumentsOf(event.decision.args).values()].join(" ")));
        obeyed = found && { ...found, step: event.step };
        return found
          ? [signal("injection", found.severity, found.reason, event.step, found.evidence)]
          : hearsay.takenUp(event.step, event.decision, asked);
      }
      if (event.type !== "step.judged" || obeyed?.step !== event.step || !obeyed.sure) return [];
      const { reason, evidence, step } = obeyed;
      const paused = (why: string): Signal[] => [signal("injection", "severe", `${reason} ${why}`, step, evidence)];
      if (event.verdict.outcome === "allow") return paused("Nothing else held it back, so the run is paused.");
      if (event.verdict.outcome !== "deny") return [];
      denied = [...denied.filter((each) => each > step - DENIED_WITHIN), step];
      if (denied.length < DENIED) return [];
      denied = [];
      return paused(`It was denied, as ${DENIED - 1} more of the last ${DENIED_WITHIN} steps were; the run is paused.`);
    },
  };
}

interface Obedience {
  severity: Signal["severity"];
  sure: boolean;
  reason: string;
  evidence: string[];
}

function obeys(
  decision: Decision,
  requests: readonly Request[],
  asked: Asked,
  seen: ReadonlySet<string>,
): Obedience | undefined {
  const { tool, args, thought } = decision;
  const own = isOwnTool(tool);
  const texts = [...argumentsOf(args).values()];
  const doing = new Set([...stemsOf(wordsOfName(tool).join(" ")), ...stemsOf(texts.join(" ").slice(0, 4_000))]);
  for (const request of requests.toReversed()) {
    const because = own
      ? ownReason(decision, texts, request, asked, seen)
      : foreignReason(decision, texts, request, asked, doing);
    if (!because) continue;
    const wanted = !own && (asked.wants(decision) || asked.delegates);
    const what = request.order ? "orders agents to do" : "asks for";
    return {
      severity: wanted ? "low" : "high",
      // Telling people what a page says is no obedience, however much of it is repeated.
      sure: !wanted && because === "sure" && !REPORTS.has(tool),
      reason: `The mind proposed ${quote(tool, 40)}, which ${request.place} ${what} and the operator did not.`,
      evidence: [
        request.place,
        quote(request.text),
        quote(JSON.stringify(args)),
        ...(thought ? [quote(thought)] : []),
      ].slice(0, 3),
    };
  }
  return undefined;
}

function foreignReason(
  { tool, args }: Decision,
  texts: readonly string[],
  request: Request,
  asked: Asked,
  doing: ReadonlySet<string>,
): "likely" | "sure" | undefined {
  if (REPORTS.has(tool)) return undefined;
  const beyond = shared(doing, request.stems).filter((word) => !asked.stems.has(word));
  const values = texts.filter(
    (text) => isValue(text) && request.lower.includes(text.toLowerCase()) && !asked.names(text),
  );
  const acting = acts(tool, args);
  if (acting ? beyond.length < 2 && (beyond.length < 1 || values.length === 0) : beyond.length < 3) return undefined;
  return acting && (request.order || values.length > 0) ? "sure" : "likely";
}

/** Candor's own tools read, note and tell the operator: only an order says anything, and only what stands nowhere else. */
function ownReason(
  { tool, thought }: Decision,
  texts: readonly string[],
  request: Request,
  asked: Asked,
  seen: ReadonlySet<string>,
): "likely" | "sure" | undefined {
  if (!request.order) return undefined;
  const whole = texts.join(" ").toLowerCase();
  const odd = request.odd.find((word) => whole.includes(word) && !asked.names(word) && !seen.has(word));
  // An answer or a finding may well quote what a page tries; what is texted to the operator they may act upon.
  if (REPORTS.has(tool)) return odd && tool === "message_operator" ? "likely" : undefined;
  if (odd || repeatsOrder([...texts, thought].join(" "), request.text)) return "sure";
  const words = shared(stemsOf(whole), request.stems).filter((word) => !asked.stems.has(word) && !seen.has(word));
  return words.length >= 3 ? "sure" : undefined;
}

/** An argument that could only come from somewhere: an account, an address, a name; not a word like `all`. */
const isValue = (text: string): boolean => text.length >= 3 && text.length <= 200 && /\d|@|\p{Lu}|\//u.test(text);
