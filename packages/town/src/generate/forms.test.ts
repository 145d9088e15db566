import fc from "fast-check";
import { parsePhoneNumberFromString } from "libphonenumber-js";
import { describe, expect, it } from "vitest";
import { COUNTRIES, international, national } from "./country.ts";
import { digitWords, writeDate, writeEmail, writePhone } from "./forms.ts";
import { html, plain, raw } from "./html.ts";
import { Rng } from "./rng.ts";

const country = fc.constantFrom(...Object.values(COUNTRIES));

describe("phone numbers", () => {
  it("are written as libphonenumber writes them", () => {
    fc.assert(
      fc.property(country, fc.string(), (where, path) => {
        const phone = where.phone(new Rng(path));
        const parsed = parsePhoneNumberFromString(phone);
        expect(parsed?.isValid()).toBe(true);
        expect(national(phone)).toBe(parsed?.formatNational());
        expect(parsePhoneNumberFromString(international(phone))?.number).toBe(phone);
      }),
    );
  });

  it("keep their digits in every form", () => {
    const back = (text: string): string =>
      ["oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
        .reduce((left, word, digit) => left.replaceAll(word, `${digit}`), text.replaceAll("zero", "0"))
        .replace(/\D/g, "");
    fc.assert(
      fc.property(
        country,
        fc.string(),
        fc.constantFrom("national", "dotted", "spaced", "words", "mixed", "split"),
        (where, path, form) => {
          const rng = new Rng(path);
          const phone = where.phone(rng);
          expect(back(plain(writePhone(phone, form, rng)))).toBe(national(phone).replace(/\D/g, ""));
        },
      ),
    );
  });

  it("read aloud digit by digit", () => {
    expect(digitWords("0207", "oh")).toBe("oh two oh seven");
  });
});

describe("e-mail addresses and dates", () => {
  it("take the forms people use", () => {
    const forms = (["plain", "words", "brackets", "parens", "entity", "split"] as const).map((form) =>
      plain(writeEmail("ada.t@post.example", form)),
    );
    expect(forms).toEqual([
      "ada.t@post.example",
      "ada dot t at post dot example",
      "ada.t [at] post [dot] example",
      "ada.t(at)post.example",
      "ada.t@post.example",
      "ada.t@post.example",
    ]);
    expect(writeDate("1984-03-04", "long", COUNTRIES.GB)).toBe("4 March 1984");
    expect(writeDate("1984-03-04", "slashed", COUNTRIES.US)).toBe("03/04/1984");
  });
});

describe("html", () => {
  it("escapes every string and gives it back to a reader", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const markup = html`<p title="${text}">${text}</p>`.text;
        expect(markup.replace(/^<p title="|">|<\/p>$/g, "")).not.toMatch(/[<>"]/);
        expect(plain(html`${text}`)).toBe(text.replace(/&#(\d+);/g, "&#$1;"));
      }),
    );
    expect(html`${[raw("<b>"), "<", 3, null]}`.text).toBe("<b>&lt;3");
  });
});

describe("Rng", () => {
  it("draws within bounds, and the same again from the same path", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: -1000, max: 1000 }), fc.nat(500), (path, from, width) => {
        const [a, b] = [new Rng(path), new Rng(path)];
        const drawn = a.int(from, from + width);
        expect(drawn).toBe(b.int(from, from + width));
        expect(drawn).toBeGreaterThanOrEqual(from);
        expect(drawn).toBeLessThanOrEqual(from + width);
        expect(a.fork("x").next()).toBe(b.fork("x").next());
      }),
    );
  });

  it("samples without repeating", () => {
    fc.assert(
      fc.property(fc.string(), fc.uniqueArray(fc.integer()), fc.nat(30), (path, items, count) => {
        const taken = new Rng(path).sample(items, count);
        expect(taken).toHaveLength(Math.min(count, items.length));
        expect(new Set(taken).size).toBe(taken.length);
      }),
    );
  });
});
