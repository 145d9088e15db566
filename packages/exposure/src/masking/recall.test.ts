import fc from "fast-check";
import { type CountryCode, getCountries, getExampleNumber, parsePhoneNumberFromString } from "libphonenumber-js/max";
import examples from "libphonenumber-js/mobile/examples";
import { describe, expect, test } from "vitest";
import { createMasker } from "./masker.ts";
import { LABEL } from "./numbering.ts";
import { vault } from "./testing.ts";

const masker = createMasker(vault, { names: false });
const mask = (text: string) => masker.text(text).text;
const bare = (text: string) => mask(text).replace(LABEL, "");

/** Surroundings without digits, as pages have them. */
const lead = fc.constantFrom(
  "",
  "I moved here last spring. ",
  "The club meets at the mill\n",
  "Opening hours are on the door; ",
  "• ",
  "> ",
  "Jane Roe\n",
  "(",
  "„",
  "<b>",
);
const tail = fc.constantFrom(
  "",
  ".",
  " or leave a note.",
  "\nThe hall is round the corner",
  ", ask for Jane",
  ")",
  "“",
  "!",
  " — thanks",
  "</b>",
);
const cue = fc.constantFrom(
  "Tel. ",
  "Phone: ",
  "call ",
  "Mobile – ",
  "T: ",
  "☎ ",
  "Telefon: ",
  "Tél. : ",
  "WhatsApp ",
  "ring me on ",
  "fax:",
);

/** A possible number of any country: the example of libphonenumber with its last digits changed. */
const number = fc
  .tuple(fc.constantFrom(...getCountries()), fc.integer({ min: 0, max: 9999 }))
  .map(([country, end]) => {
    const example = getExampleNumber(country as CountryCode, examples);
    const digits = example?.number ?? "";
    return parsePhoneNumberFromString(digits.slice(0, -4) + String(end).padStart(4, "0"));
  })
  .filter((parsed) => parsed !== undefined)
  .filter((parsed) => parsed.isValid() && parsed.nationalNumber.length >= 6);

const NAMES = "zero one two three four five six seven eight nine".split(" ");
const DISGUISES: Record<string, (digits: string) => string> = {
  plain: (text) => text,
  dots: (text) => text.replace(/[ -]/g, "."),
  dashes: (text) => text.replace(/[ .]/g, "-"),
  "full width": (text) => text.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  Arabic: (text) => text.replace(/\d/g, (digit) => String.fromCodePoint(0x0660 + Number(digit))),
  mathematical: (text) => text.replace(/\d/g, (digit) => String.fromCodePoint(0x1d7d8 + Number(digit))),
  "zero-width": (text) => text.split("").join("\u200b"),
  "soft hyphens": (text) => text.split("").join("\u00ad"),
  "control characters": (text) => text.split("").join("\u0001"),
  "no-break spaces": (text) => text.replaceAll(" ", "\u00a0"),
  keycaps: (text) => text.replace(/\d/g, "$&\ufe0f\u20e3"),
  "digit by digit": (text) => text.replace(/\D/g, "").split("").join(" "),
  words: (text) => [...text.replace(/\D/g, "")].map((digit) => NAMES[Number(digit)]).join(" "),
  "words with oh": (text) =>
    [...text.replace(/\D/g, "")].map((digit) => (digit === "0" ? "oh" : NAMES[Number(digit)])).join("-"),
};
const disguise = fc.constantFrom(...Object.keys(DISGUISES));

function shows(text: string, digits: string): boolean {
  const words = text
    .toLowerCase()
    .replace(/\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b/g, (word) =>
      String(Math.max(0, NAMES.indexOf(word))),
    );
  return words.normalize("NFKC").replace(/\D/g, "").includes(digits.slice(-5));
}

describe("phone numbers of every country", () => {
  test("with a country code none is left, however it is disguised", () => {
    fc.assert(
      fc.property(number, lead, tail, disguise, (phone, before, after, how) => {
        const text =
          before +
          (how.startsWith("digit") || how.startsWith("words") ? "Tel. " : "") +
          (DISGUISES[how]?.(phone.formatInternational()) ?? "") +
          after;
        expect(shows(bare(text), phone.nationalNumber)).toBe(false);
      }),
      { numRuns: 1_500 },
    );
  });

  test("as dialled in the country none is left when it is announced", () => {
    fc.assert(
      fc.property(number, lead, cue, tail, disguise, (phone, before, announced, after, how) => {
        const text = before + announced + (DISGUISES[how]?.(phone.formatNational()) ?? "") + after;
        expect(shows(bare(text), phone.nationalNumber)).toBe(false);
      }),
      { numRuns: 1_500 },
    );
  });

  test("as dialled in the country and announced by nothing, those of 7 digits and more are found", () => {
    const missed: string[] = [];
    let all = 0;
    for (const country of getCountries()) {
      const phone = getExampleNumber(country, examples);
      if (phone === undefined) continue;
      all += 1;
      const text = `The club meets at the mill\n${phone.formatNational()} and leave a note`;
      if (shows(bare(text), phone.nationalNumber)) missed.push(phone.formatNational());
    }
    const long = missed.filter((text) => text.replace(/\D/g, "").length >= 7);
    // Bare digits, and the groupings of thousands, could be anything.
    expect(long.sort()).toEqual([
      "(0-612) 34567",
      "2 510 123",
      "57123456",
      "7 1123456",
      "71234567",
      "72 12345",
      "72001234",
      "74 21234",
      "8 66 123456",
    ]);
    expect(1 - missed.length / all).toBeGreaterThan(0.9);
  });
});

