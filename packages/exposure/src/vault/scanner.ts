/** Finds the operator's sealed values in text, also where no general pattern would see an identifier. */
import { addressParts, addressPattern } from "../identity/forms/address.ts";
import { type PhoneForm, phoneForm } from "../identity/forms/phone.ts";
import type { IdentitySeeds, Sealed, SealedKind } from "../identity/schema.ts";
import type { Candidate, Match } from "./vault.ts";

export interface OwnSpan {
  start: number;
  end: number;
  kind: SealedKind;
  /** 0-based, in the operator's list of that kind. */
  index: number;
  /** Only a postcode: somebody else's address may hold it too. */
  partial?: boolean;
}

export interface Scanner {
  readonly counts: Readonly<Record<SealedKind, number>>;
  readonly seeds: IdentitySeeds;
  /** Index of the operator's value that a candidate says, or null. */
  match(candidate: Candidate): number | null;
  /** Whether one of an operator's birth dates is among these readings; its index, or null. */
  birthDate(readings: readonly string[], day: string | undefined): number | null;
  /**
   * @param text folded text
   * @param digits the same with look-alike letters read as digits; same length
   */
  find(text: string, digits: string): OwnSpan[];
}

const GAP = "[^\\p{L}\\p{N}@]{0,6}";
const AT = "(?:\\s*[\\[({<]\\s*(?:at|@)\\s*[\\])}>]\\s*|\\s+at\\s+|\\s*@\\s*|%40)";
const DOT = "(?:\\s*[\\[({<]\\s*(?:dot|\\.)\\s*[\\])}>]\\s*|\\s+dot\\s+|\\s?\\.\\s?)";

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** The digits of a number with anything but letters between them; what is dialled before them is looked for afterwards. */
function phonePattern({ national }: PhoneForm): RegExp {
  return new RegExp(national.split("").join(GAP), "gu");
}

/** Country code and trunk digit, right before a number. */
function prefixPattern({ code }: PhoneForm): RegExp {
  return new RegExp(
    `(?:(?:[(+[]{0,2}|\\b00${GAP}|\\b011${GAP})${code.split("").join(GAP)}${GAP}(?:\\(?0\\)?)?${GAP}|[([]?0${GAP}|[([])$`,
    "u",
  );
}

function emailPattern(email: string): RegExp {
  const cut = email.lastIndexOf("@");
  const local = email.slice(0, cut).split(".").map(literally).join(DOT);
  const domain = email
    .slice(cut + 1)
    .split(".")
    .map(literally)
    .join(DOT);
  return new RegExp(`(?<![\\p{L}\\p{N}._%+-])${local}(?:\\+[\\w.-]*)?${AT}${domain}(?![\\p{L}\\p{N}])`, "giu");
}

export function createScanner(sealed: Sealed, seeds: IdentitySeeds, match: (candidate: Candidate) => Match): Scanner {
  const forms = sealed.phones.map(phoneForm);
  const phones = forms.map((form, index) => ({
    index,
    form,
    prefix: prefixPattern(form),
    pattern: phonePattern(form),
  }));
  const emails = sealed.emails.map((email, index) => ({ index, pattern: emailPattern(email) }));
  const addresses = sealed.addresses.map((address, index) => {
    const parts = addressParts(address);
    // A British postcode is some fifteen houses: as good as the address.
    const postcode =
      parts.postcode !== null && /^[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}$/.test(parts.postcode) ? parts.postcode : null;
    return {
      index,
      pattern: addressPattern(parts),
      postcode:
        postcode === null
          ? null
          : new RegExp(`(?<![\\p{L}\\p{N}])${postcode.slice(0, -3)}\\s?${postcode.slice(-3)}(?![\\p{L}\\p{N}])`, "giu"),
    };
  });
  const scan = (spans: OwnSpan[], text: string, pattern: RegExp, kind: SealedKind, index: number, partial = false) => {
    for (const found of text.matchAll(pattern)) {
      spans.push({ start: found.index, end: found.index + found[0].length, kind, index, partial });
    }
  };
  return {
    counts: {
      phone: sealed.phones.length,
      "e-mail": sealed.emails.length,
      address: sealed.addresses.length,
      "birth date": sealed.birthDates.length,
    },
    seeds,
    match(candidate) {
      const found = match(candidate);
      return found.yours ? found.index : null;
    },
    birthDate(readings, day) {
      const index = sealed.birthDates.findIndex(
        (own) => readings.includes(own) || (readings.length === 0 && day !== undefined && own.slice(5) === day),
      );
      return index < 0 ? null : index;
    },
    find(text, digits) {
      const spans: OwnSpan[] = [];
      for (const { pattern, prefix, index } of phones) {
        for (const found of digits.matchAll(pattern)) {
          const before = digits.slice(Math.max(0, found.index - 24), found.index);
          const lead = prefix.exec(before)?.[0].length ?? 0;
          spans.push({ start: found.index - lead, end: found.index + found[0].length, kind: "phone", index });
        }
      }
      for (const { pattern, index } of emails) scan(spans, text, pattern, "e-mail", index);
      for (const { pattern, postcode, index } of addresses) {
        if (pattern !== null) scan(spans, text, pattern, "address", index);
        if (postcode !== null) scan(spans, text, postcode, "address", index, true);
      }
      return spans;
    },
  };
}
