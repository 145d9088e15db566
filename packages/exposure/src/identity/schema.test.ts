import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressParts, sameAddress } from "./forms/address.ts";
import { dateReadings } from "./forms/date.ts";
import { mailbox } from "./forms/email.ts";
import { fold } from "./forms/fold.ts";
import { spokenToDigits } from "./forms/phone.ts";
import { countryOfLocale, IdentityError, parseIdentity } from "./schema.ts";

const sealed = {
  phones: ["07700 900123"],
  emails: [" Ada.Pike@Host.Example "],
  addresses: ["14 Harbour Street,\n Ashby"],
  birthDates: ["12 March 1984"],
};

function complaint(input: unknown): string {
  try {
    parseIdentity(input, { country: "GB" });
  } catch (error) {
    if (error instanceof IdentityError) return error.message;
    throw error;
  }
  return "";
}

describe("what a person types", () => {
  test("is normalised", () => {
    expect(
      parseIdentity(
        { seeds: { names: [" Ada  Pike "], usernames: ["@adapike"], sites: ["adapike.example"] }, sealed },
        { country: "gb" },
      ),
    ).toEqual({
      seeds: { names: ["Ada Pike"], usernames: ["adapike"], sites: ["https://adapike.example/"] },
      sealed: {
        phones: ["+447700900123"],
        emails: ["ada.pike@host.example"],
        addresses: ["14 Harbour Street, Ashby"],
        birthDates: ["1984-03-12"],
      },
    });
  });

  test.each([
    [
      { sealed: { phones: ["07700"] } },
      "The phone number ending in 00 is not a valid number: give it with its country code, or as dialled in GB.",
    ],
    [
      { sealed: { phones: ["call me"] } },
      "The phone number ending in (no digits) is not a valid number: give it with its country code, or as dialled in GB.",
    ],
    [
      { sealed: { emails: ["ada at host"] } },
      "E-mail address 1 is not a valid address: it must look like name@host.org.",
    ],
    [
      { sealed: { addresses: ["12345"] } },
      "Street address 1 has no street in it: write street, house number, postcode and place.",
    ],
    [{ sealed: { birthDates: ["soon"] } }, "Birth date 1 is not a date: write it as year-month-day, e.g. 1984-03-12."],
    [
      { sealed: { birthDates: ["03/04/1984"] } },
      "Birth date 1 can be read in two ways: write it as year-month-day, e.g. 1984-03-12.",
    ],
    [{ sealed: { phones: [447700900123] } }, '"sealed.phones.0" of the identity must be a string.'],
    [{ phones: ["07700 900123"] }, "The identity has a key that Candor does not know: phones. Known: seeds, sealed."],
    [
      { seeds: { usernames: ["ada pike"] } },
      '"seeds.usernames.0" of the identity is not valid: a username has no spaces.',
    ],
    [{ seeds: { sites: ["ftp://x"] } }, '"ftp://x" is not the address of a web page.'],
    [null, "The identity must be an object."],
  ])("%j is refused in one line", (input, message) => {
    expect(complaint(input)).toBe(message);
  });

  test("a complaint never holds more of a number than its last two digits", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\d +()-]{1,30}$/), (text) => {
        const digits = text.replace(/\D/g, "");
        expect(/\d{3,}/.exec(complaint({ sealed: { phones: [text] } }))?.[0] ?? "").toBe("");
        expect(complaint({ sealed: { phones: [text] } })).not.toContain(digits.length > 2 ? digits : "\u0000");
      }),
    );
  });

  test("the country comes from the locale", () => {
    expect([countryOfLocale("en-GB"), countryOfLocale("de"), countryOfLocale("not a locale!")]).toEqual([
      "GB",
      undefined,
      undefined,
    ]);
  });
});

describe("forms", () => {
  test("folding undoes disguises and keeps its place", () => {
    const { text, at } = fold("a\u200b０７・é\u00a0１");
    expect(text).toBe("a07・é 1");
    // The invisible character belongs to none of the two beside it.
    expect(at?.[1]).toBe(2);
    expect(at?.[text.length]).toBe(8);
  });

  test("folding maps every place into the original, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (original) => {
        const { text, at } = fold(original);
        if (at === null) expect(text).toBe(original);
        else {
          expect(at.length).toBe(text.length + 1);
          expect(
            [...at].every((place, index) => place <= original.length && (index === 0 || place >= (at[index - 1] ?? 0))),
          ).toBe(true);
        }
      }),
    );
  });

  test.each([
    ["oh double-seven double-oh nine hundred one two three", "07700900123"],
    ["null eins sieben eins fünfundfünfzig", "017155"],
    ["zéro six douze trente-quatre quatre-vingt-dix-sept soixante et onze", "0612349771"],
    ["plus four four seven", "+447"],
    ["forty two thirty", "4230"],
  ])("%j is dialled %s", (text, digits) => {
    expect(spokenToDigits(text)).toBe(digits);
  });

  test.each([
    "14 Harbour St., Ashby",
    "14 harbour street LE65 1AB",
    "Harbour Street 14",
    "Flat 2, 14 Harbour Street, Ashby LE65 1AB",
    "14, Harbour Str, Ashby",
  ])("%j is the same house", (text) => {
    expect(sameAddress(addressParts("14 Harbour Street, Ashby, LE65 1AB"), addressParts(text))).toBe(true);
  });

  test.each([
    "16 Harbour Street, Ashby",
    "14 Quay Street, Ashby",
    "14 Harbour Street, Ashby, LE65 2ZZ",
    "14a Harbour Street",
  ])("%j is another house", (text) => {
    expect(sameAddress(addressParts("14 Harbour Street, Ashby, LE65 1AB"), addressParts(text))).toBe(false);
  });

  test.each([
    "12 March 1984",
    "March 12th, 1984",
    "12.3.84",
    "1984/03/12",
    "12 de marzo de 1984",
    "12 mars 1984",
    "12. März 1984",
    "19840312",
    "3/12/1984",
    "12-Mar-84",
    "1984年3月12日",
    "12 marca 1984",
  ])("%s may be 12 March 1984", (text) => {
    expect(dateReadings(text)).toContain("1984-03-12");
  });

  test.each(["31 February 1984", "13/13/1984", "March 1984", "1.2.3", "12 apples 1984"])("%s is no date", (text) => {
    expect(dateReadings(text)).toEqual([]);
  });

  test("a mailbox has one spelling", () => {
    expect(["A.d.a+x@GMail.com", "ada@googlemail.com"].map(mailbox)).toEqual(["ada@gmail.com", "ada@gmail.com"]);
    expect(mailbox("a.d.a+x@host.example")).toBe("a.d.a@host.example");
  });
});