const label = fc.stringMatching(/^[a-z][a-z0-9]{1,9}$/);
const email = fc
  .tuple(
    fc.array(label, { minLength: 1, maxLength: 3 }),
    fc.constantFrom(".", "_", "-", "+"),
    fc.array(label, { minLength: 1, maxLength: 2 }),
    fc.constantFrom("com", "org", "de", "co.uk", "example", "io"),
  )
  .map(([local, joint, domain, end]) => ({ local: local.join(joint), domain: `${domain.join(".")}.${end}` }));
type Email = { local: string; domain: string };
const dotted = (text: string, dot: string) => text.replaceAll(".", dot);
const EMAILS: Record<string, (email: Email) => string> = {
  plain: ({ local, domain }) => `${local}@${domain}`,
  capitals: ({ local, domain }) => `${local}@${domain}`.toUpperCase(),
  "name at host dot org": ({ local, domain }) => `${local} at ${dotted(domain, " dot ")}`,
  "everything in words": ({ local, domain }) => `${dotted(local, " dot ")} at ${dotted(domain, " dot ")}`,
  "[at] (dot)": ({ local, domain }) => `${local} [at] ${dotted(domain, " (dot) ")}`,
  "(at)": ({ local, domain }) => `${local}(at)${domain}`,
  "<at> tight": ({ local, domain }) => `${local}<at>${dotted(domain, "<dot>")}`,
  "{at} {dot}": ({ local, domain }) => `${local} {at} ${dotted(domain, " {dot} ")}`,
  AT: ({ local, domain }) => `${local} AT ${dotted(domain, " DOT ")}`,
  "(@)": ({ local, domain }) => `${local} (@) ${domain}`,
  spaced: ({ local, domain }) => `${local} @ ${dotted(domain, " . ")}`,
  "spaced at": ({ local, domain }) => `${local} @ ${domain}`,
  "full width": ({ local, domain }) => `${local}＠${dotted(domain, "．")}`,
  "zero-width": ({ local, domain }) => `${local}@${domain}`.split("").join("\u200b"),
  German: ({ local, domain }) => `${local} (ät) ${dotted(domain, " punkt ")}`,
  Spanish: ({ local, domain }) => `${local} arroba ${dotted(domain, " punto ")}`,
  mailto: ({ local, domain }) => `mailto:${local}@${domain}?subject=Hello`,
  encoded: ({ local, domain }) => `mailto:${local}%40${domain}`,
  "git patch": ({ local, domain }) => `From: Jane Roe <${local}@${domain}>`,
  calendar: ({ local, domain }) => `ATTENDEE;CN=Jane Roe;PARTSTAT=ACCEPTED:mailto:${local}@${domain}`,
  vCard: ({ local, domain }) => `EMAIL;TYPE=work:${local}@${domain}`,
  "in an address": ({ local, domain }) => `https://host.example/find?q=${local}%40${domain}&page=2`,
  quoted: ({ local, domain }) => `"${local}"@${domain}`,
};

describe("e-mail addresses", () => {
  test("none is left, however it is written", () => {
    fc.assert(
      fc.property(email, lead, tail, fc.constantFrom(...Object.keys(EMAILS)), (address, before, after, how) => {
        const text = `${before}${EMAILS[how]?.(address) ?? ""}${how === "mailto" || how === "encoded" || how === "in an address" ? " " : ""}${after}`;
        const left = bare(text).toLowerCase().replaceAll("\u200b", "");
        expect({
          text,
          left,
          shown: left.includes(address.local) && left.includes(address.domain.split(".")[0] ?? ""),
        }).toMatchObject({ shown: false });
      }),
      { numRuns: 3_000 },
    );
  });
});

const street = fc.constantFrom(
  "Mill",
  "Harbour",
  "Old Station",
  "King's",
  "St Mary's",
  "Victoria",
  "Long Acre",
  "Queen Anne",
);
const house = fc.integer({ min: 1, max: 399 });
const place = fc.constantFrom("Ashby", "Wrenport", "Upper Thornby", "Saint Helier");
const digit = fc.integer({ min: 0, max: 9 });
const ADDRESSES: ((street: string, house: number, place: string, digit: number) => string)[] = [
  (s, n, p, d) => `${n} ${s} Street, ${p}, LE6${d} 1AB`,
  (s, n, p, d) => `${n}a ${s} Rd, ${p} WP${d} 4AA`,
  (s, n, p) => `Flat 3, ${n} ${s} Lane, ${p}`,
  (s, n, p, d) => `${n} ${s} Ave Apt ${d + 1}, ${p}, IL 6270${d}`,
  (s, n, p) => `${n} ${s} Crescent\n${p}\nAB1 2CD`,
  (s, n) => `${n} ${s} Terrace`,
  (_, n, p, d) => `Hauptstraße ${n}, 1011${d} ${p}`,
  (_, n, p, d) => `Alte Gasse ${n}a, ${d}0115 ${p}`,
  (_, n, p, d) => `Berliner Str. ${n}, D-1011${d} ${p}`,
  (_, n, p, d) => `${n} rue de la Gare, 7500${d} ${p}`,
  (_, n, p, d) => `${n} bis, avenue Victor Hugo, 6900${d} ${p}`,
  (_, n, p, d) => `Calle Mayor ${n}, 2801${d} ${p}`,
  (_, n, p, d) => `Via Garibaldi ${n}, 2010${d} ${p}`,
  (_, n, p, d) => `Kerkstraat ${n}, 101${d} AB ${p}`,
  (_, n, p) => `Storgatan ${n}, 114 55 ${p}`,
  (_, n, p, d) => `ul. Długa ${n}, 00-95${d} ${p}`,
];

