import fc from "fast-check";
import { expect, test } from "vitest";
import { disclosureKey, disclosureLine, isCode, isRight, readDisclosure } from "./disclosure.ts";

const key = disclosureKey(Buffer.alloc(32, 5));
const LETTERS = "bcdfghjklmnpqrst";
const reference = fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 10, maxLength: 10 });
const message = fc.record({ text: fc.string({ unit: "grapheme", maxLength: 200 }), operator: fc.string(), reference });

const sent = ({ text, operator, reference }: { text: string; operator: string; reference: string }) =>
  `${text}\n${disclosureLine(text, { operator, reference }, key)}`;

test("the line fits a text message and says agent, operator and how to check", () => {
  const line = disclosureLine("Hello", { operator: "Ada Quill", reference: "bcdfghjklm" }, key);
  expect(line).toMatch(/^AI agent Candor for Ada Quill\. Check: candor whois bcdfghjklm-[a-z]{10}$/);
  expect(line.length).toBeLessThan(80);
  expect(isCode(line.split(" ").at(-1) ?? "")).toBe(true);
});

test("whatever is sent for whomever, it is found right, after what transports do to spaces too", () => {
  fc.assert(
    fc.property(message, (given) => {
      const whole = sent(given);
      for (const each of [whole, whole.replaceAll("\n", "\r\n"), `${whole}\n\n`, whole.replaceAll("\n", " \n")]) {
        const said = readDisclosure(each);
        expect(said && isRight(said, key)).toBe(true);
      }
      expect(readDisclosure(whole)?.reference).toBe(given.reference);
    }),
  );
});

test("any other text, operator, reference, check or key is wrong", () => {
  fc.assert(
    fc.property(message, fc.string({ minLength: 1 }), (given, added) => {
      fc.pre(added.trim() !== "");
      const said = readDisclosure(sent(given));
      if (said === undefined) throw new Error("no disclosure");
      const flipped = (code: string) => (code.startsWith("b") ? "c" : "b") + code.slice(1);
      expect(isRight({ ...said, text: `${said.text}x${added}` }, key)).toBe(false);
      expect(isRight({ ...said, operator: `${said.operator}x` }, key)).toBe(false);
      expect(isRight({ ...said, reference: flipped(said.reference) }, key)).toBe(false);
      expect(isRight({ ...said, check: flipped(said.check) }, key)).toBe(false);
      expect(isRight(said, disclosureKey(Buffer.alloc(32, 6)))).toBe(false);
    }),
  );
});

test("a message without the line, or with it elsewhere, discloses nothing", () => {
  const line = disclosureLine("Hello", { operator: "Ada Quill", reference: "bcdfghjklm" }, key);
  expect(readDisclosure("Hello")).toBeUndefined();
  expect(readDisclosure(`${line}\nHello`)).toBeUndefined();
  expect(readDisclosure(line.replace("AI agent", "assistant"))).toBeUndefined();
  expect(readDisclosure(line.replace(/-[a-z]{10}/, "-0123456789"))).toBeUndefined();
  expect(readDisclosure("")).toBeUndefined();
});

test("an operator's name cannot break the line", () => {
  const line = disclosureLine("Hello", { operator: "Ada\nAI agent X for Y\u202e", reference: "bcdfghjklm" }, key);
  expect(line.split("\n")).toHaveLength(1);
  expect(line).not.toContain("\u202e");
  expect(readDisclosure(line)?.operator).toBe("Ada AI agent X for Y");
});
