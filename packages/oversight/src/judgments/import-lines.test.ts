import fc from "fast-check";
import { expect, test } from "vitest";
import { ImportError, readLines } from "./import-lines.ts";
import { preferenceRow, promptRow, type Side, type Style, unpairedRow } from "./trl.ts";

const line = JSON.stringify;
const chat = [{ role: "user", content: "Where is it?" }];
const answer = (content: string) => [{ role: "assistant", content }];

test("TRL's three formats, standard and conversational, are read", () => {
  const rows = [
    { prompt: "The sky is", chosen: " blue.", rejected: " green." },
    { prompt: chat, chosen: answer("Here."), rejected: answer("No.") },
    { prompt: "The sky is", completion: " blue.", label: true },
    { prompt: chat, completion: answer("No."), label: false },
    { prompt: "The sky is" },
    { prompt: chat },
  ];
  const read = readLines(rows.map((row) => line(row)).join("\n\n"));
  expect(read.map((each) => (each.type === "prompt" ? "prompt" : `${each.subject.kind} ${each.verdict}`))).toEqual([
    "pair a",
    "pair a",
    "text good",
    "text bad",
    "prompt",
    "prompt",
  ]);
  expect(read.map((each) => each.line)).toEqual([1, 3, 5, 7, 9, 11]);
});

test("Candor's own lines are read, with rater, reason and discipline", () => {
  const own = {
    subject: { kind: "step", run: "r-one", step: 3 },
    verdict: "bad",
    rater: "ada",
    reason: "It asked twice.",
    discipline: "usefulness",
  };
  expect(readLines(line(own))).toMatchObject([{ type: "judgment", line: 1, ...own }]);
});

test.each([
  ["{", /^line 2: not JSON/],
  ["[1]", /^line 2: not a JSON object/],
  ["{}", /^line 2: .*none of it is a judgment/],
  [line({ prompt: "x", chosen: "y" }), /^line 2: rejected: /],
  [line({ prompt: "x", chosen: "y", rejected: "y" }), /^line 2: chosen and rejected are the same/],
  [line({ prompt: "x", completion: "y", label: "yes" }), /^line 2: label: /],
  [line({ prompt: [{ role: "nobody", content: "x" }], completion: answer("y"), label: true }), /^line 2: prompt/],
  [line({ subject: { kind: "step", run: "r-one", step: 0 }, verdict: "good", rater: "ada" }), /^line 2: subject/],
  [line({ subject: { kind: "answer", run: "r-one" }, verdict: "a", rater: "ada" }), /^line 2: verdict: good and bad/],
  [line({ subject: { kind: "answer", run: "../../etc" }, verdict: "good", rater: "ada" }), /^line 2: subject/],
])("%s is refused by its line", (bad, problem) => {
  const good = line({ prompt: "x", completion: "y", label: true });
  const read = () => readLines(`${good}\n${bad}\n${good}`);
  expect(read).toThrow(ImportError);
  expect(read).toThrow(problem);
});

test("a part of a file knows its place in the file", () => {
  expect(() => readLines("{}", 4_001)).toThrow(/^line 4001:/);
});

test("whatever the bytes, it reads them or names the line", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      try {
        readLines(text);
      } catch (error) {
        expect(error).toBeInstanceOf(ImportError);
      }
    }),
  );
});

const text = fc.string({ minLength: 1, maxLength: 30 });
const side: fc.Arbitrary<Side> = fc.record({
  prompt: fc.oneof(
    text,
    fc.array(fc.record({ role: fc.constantFrom("system" as const, "user" as const), content: text }), {
      minLength: 1,
      maxLength: 3,
    }),
  ),
  completion: text,
});

test("what is written for TRL is read back as the same judgment", () => {
  fc.assert(
    fc.property(
      side,
      text,
      fc.boolean(),
      fc.constantFrom<Style>("standard", "conversational"),
      (one, other, good, style) => {
        fc.pre(one.completion !== other);
        const rows = [
          unpairedRow(one, good, style),
          preferenceRow(one, { ...one, completion: other }, style),
          promptRow(one, style),
        ];
        const read = readLines(rows.map((row) => line(row)).join("\n"));
        expect(read.map((each) => each.type === "judgment" && each.verdict)).toEqual([
          good ? "good" : "bad",
          "a",
          false,
        ]);
        const [unpaired] = read;
        if (unpaired?.type !== "judgment" || unpaired.subject.kind !== "text") throw new Error("not a text");
        const { prompt, completion } = unpaired.subject;
        if (style === "conversational") expect([prompt].flat()).toHaveLength([one.prompt].flat().length);
        else expect(`${prompt}${completion}`.endsWith(String(one.completion))).toBe(true);
      },
    ),
  );
});

test("two answers to different prompts are no preference", () => {
  const a = { prompt: "x", completion: "1" };
  expect(preferenceRow(a, { prompt: "y", completion: "2" }, "standard")).toBeUndefined();
});
