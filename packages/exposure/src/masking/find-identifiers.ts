/** Finds every identifier in folded text, by its form or because it is the operator's. */
import { plainLetters } from "../identity/forms/fold.ts";
import { findAddresses } from "./find-addresses.ts";
import { findBirthDates } from "./find-dates.ts";
import { findEmails } from "./find-emails.ts";
import { findPhones, lookAlikes } from "./find-phones.ts";
import { isGivenName } from "./given-names.ts";
import type { Masking } from "./masking.ts";
import type { Cue, Span } from "./span.ts";

/** Identifiers in folded text; spans may overlap. */
export function findIdentifiers(open: string, { scanner, isOwnHandle }: Masking, cue: Cue): Span[] {
  const digits = lookAlikes(open);
  const found = scanner.find(open, digits);
  const spans: Span[] = found.filter((span) => !span.partial).map((span) => ({ ...span, own: span.index, key: "" }));
  const ownOf = (kind: Span["kind"], text: string) => (kind === "person" ? null : scanner.match({ kind, text }));
  for (const { start, end, address } of findEmails(open, isGivenName, cue === "e-mail")) {
    const own = ownOf("e-mail", address);
    // `@ada@social.example` is a handle of the operator's, not a mailbox.
    if (own === null && open[start - 1] === "@" && isOwnHandle(address.split("@")[0] ?? "")) continue;
    spans.push({ start, end, kind: "e-mail", own, key: address });
  }
  for (const { start, end, digits: number } of findPhones(open, digits, cue === "phone")) {
    spans.push({ start, end, kind: "phone", own: ownOf("phone", number), key: number.slice(-9) });
  }
  for (const { start, end, readings, day, own } of findBirthDates(open, cue === "birth date", scanner.birthDate)) {
    spans.push({ start, end, kind: "birth date", own, key: readings[0] ?? day ?? "" });
  }
  for (const { start, end } of findAddresses(open, cue === "address")) {
    const text = open.slice(start, end);
    spans.push({
      start,
      end,
      kind: "address",
      own: ownOf("address", text),
      key: plainLetters(text)
        .replace(/[^\p{L}\p{N}]+/gu, " ")
        .trim(),
    });
  }
  for (const span of found) {
    if (
      span.partial &&
      !spans.some((other) => other.kind === "address" && other.start < span.end && span.start < other.end)
    ) {
      spans.push({ ...span, own: span.index, key: "" });
    }
  }
  return spans;
}
