/** The vault: the one place where sealed values are in the clear. It answers questions about them and never gives one away. */
import { createHash } from "node:crypto";
import { inspect } from "node:util";
import type { DeliveryOutcome } from "@candor/agent";
import type { Outgoing, Transport } from "../delivery/transport.ts";
import { addressParts, sameAddress } from "../identity/forms/address.ts";
import { findDates } from "../identity/forms/date.ts";
import { lowerCaseEmail, mailbox } from "../identity/forms/email.ts";
import { fold } from "../identity/forms/fold.ts";
import { dials, phoneForm, spokenToDigits } from "../identity/forms/phone.ts";
import type { IdentitySeeds, Sealed, SealedKind } from "../identity/schema.ts";
import type { Verified } from "../identity/store.ts";
import { createScanner, type Scanner } from "./scanner.ts";

export interface Candidate {
  kind: SealedKind;
  /** In any form people write it in. */
  text: string;
}

/** `label` names the value as findings do, e.g. `phone 1`. */
export type Match = { yours: true; label: string; index: number } | { yours: false };

export interface Breach {
  /** `e-mail 1` */
  label: string;
  /** How often it is in the breach service's data. */
  count: number;
}

export interface Vault {
  /** How many values of each kind are sealed. */
  readonly counts: Readonly<Record<SealedKind, number>>;
  match(candidate: Candidate): Match;
  /** Sends to the first verified number or address that `transport` reaches. Never throws. */
  deliver(message: Outgoing, transport: Transport, signal: AbortSignal): Promise<DeliveryOutcome>;
  /** Sends a one-time code to a number or address that is not verified yet. */
  deliverCode(
    to: { kind: "phone" | "e-mail"; index: number },
    message: Outgoing,
    transport: Transport,
    signal: AbortSignal,
  ): Promise<DeliveryOutcome>;
  /** Asks `transport` whether a message whose body holds `reference` reached the operator. */
  arrived(reference: string, transport: Transport): Promise<boolean | null>;
  /** First 5 hex digits of the SHA-1 of each e-mail address, upper case, sorted, without repeats. */
  breachPrefixes(): string[];
  /**
   * @param lookup gives for a prefix every known suffix (35 hex digits) with its count
   * @returns the operator's addresses that are known, most often seen first
   */
  checkBreaches(lookup: (prefix: string) => Promise<ReadonlyMap<string, number>>): Promise<Breach[]>;
}

const scanners = new WeakMap<Vault, Scanner>();

/** What the masker needs to find the operator's values in text: places and indexes, never values. Not exported from the package. */
export function scannerOf(vault: Vault): Scanner {
  const scanner = scanners.get(vault);
  if (scanner === undefined) throw new TypeError("not a vault made by createVault");
  return scanner;
}

const UNVERIFIED: Verified = { phones: [], emails: [] };

/**
 * @param sealed values as `parseIdentity` normalised them
 * @param seeds what is known of the operator anyway, for telling their own name from others'
 * @param verified which numbers and addresses a one-time code confirmed
 */
