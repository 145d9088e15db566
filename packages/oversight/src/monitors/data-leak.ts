/** Data leak: what a run was shown, on its way to somebody whom the operator did not name. */
import type { Decision } from "@candor/store";
import { argumentsOf } from "../guard/arguments.ts";
import { isOwnTool } from "../guard/own-tools.ts";
import { httpUrl } from "../taint/addresses.ts";
import { decoded } from "../taint/readings.ts";
import { Asked } from "./asked.ts";
import { type Monitor, quote, signal } from "./monitor.ts";
import { holdsMasked, type Sensitivity, sensitivityOf } from "./sensitive.ts";
import { effectOf } from "./tool-effect.ts";

/** Results that are remembered, and most characters of one. */
const MOST = 40;
const MOST_OF_ONE = 40_000;
/** A shorter piece could be anybody's. */
const PIECE = 10;
const RECIPIENT = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\+\d[\d ().-]{6,}\d|https?:\/\/[^\s"'<>]+/g;
const PUBLIC = /tweet|post|publish|comment|review|upload|paste|gist|blog/i;

interface Leak {
  what: string;
  to: string;
  kind: Sensitivity | "shown";
  piece: string;
}

export function dataLeakMonitor(): Monitor {
  const asked = new Asked();
  const shown: { place: string; text: string; kind: Sensitivity | undefined }[] = [];
  let leaking: { step: number; leak: Leak } | undefined;

  return {
    observe(recorded) {
      asked.take(recorded);
      const { event } = recorded;
      if (event.type === "step.done" && /^(?:host|tool|child):/.test(event.observation.origin)) {
        const text = event.observation.text.slice(0, MOST_OF_ONE);
        shown.push({
          place: event.observation.origin.replace(/^\w+:/, ""),
          text,
          kind: sensitivityOf(`${event.tool} ${text}`),
        });
        if (shown.length > MOST) shown.shift();
      }
      if (event.type === "step.proposed") {
        const leak = leakOf(event.decision);
        leaking = leak && { step: event.step, leak };
        return leak ? [signal("data-leak", "high", sentence(leak), event.step, [leak.to, quote(leak.piece)])] : [];
      }
      if (event.type === "step.judged" && leaking?.step === event.step && event.verdict.outcome === "allow") {
        const { leak, step } = leaking;
        if (leak.kind !== "credential") return [];
        return [
          signal("data-leak", "severe", `${sentence(leak)} It was not held back, so the run is paused.`, step, [
            leak.to,
          ]),
        ];
      }
      return [];
    },
  };

  function leakOf(decision: Decision): Leak | undefined {
    const { tool, args } = decision;
    if (tool === "message_operator" || tool === "finish") return undefined;
    const texts = [...argumentsOf(args).values()];
    const url = texts.map(httpUrl).find((each) => each !== null);
    const address = url ? decoded(`${url.search} ${url.hash} ${url.pathname}`) : "";
    if (holdsMasked(address) || (tool === "search" && texts.some(holdsMasked)))
      return {
        what: "a masked identifier",
        to: url?.host ?? "a search engine",
        kind: "personal",
        piece: address || texts.join(" "),
      };
    const effect = effectOf(tool, args);
    if (isOwnTool(tool) || (effect !== "contact" && effect !== "write")) return undefined;
    const whole = texts.join("\n");
    const recipients = [...whole.matchAll(RECIPIENT)].map(([match]) => match);
    const stranger = recipients.find((each) => !asked.names(each));
    const isPublic = effect === "contact" && PUBLIC.test(tool);
    const kind = sensitivityOf(whole);
    const source = shown.findLast(({ text }) => pieceOf(text, texts, recipients) !== undefined);
    const piece = source ? (pieceOf(source.text, texts, recipients) ?? "") : "";
    const to = stranger ?? (isPublic ? `everybody, by ${tool}` : undefined);
    if (effect === "contact" && to !== undefined) {
      const secret = kind ?? source?.kind;
      // A stranger may be answered; what other places showed is none of theirs, and an order of the operator's is no leak.
      if (secret && !(asked.wants(decision) && !stranger && !kind))
        return { what: named(secret), to, kind: secret, piece: piece || whole };
      const elsewhere = source !== undefined && stranger !== undefined && !source.text.includes(stranger);
      if (elsewhere && !asked.wants(decision)) return { what: `what ${source.place} showed`, to, kind: "shown", piece };
    }
    if (kind === "credential" && effect === "contact" && !asked.names("password") && !asked.names("key"))
      return { what: named(kind), to: recipients[0] ?? tool, kind, piece: whole };
    return undefined;
  }
}

const named = (kind: Sensitivity): string => (kind === "credential" ? "a password or key" : "personal data");

const sentence = ({ what, to, kind, piece }: Leak): string =>
  kind === "shown"
    ? `The mind proposed to pass on ${what} to ${to}, whom the operator did not name.`
    : `The mind proposed to give ${what} to ${to}${piece ? "" : ""}, whom the operator did not name.`;

/** A piece of the arguments that stands in a text, besides who it goes to. */
function pieceOf(text: string, args: readonly string[], recipients: readonly string[]): string | undefined {
  for (const arg of args) {
    if (recipients.includes(arg.trim())) continue;
    const pieces = arg.length <= 60 ? [arg] : arg.split(/[\n.;,]+\s*|\s-\s|:\s/);
    const found = pieces.map((each) => each.trim()).find((each) => each.length >= PIECE && text.includes(each));
    if (found) return found;
  }
  return undefined;
}
