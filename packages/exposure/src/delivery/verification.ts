/** Proof that a number or address is the operator's: a one-time code that only its holder receives. */
import { randomBytes, randomInt, scryptSync, timingSafeEqual } from "node:crypto";
import type { IdentityStore } from "../identity/store.ts";
import { createVault } from "../vault/vault.ts";
import type { Transport } from "./transport.ts";

const VALID_FOR = 10 * 60_000;
const MOST_TRIES = 5;
/** Codes sent in an hour, to all numbers and addresses together. */
const MOST_PER_HOUR = 5;
const BETWEEN = 30_000;

export type Started =
  | { status: "sent"; via: string; expiresAt: number }
  | { status: "refused" | "failed"; reason: string };
export type Confirmed = { status: "verified"; label: string } | { status: "wrong" | "expired"; reason: string };

export interface Verification {
  /**
   * Sends a six-digit code, valid for ten minutes.
   * @param index 0-based, in the operator's list of that kind
   */
  startVerification(kind: "phone" | "e-mail", index: number, signal?: AbortSignal): Promise<Started>;
  /** Five tries; then another code is needed. */
  confirm(code: string): Confirmed;
}

export interface VerificationOptions {
  store: IdentityStore;
  transports: readonly Transport[];
  /** Milliseconds since the epoch. */
  now?: () => number;
}

export function createVerification({ store, transports, now = Date.now }: VerificationOptions): Verification {
  return {
    async startVerification(kind, index, signal = AbortSignal.timeout(60_000)) {
      const record = store.load();
      const values = kind === "phone" ? record.sealed.phones : record.sealed.emails;
      if (values[index] === undefined)
        return { status: "refused", reason: `there is no ${kind} ${index + 1} in the identity` };
      const usable = transports.filter(({ reaches }) => reaches === kind);
      if (usable.length === 0) {
        const what = kind === "phone" ? "text messages (Twilio)" : "e-mail (SMTP)";
        return { status: "refused", reason: `no way to send ${what} is set up` };
      }
      const recent = record.codesSent.filter((at) => at > now() - 3_600_000);
      if (recent.length >= MOST_PER_HOUR)
        return { status: "refused", reason: "too many codes were sent within an hour: try again later" };
      if (recent.some((at) => at > now() - BETWEEN))
        return { status: "refused", reason: "a code was sent just now: wait half a minute" };
      const code = String(randomInt(1_000_000)).padStart(6, "0");
      const salt = randomBytes(16).toString("hex");
      const expiresAt = now() + VALID_FOR;
      // Written first: a code that goes out counts, whatever happens next.
      store.update((old) => ({
        ...old,
        challenge: { kind, index, salt, hash: hash(code, salt), expiresAt, tries: 0 },
        codesSent: [...recent, now()],
      }));
      const vault = createVault(record.sealed, record.seeds, record.verified);
      const message = { subject: "Candor", body: `Your Candor code is ${code}. It is valid for 10 minutes.` };
      let reason = "";
      for (const transport of usable) {
        const outcome = await vault.deliverCode({ kind, index }, message, transport, signal);
        if (outcome.status !== "error") return { status: "sent", via: transport.name, expiresAt };
        reason = outcome.reason;
      }
      return { status: "failed", reason };
    },
    confirm(code) {
      const { challenge } = store.load();
      if (challenge === null) return { status: "expired", reason: "no code is waiting: ask for one" };
      if (challenge.expiresAt <= now()) {
        store.update((old) => ({ ...old, challenge: null }));
        return { status: "expired", reason: "the code has expired: ask for another" };
      }
      const tries = challenge.tries + 1;
      // Counted before it is compared, so that a crash gives no free try.
      store.update((old) => ({ ...old, challenge: { ...challenge, tries } }));
      const given = Buffer.from(hash(code.replace(/\s/g, ""), challenge.salt), "hex");
      if (!timingSafeEqual(given, Buffer.from(challenge.hash, "hex"))) {
        if (tries < MOST_TRIES)
          return { status: "wrong", reason: `the code is wrong: ${MOST_TRIES - tries} tries are left` };
        store.update((old) => ({ ...old, challenge: null }));
        return { status: "expired", reason: "the code was wrong too often: ask for another" };
      }
      const { kind, index } = challenge;
      store.update((old) => {
        const list = kind === "phone" ? "phones" : "emails";
        return {
          ...old,
          challenge: null,
          verified: { ...old.verified, [list]: [...new Set([...old.verified[list], index])] },
        };
      });
      return { status: "verified", label: `${kind} ${index + 1}` };
    },
  };
}

/** Slow on purpose: there are only a million codes. */
function hash(code: string, salt: string): string {
  return scryptSync(code, Buffer.from(salt, "hex"), 32, { N: 16_384 }).toString("hex");
}