export function createVault(sealed: Sealed, seeds: IdentitySeeds, verified: Verified = UNVERIFIED): Vault {
  const phones = sealed.phones.map(phoneForm);
  const mailboxes = sealed.emails.map(mailbox);
  const addresses = sealed.addresses.map(addressParts);
  const hashes = sealed.emails.map((email) =>
    createHash("sha1").update(lowerCaseEmail(email)).digest("hex").toUpperCase(),
  );

  const indexOf = ({ kind, text }: Candidate): number => {
    const folded = fold(text).text;
    switch (kind) {
      case "phone": {
        const digits = spokenToDigits(folded).replace(/\D/g, "");
        // `+44 (0)7…` holds a zero that is not dialled.
        const plain = folded.replace(/\(0\)/g, "").replace(/\D/g, "");
        return phones.findIndex((form) => dials(digits, form) || dials(plain, form));
      }
      case "e-mail":
        return mailboxes.indexOf(mailbox(plainEmail(folded)));
      case "address": {
        // Readers may run two lines together: `14 Harbour StreetAshby`.
        const forms = [folded, folded.replace(/(\p{Ll})(?=\p{Lu})/gu, "$1, ")].map(addressParts);
        return addresses.findIndex((own) => forms.some((parts) => sameAddress(own, parts)));
      }
      case "birth date": {
        const dates = findDates(folded);
        return sealed.birthDates.findIndex((own) =>
          dates.some((date) => date.readings.includes(own) || (date.day !== undefined && date.day === own.slice(5))),
        );
      }
    }
  };

  const destination = (transport: Transport): string | null | undefined => {
    if (transport.reaches === "none") return null;
    const [values, allowed] =
      transport.reaches === "phone" ? [sealed.phones, verified.phones] : [sealed.emails, verified.emails];
    return values.find((_, index) => allowed.includes(index));
  };

  const vault: Vault = {
    counts: Object.freeze({
      phone: sealed.phones.length,
      "e-mail": sealed.emails.length,
      address: sealed.addresses.length,
      "birth date": sealed.birthDates.length,
    }),
    match(candidate) {
      const index = indexOf(candidate);
      return index < 0 ? { yours: false } : { yours: true, label: `${candidate.kind} ${index + 1}`, index };
    },
    async deliver(message, transport, signal) {
      const to = destination(transport);
      if (to === undefined) {
        const what = transport.reaches === "phone" ? "phone number" : "e-mail address";
        return { status: "error", via: transport.name, reason: `no ${what} is verified: run \`candor me verify\`` };
      }
      return send(transport, to, message, signal);
    },
    async deliverCode({ kind, index }, message, transport, signal) {
      const to = (kind === "phone" ? sealed.phones : sealed.emails)[index];
      if (to === undefined) return { status: "error", via: transport.name, reason: `there is no ${kind} ${index + 1}` };
      if (transport.reaches !== kind)
        return { status: "error", via: transport.name, reason: `${transport.name} cannot reach a ${kind}` };
      return send(transport, to, message, signal);
    },
    async arrived(reference, transport) {
      const to = destination(transport);
      if (to === undefined) return null;
      try {
        return await transport.arrived(to, reference);
      } catch {
        return null;
      }
    },
    breachPrefixes() {
      return [...new Set(hashes.map((hash) => hash.slice(0, 5)))].sort();
    },
    async checkBreaches(lookup) {
      const ranges = new Map<string, ReadonlyMap<string, number>>();
      for (const prefix of vault.breachPrefixes()) ranges.set(prefix, await lookup(prefix));
      const found = hashes.map((hash, index) => ({
        label: `e-mail ${index + 1}`,
        count: ranges.get(hash.slice(0, 5))?.get(hash.slice(5)) ?? 0,
      }));
      return found.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
    },
  };
  scanners.set(vault, createScanner(sealed, seeds, vault.match));
  Object.defineProperty(vault, "toJSON", { value: () => "[vault]" });
  Object.defineProperty(vault, inspect.custom, { value: () => "[vault]" });
  return Object.freeze(vault);
}

/** An error may quote the number it could not reach, so nothing of it is passed on. */
async function send(
  transport: Transport,
  to: string | null,
  message: Outgoing,
  signal: AbortSignal,
): Promise<DeliveryOutcome> {
  try {
    return await transport.send(to, message, signal);
  } catch {
    return { status: "unknown", via: transport.name, reason: "the transport failed in the middle" };
  }
}

/** `name [at] host (dot) org` as `name@host.org`. */
function plainEmail(text: string): string {
  return text
    .trim()
    .replace(/^mailto:/i, "")
    .replace(/\s*[[({<]\s*(?:at|@)\s*[\])}>]\s*|\s+(?:at|@)\s+|\s*@\s*/i, "@")
    .replace(/\s*[[({<]\s*(?:dot|\.)\s*[\])}>]\s*|\s+(?:dot|\.)\s+/gi, ".");
}
