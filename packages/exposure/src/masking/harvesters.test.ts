import { createHash } from "node:crypto";
import { read } from "@candor/agent";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMasker } from "./masker.ts";
import { vault } from "./testing.ts";

const masker = createMasker(vault, { names: false });

async function masked(body: string, contentType = "text/html") {
  const bytes = new TextEncoder().encode(body);
  const hash = createHash("sha256").update(bytes).digest("hex");
  const raw = await read({ url: "http://mugbook.example/bo", status: 200, contentType, charset: "utf-8", bytes, hash });
  const { document, counts } = masker.document(raw);
  return { ...document, hash: "", status: null, others: counts.others };
}

const NUMBER = "07700900456";
const DIGITS = [...NUMBER];
const each = (make: (digit: string) => string, joint = "") => DIGITS.map(make).join(joint);
const base64 = (text: string) => Buffer.from(text).toString("base64");
const WORDS = "zero one two three four five six seven eight nine".split(" ");
const spelled = (words: string, joint: string) => each((digit) => words.split(" ")[Number(digit)] ?? "", joint);

/** What pages do to a number so that programs do not find it, and people or language models do. */
const HIDDEN: Record<string, string> = {
  "a digit a line": each((digit) => `<div>${digit}</div>`),
  "a digit an item": `<ol>${each((digit) => `<li>${digit}</li>`)}</ol>`,
  "a digit a cell": `<table><tr>${each((digit) => `<td>${digit}</td>`)}</tr></table>`,
  "a group a paragraph": "<p>077</p><p>00</p><p>900</p><p>456</p>",
  commas: each(String, ", "),
  "upright strokes": each(String, " | "),
  "and between": each(String, " and "),
  "x between": "077x00x900x456",
  stars: "077*****00*****900*****456",
  flowers: "077🌸00🌸900🌸456",
  "American, apart": "<p>204</p><p>555</p><p>0190</p>",
  "digits in black rings": "⓿❼❼⓿⓿❾⓿⓿❹❺❻",
  "digits in white rings": "⓪⑦⑦⓪⓪⑨⓪⓪④⑤⑥",
  Chinese: "〇七七〇〇九〇〇四五六",
  "Chinese as on cheques": "零柒柒零零玖零零肆伍陆",
  Arabic: spelled("صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة", " "),
  Hindi: spelled("शून्य एक दो तीन चार पाँच छह सात आठ नौ", " "),
  Turkish: spelled("sıfır bir iki üç dört beş altı yedi sekiz dokuz", " "),
  Finnish: spelled("nolla yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän", " "),
  Indonesian: spelled("nol satu dua tiga empat lima enam tujuh delapan sembilan", " "),
  "words without spaces": spelled(WORDS.join(" "), ""),
  "words with letters of another alphabet": spelled(WORDS.join(" "), " ").replaceAll("e", "е").replaceAll("o", "о"),
  "zeros of another alphabet": NUMBER.replaceAll("0", "О"),
  "letters that look like digits": "O77OO9OO4S6",
  "from right to left": `\u202e${DIGITS.toReversed().join("")}\u202c`,
  base64: base64(NUMBER),
  "base64 of a sentence": base64("Bo's number is +44 7700 900456"),
  hex: Buffer.from(NUMBER).toString("hex"),
  "percent signs": each((digit) => `%3${digit}`),
  "entities written out": each((digit) => `&amp;#${48 + Number(digit)};`),
  "hex entities written out": each((digit) => `&amp;#x3${digit};`),
  escapes: each((digit) => `\\u003${digit}`),
  "short escapes": each((digit) => `\\x3${digit}`),
  "numbers of characters": each((digit) => String(48 + Number(digit)), ", "),
  "an address's path": `<a href="/call/${NUMBER}">Bo</a>`,
  "a path with country code": '<a href="/p/+447700900456">Bo</a>',
  "an American path": '<a href="/u/204-555-0190">Bo</a>',
  "a path that says so": '<a href="/phone/2045550190">Bo</a>',
  "a path, a digit a folder": `<a href="/${each(String, "/")}">Bo</a>`,
  "a path in words": `<a href="/${spelled(WORDS.join(" "), "-")}">Bo</a>`,
  "a path with a name": `<a href="/bo-finch-${NUMBER}">Bo</a>`,
  "an address's query": `<a href="/f?id=${NUMBER}">Bo</a>`,
  "a query in base64": `<a href="/f?q=${base64(NUMBER)}">Bo</a>`,
  "a host": `<a href="http://${NUMBER}.relay.example/">Bo</a>`,
  "an anchor": `<a href="/bo#${NUMBER}">Bo</a>`,
  "a picture's address": `<img src="/img/${NUMBER}.png" alt="Bo">`,
  "an address in text": `See http://relay.example/${NUMBER} or relay.example/?n=${NUMBER}`,
};

describe("a number that is hidden from programs reaches no mind", () => {
  test.each(Object.entries(HIDDEN))("%s", async (_, html) => {
    const { others, ...document } = await masked(`<h1>Bo Finch</h1><p>Rows in the harbour.</p>${html}`);
    const before = JSON.stringify(document);
    const shown = before.replace(/\[phone \d+: not yours\]/g, "").replace(/http:\/\/mugbook\.example/g, "");
    expect(others).toBeGreaterThan(0);
    expect(shown.replace(/[^\d〇-龥०-९]/g, "")).toHaveLength(0);
    expect(shown).not.toMatch(/zero|sıfır|nolla|nol |صفر|MDc3|%3|x3|u003|#48/);
  });

  test("a server's word for the type of its answer", async () => {
    expect((await masked("", `application/x-${NUMBER}`)).contentType).toBe("application/x-[phone 3: not yours]");
  });

  test("any number, with anything between its groups", () => {
    const gap = fc.stringMatching(/^[|*_~#^=<> \n\t-]{1,12}$/);
    const group = fc.stringMatching(/^[2-9]{3}$/);
    fc.assert(
      fc.property(group, group, group, gap, gap, (a, b, c, first, second) => {
        const { text, counts } = masker.text(`Bo Finch\n0${a}${first}${b}${second}${c}\nRows`);
        expect({ text, others: counts.others }).toEqual({ text: "Bo Finch\n[phone 3: not yours]\nRows", others: 1 });
      }),
    );
  });
});

describe("what stays readable", () => {
  test.each([
    "http://books.example/dp/0306406152",
    "http://news.example/2024/05/01/1234567890123",
    "http://mugbook.example/profile.php?id=100004455667788",
    "http://shop.example/item?ref=4711-0815-23&session=dGhpcyBpcyBhIHNlc3Npb24",
    "Open 09:00-12:00, 13:00-17:30; 0.99 | 1.49 | 2.99 | 10.00",
    "Points: 38 | 20 | 10 | 8 | 60 | 35 | 25 | 70",
    "1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144",
    "2019\n2020\n2021\n2022",
    "01, 02, 03, 04, 05, 06, 07, 08, 09, 10, 11, 12",
    "一九九九年十月, 三人",
    "one hundred and twenty two",
    "aGVsbG8gd29ybGQgYW5kIGdvb2QgbW9ybmluZw==",
  ])("%s", (text) => {
    expect(masker.text(text).text).toBe(text);
  });
});
