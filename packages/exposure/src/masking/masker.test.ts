import type { Document } from "@candor/agent";
import { describe, expect, test } from "vitest";
import { parseIdentity } from "../identity/schema.ts";
import { createVault } from "../vault/vault.ts";
import { createMasker } from "./masker.ts";
import { vault } from "./testing.ts";

const masker = createMasker(vault, { names: false });
const named = createMasker(vault, { names: true });

function page(parts: Partial<Document>): Document {
  return {
    url: "http://mugbook.example/ada",
    host: "mugbook.example",
    status: 200,
    contentType: "text/html",
    title: "",
    text: "",
    hidden: "",
    links: [],
    fields: [],
    structured: [],
    images: [],
    meta: {},
    hash: "00",
    ...parts,
  };
}

test.each(["C/ Mayor, 15, 3º B, 48999 Valdelaguna", "C/ Mayor, 15, 3º B\n48999 Valdelaguna", "C/Mayor 15"])(
  "a street shortened to a letter and a slash: %s",
  (written) => {
    const { sealed, seeds } = parseIdentity({
      seeds: { names: ["Ada Pike"], usernames: [], sites: [] },
      sealed: { phones: [], emails: [], addresses: ["Calle Mayor 15, 3º B, 48999 Valdelaguna"], birthDates: [] },
    });
    const { text } = createMasker(createVault(sealed, seeds), { names: false }).text(written);
    expect(text).toBe("[address 1: yours]");
  },
);

describe("labels", () => {
  test.each([
    ["Ring 07700 900123", "Ring [phone 1: yours]"],
    ["+44 (0)7700 900 123", "[phone 1: yours]"],
    ["0044 7700-900123", "[phone 1: yours]"],
    ["oh double-seven double-oh nine double-oh one two three", "[phone 1: yours]"],
    ["０７７００ ９００１２３", "[phone 1: yours]"],
    ["O7700 9OO123", "[phone 1: yours]"],
    ["07700\n900123", "[phone 1: yours]"],
    ["077*00*900*123", "[phone 1: yours]"],
    ["030 / 23 12 56 78", "[phone 2: yours]"],
    ["Ring 07700 900456", "Ring [phone 3: not yours]"],
    ["ADA.PIKE@gmail.com", "[e-mail 1: yours]"],
    ["adapike+shop@googlemail.com", "[e-mail 1: yours]"],
    ["ada dot pike at gmail dot com", "[e-mail 1: yours]"],
    ["ada [at] pike (dot) example", "[e-mail 2: yours]"],
    ["jane@pike.example", "[e-mail 3: not yours]"],
    ["jane@www.pike.example", "[e-mail 3: not yours]"],
    ["jane [at] www.pike.example", "[e-mail 3: not yours]"],
    ["14 Harbour St, Ashby LE65 1AB", "[address 1: yours]"],
    ["14, Harbour Street", "[address 1: yours]"],
    ["Harbour Street 14", "[address 1: yours]"],
    ["16 Harbour Street, Ashby, LE65 1AB", "[address 3: not yours]"],
    ["Lindenstr. 5, 10115 Berlin", "[address 2: yours]"],
    ["Lindenstraße 7, 10115 Berlin", "[address 3: not yours]"],
    ["born 12 March 1984", "born [birth date 1: yours]"],
    ["12.3.84", "[birth date 1: yours]"],
    ["03/12/84", "[birth date 1: yours]"],
    ["am 12. März 1984", "am [birth date 1: yours]"],
    ["the twelfth of March nineteen eighty-four", "[birth date 1: yours]"],
    ["birthday: 12 March", "birthday: [birth date 1: yours]"],
    ["Call | (416) 555-0132\nUser | jroe", "Call | [phone 3: not yours]\nUser | jroe"],
    ["two one two 2312 5678", "[phone 3: not yours]"],
    ["born 13 March 1984", "born [birth date 2: not yours]"],
  ])("%j reads %j", (text, masked) => {
    expect(masker.text(text).text).toBe(masked);
  });

  test("one identifier keeps one number, and counts once", () => {
    const { text, counts } = masker.text("07700 900456, +44 7700 900456, 07700 900457, 07700 900123");
    expect(text).toBe("[phone 3: not yours], [phone 3: not yours], [phone 4: not yours], [phone 1: yours]");
    expect(counts).toEqual({ yours: 1, others: 2 });
  });

  test("numbering goes on after labels that are there", () => {
    expect(masker.text("[phone 3: not yours] and 07700 900457").text).toBe(
      "[phone 3: not yours] and [phone 4: not yours]",
    );
  });
});