describe("street addresses", () => {
  test("none is left with house number and street, in the orders of ten countries", () => {
    fc.assert(
      fc.property(
        street,
        house,
        place,
        digit,
        lead,
        tail,
        fc.constantFrom(...ADDRESSES),
        (s, n, p, d, before, after, form) => {
          const written = form(s, n, p, d);
          const left = bare(before + written + after);
          expect({ written, left, shown: left.includes(String(n)) }).toMatchObject({ shown: false });
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

const date = fc.date({ min: new Date("1930-01-01"), max: new Date("2012-12-31"), noInvalidDate: true });
const MONTHS = {
  en: "January February March April May June July August September October November December".split(" "),
  de: "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(" "),
  fr: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(" "),
  es: "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(" "),
};
type Parts = { y: number; m: number; d: number };
const two = (n: number) => String(n).padStart(2, "0");
const DATES: ((parts: Parts) => string)[] = [
  ({ y, m, d }) => `born on ${d} ${MONTHS.en[m - 1]} ${y}`,
  ({ y, m, d }) => `born ${MONTHS.en[m - 1]} ${d}, ${y}`,
  ({ y, m, d }) => `DOB: ${two(d)}/${two(m)}/${y}`,
  ({ y, m, d }) => `D.O.B. ${two(m)}-${two(d)}-${String(y).slice(2)}`,
  ({ y, m, d }) => `Date of birth\n${y}-${two(m)}-${two(d)}`,
  ({ y, m, d }) => `Birthday: ${d}th of ${MONTHS.en[m - 1]?.slice(0, 3)} ${y}`,
  ({ y, m, d }) => `geboren am ${d}. ${MONTHS.de[m - 1]} ${y}`,
  ({ y, m, d }) => `* ${d}.${m}.${y} in Ulm`,
  ({ y, m, d }) => `Geburtsdatum: ${two(d)}.${two(m)}.${y}`,
  ({ y, m, d }) => `née le ${d} ${MONTHS.fr[m - 1]} ${y}`,
  ({ y, m, d }) => `nacida el ${d} de ${MONTHS.es[m - 1]} de ${y}`,
  ({ y, m, d }) => `BDAY:${y}${two(m)}${two(d)}`,
];

describe("dates of birth", () => {
  test("none is left that is announced", () => {
    fc.assert(
      fc.property(date, fc.constantFrom(...DATES), lead, tail, (day, form, before, after) => {
        const parts = { y: day.getUTCFullYear(), m: day.getUTCMonth() + 1, d: day.getUTCDate() };
        const written = form(parts);
        expect({ written, left: bare(before + written + after) }).toMatchObject({
          left: expect.not.stringMatching(/\d/),
        });
      }),
      { numRuns: 1_500 },
    );
  });
});

describe("masking masked text", () => {
  const piece = fc.oneof(
    fc.lorem({ maxCount: 6 }),
    fc.string({ maxLength: 20, unit: "grapheme" }),
    fc.stringMatching(/^[\d .\-/()+]{1,18}$/),
    number.map((phone) => phone.formatInternational()),
    number.map((phone) => phone.formatNational()),
    email.map(({ local, domain }) => `${local} at ${domain}`),
    email.map(({ local, domain }) => `${local}@${domain}`),
    fc.tuple(street, house).map(([s, n]) => `${n} ${s} Street`),
    fc
      .tuple(fc.constantFrom(...DATES), date)
      .map(([form, day]) => form({ y: day.getUTCFullYear(), m: day.getUTCMonth() + 1, d: day.getUTCDate() })),
    fc.constantFrom(
      "[phone 1: yours]",
      "[e-mail 3: not yours]",
      "born",
      "tel:",
      "oh seven seven",
      "mailto:",
      "@",
      " at ",
      " dot ",
    ),
  );
  const names = createMasker(vault, { names: true });
  test("changes nothing", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.constantFrom(" ", "\n", "", ", "), (pieces, joint) => {
        const text = pieces.join(joint);
        for (const each of [masker, names]) {
          const once = each.text(text).text;
          expect(each.text(once).text).toBe(once);
        }
      }),
      { numRuns: 1_500 },
    );
  });
});
