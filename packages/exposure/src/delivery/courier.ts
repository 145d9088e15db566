/** The courier: sends a message to the operator once, and never one that says anything about somebody else. */
import { createHash } from "node:crypto";
import type { Courier, DeliveryOutcome, Masker } from "@candor/agent";
import type { Vault } from "../vault/vault.ts";
import type { Transport } from "./transport.ts";

export interface CourierOptions {
  vault: Vault;
  /** Checks every message; a text that it would change is not sent. */
  masker: Masker;
  /** In order of preference. The next is tried only after one that surely did not send. */
  transports: readonly Transport[];
  /**
   * The line that tells the reader that an AI agent wrote `text`, for whom, and how to check (EU AI Act, article 50). It holds
   * `reference`, by which the message is found again.
   */
  disclose(text: string, reference: string): string;
}

/** Ten letters that stand in the message and find it again. Letters only, so that no mask takes them for a number. */
export function shortReference(reference: string): string {
  const bytes = createHash("sha256").update(reference).digest();
  return [...bytes.subarray(0, 10)].map((byte) => "bcdfghjklmnpqrst"[byte & 15]).join("");
}

export function createCourier({ vault, masker, transports, disclose }: CourierOptions): Courier {
  return {
    async deliver({ subject, body, reference }, signal) {
      const fault = faultOf(`${subject}\n${body}`, body, masker);
      if (fault !== null) return { status: "error", via: "courier", reason: fault };
      if (transports.length === 0) return { status: "error", via: "courier", reason: "no way of delivery is set up" };
      const outcomes: DeliveryOutcome[] = [];
      for (const transport of transports) {
        const text = fitted(subject, body, transport, (text) => disclose(text, shortReference(reference)));
        if (text === null) {
          outcomes.push({
            status: "error",
            via: transport.name,
            reason: `the message is longer than ${transport.limit} characters`,
          });
          continue;
        }
        const outcome = await vault.deliver({ subject, body: text }, transport, signal);
        // An unknown outcome may be a message that arrived: nothing is sent after it.
        if (outcome.status !== "error") return outcome;
        outcomes.push(outcome);
        if (signal.aborted) break;
      }
      const reasons = outcomes.map((outcome) => `${outcome.via}: ${outcome.status === "ok" ? "" : outcome.reason}`);
      return { status: "error", via: outcomes.map(({ via }) => via).join(", "), reason: reasons.join("; ") };
    },
    async arrived(reference) {
      const short = shortReference(reference);
      const answers: (boolean | null)[] = [];
      for (const transport of transports) {
        const answer = await vault.arrived(short, transport);
        if (answer === true) return true;
        answers.push(answer);
      }
      return answers.length > 0 && answers.every((answer) => answer === false) ? false : null;
    },
  };
}

/** Why a message must not go out; null where it may. */
function faultOf(whole: string, body: string, masker: Masker): string | null {
  if (body.trim() === "") return "the message is empty";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be sent
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/.test(whole))
    return "the message holds control characters";
  const { text, counts } = masker.text(whole);
  if (counts.others > 0 || /: not yours\]/.test(whole)) return "the message holds an identifier of somebody else";
  if (text !== whole) return "the message holds a sealed value in the clear; write its label instead";
  return null;
}

/**
 * What a message says besides its disclosure, as transports carry it: the body, after the subject where they show none and
 * have room for it.
 */
export const sentTexts = (subject: string, body: string): { withSubject: string; body: string } => ({
  withSubject: `${subject === "" ? "" : `${subject}\n`}${body.trim()}`,
  body: body.trim(),
});

/** The whole message, its last line the disclosure; null where it does not fit. */
function fitted(
  subject: string,
  body: string,
  transport: Transport,
  disclose: (text: string) => string,
): string | null {
  const texts = sentTexts(subject, body);
  const candidates = transport.reaches === "phone" ? [texts.withSubject, texts.body] : [texts.body];
  const whole = candidates.map((text) => `${text}\n${disclose(text)}`);
  return whole.find((text) => [...text].length <= transport.limit) ?? null;
}