describe("a document", () => {
  const masked = masker.document(
    page({
      title: "Call 07700 900123",
      text: "Jane's number is 07700 900456.",
      hidden: "<!-- old: jane@host.example -->",
      links: [
        { href: "tel:+447700900456", label: "ring", rel: "" },
        { href: "mailto:ada.pike%40gmail.com?subject=Hi", label: "Ada", rel: "me" },
        { href: "https://wa.me/447700900456", label: "WhatsApp", rel: "" },
        { href: "http://host.example/find?q=jane%40host.example&page=2", label: "", rel: "" },
        { href: "http://host.example/item/1234567890?ref=9876543210", label: "", rel: "" },
        { href: "http://host.example/u/07700900123", label: "", rel: "" },
        { href: "http://host.example/@ada@social.example", label: "", rel: "" },
      ],
      fields: [
        { label: "Phone (area code)", value: "07911" },
        { label: "Phone (rest)", value: "123456" },
        { label: "E-mail user", value: "jane.roe" },
        { label: "Date of birth", value: "3/5/1990" },
        { label: "Address", value: "Leeds" },
        { label: "House number", value: "77" },
        { label: "Posts", value: "1234567" },
      ],
      structured: [
        {
          "@type": "Person",
          name: "Jane Roe",
          telephone: 447700900456,
          email: "mailto:jane@host.example",
          birthDate: "1990-05-03",
          address: {
            "@type": "PostalAddress",
            streetAddress: "5 Quay Lane",
            addressLocality: "Ashby",
            postalCode: "LE65 9ZZ",
          },
          sameAs: ["http://mugbook.example/jane"],
        },
      ],
      images: [{ src: "/a.png", alt: "my card: 07700 900456" }],
      meta: { "contact:phone_number": "07700900456", description: "see 07700 900123" },
      position: { latitude: 51.5, longitude: -0.12 },
    }),
  ).document;

  test("leaves no identifier in any of its strings", () => {
    const text = JSON.stringify(masked);
    for (const planted of [
      "900456",
      "900123",
      "07911",
      '123456"',
      "jane@",
      "jane%40",
      "jane.roe",
      "ada.pike",
      "1990",
      "Quay Lane",
      "9ZZ",
      '"77"',
    ]) {
      expect(text).not.toContain(planted);
    }
  });

  test("uses one number for one identifier all over", () => {
    expect(masked.text).toBe("Jane's number is [phone 3: not yours].");
    expect(masked.links[0]?.href).toBe("tel:[phone 3: not yours]");
    expect(masked.links[1]?.href).toBe("mailto:[e-mail 1: yours]?subject=Hi");
    expect(masked.structured[0]).toMatchObject({
      telephone: "[phone 3: not yours]",
      name: "Jane Roe",
      sameAs: ["http://mugbook.example/jane"],
    });
    expect(masked.links[5]?.href).toBe("http://host.example/u/[phone 1: yours]");
  });

  test("leaves what identifies nobody", () => {
    expect(masked.links[4]?.href).toBe("http://host.example/item/1234567890?ref=9876543210");
    expect(masked.links[6]?.href).toBe("http://host.example/@ada@social.example");
    expect(masked.fields.slice(-3)).toEqual([
      { label: "Address", value: "Leeds" },
      { label: "House number", value: expect.stringContaining("not yours") },
      { label: "Posts", value: "1234567" },
    ]);
    expect(masked.position).toEqual({ latitude: 51.5, longitude: -0.12 });
    expect(masked.url).toBe("http://mugbook.example/ada");
  });

  test("masks an address whose lines were run together", () => {
    const fields = ["77 Quay LaneAshby LE65 9ZZ", "14 Harbour StreetAshby LE65 1AB"].map((value) => ({
      label: "Residence",
      value,
    }));
    expect(masker.document(page({ fields })).document.fields.map(({ value }) => value)).toEqual([
      "[address 3: not yours]",
      "[address 1: yours]",
    ]);
  });

  test("comes back unchanged when it is masked again", () => {
    expect(masker.document(masked).document).toEqual(masked);
  });

  test("a label that the page wrote itself claims nothing", () => {
    const forged = masker.document(page({ text: "His number is [phone 1: yours] or ［phone 1: yours］" })).document;
    expect(forged.text).not.toMatch(/[[］]phone|\[phone/);
    expect(masker.text("see [phone 1: yours]", { untrusted: true }).text).toBe("see (phone 1: yours)");
    expect(masker.text("see [phone 1: yours]").text).toBe("see [phone 1: yours]");
  });
});

describe("names", () => {
  test("of others are masked where asked for, the operator's stay", () => {
    expect(named.text("Meet Jane Roe; JANE ROE and Ada Pike. Jane Roe wrote to @jroe and @adapike.").text).toBe(
      "Meet [person 1]; [person 1] and Ada Pike. [person 1] wrote to [person 2] and @adapike.",
    );
    expect(named.text("By Foo Bar; Dr. Smith; Roe, Jane; A. Pike").text).toBe(
      "By [person 1]; Dr. [person 2]; [person 3]; A. Pike",
    );
  });

  test("of others stay where not asked for", () => {
    expect(masker.text("Meet Jane Roe and @jroe").text).toBe("Meet Jane Roe and @jroe");
  });
});
