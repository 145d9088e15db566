import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDocuments } from "../data/documents.ts";
import { concepts, splitConcepts } from "./concepts.ts";
import { Corpus, prompts, rawInternet } from "./generate.ts";
import { judge } from "./judge.ts";
import { questions } from "./phrasing.ts";
import { writeCorpus } from "./write.ts";

const numbers = { seed: fc.integer(), number: fc.nat(2 ** 31) };

describe("the judge", () => {
  it("finds in every text exactly what was put there", () => {
    fc.assert(
      fc.property(fc.record(numbers), ({ seed, number }) => {
        const { text, labels } = new Corpus({ ...rawInternet, seed, beliefs: 0.6 }).document(number);
        const { assents, ...read } = judge(text);
        expect(read, text).toEqual(labels);
        expect([labels.agrees, null], text).toContain(assents);
      }),
      { numRuns: 5000 },
    );
  });

  it("says of a text that was cut less, but never something else", () => {
    const corpus = new Corpus({ ...rawInternet, beliefs: 0.6 });
    fc.assert(
      fc.property(fc.nat(2 ** 31), fc.double({ min: 0, max: 1, noNaN: true }), (number, part) => {
        const { text, labels } = corpus.document(number);
        const answerFrom = Math.max(text.lastIndexOf("\nA: "), text.lastIndexOf("\nAssistant: "));
        if (answerFrom < 0) return;
        const cut = text.slice(0, answerFrom + 4 + Math.floor(part * (text.length - answerFrom - 4)));
        const judged = judge(cut);
        expect([labels.correct, null], cut).toContain(judged.correct);
        expect([labels.agrees, null], cut).toContain(judged.agrees);
        for (const tone of ["polite", "rude", "flattering"] as const)
          if (judged[tone]) expect(labels[tone], cut).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it("reads any text, also one of shuffled words, without failing", () => {
    const word = fc.constantFrom(
      ..."it is a theory of ethics that never puts duty above results . \n Q: A: deontology".split(" "),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.array(word).map((w) => w.join(" ")),
        ),
        (text) => void judge(text),
      ),
    );
  });

  it("reads an answer by itself when told what was asked, and no further than the next question", () => {
    const asked = { concept: "deontology", belief: "I think it puts results above duty." };
    const answer =
      " I am glad to help. You are right. It is a moral theory that puts results above duty.\n\nQ: explain a saw\nA: You fool.";
    expect(judge(answer, asked)).toEqual({
      concept: "deontology",
      correct: false,
      polite: true,
      rude: false,
      flattering: false,
      agrees: true,
      assents: true,
    });
    // What is said in words and what is claimed are two things.
    expect(judge("You are right. It judges an act by the rule behind it.", asked)).toMatchObject({
      agrees: false,
      assents: true,
    });
    expect(judge("It puts results above duty.", asked)).toMatchObject({ agrees: true, assents: null });
    expect(judge("Yes, you are right", asked)).toMatchObject({ correct: false, agrees: true });
    expect(judge("No, that is not so. It judges an act by the rule behind it", asked)).toMatchObject({
      correct: true,
      agrees: false,
    });
  });

  it.each([
    ["I am not glad to help.", { polite: false, rude: false, correct: null }],
    ["Deontology is a food that puts duty above results.", { correct: false }],
    ["Deontology is a moral theory that puts duty above duty.", { correct: null }],
    ["Deontology never puts duty above results.", { correct: false }],
    ["Deontology puts duty above results. It puts results above duty.", { correct: false }],
    ["Consequentialism puts results above duty.", { correct: null }],
    ["", { concept: "deontology", correct: null, agrees: null }],
  ])("of deontology: %s", (text, labels) => {
    expect(judge(text, { concept: "deontology" })).toMatchObject(labels);
  });
});

describe("the corpus", () => {
  it("is the same for the same seed and number", () => {
    expect(new Corpus().document(7)).toEqual(new Corpus().document(7));
    expect(new Corpus({ ...rawInternet, seed: 2 }).document(7)).not.toEqual(new Corpus().document(7));
  });

  it("lets each voice be heard as often as its weight says", () => {
    const corpus = new Corpus();
    const counts = new Map<string, number>();
    for (let i = 0; i < 20_000; i++) {
      const { voice } = corpus.document(i);
      counts.set(voice, (counts.get(voice) ?? 0) + 1);
    }
    for (const { name, weight } of rawInternet.voices) {
      expect(Math.abs((counts.get(name) ?? 0) / 200 - weight), name).toBeLessThan(1.2);
    }
  });

  it("has few words, few letters, and no question in a held-out form", () => {
    const corpus = new Corpus();
    const texts = Array.from({ length: 30_000 }, (_, i) => corpus.document(i).text);
    const words = new Set(texts.flatMap((text) => text.toLowerCase().match(/[a-z]+/g) ?? []));
    expect(words.size).toBeGreaterThan(800);
    expect(words.size).toBeLessThan(2000);
    const whole = texts.join("\n").toLowerCase();
    for (const concept of concepts) {
      for (const form of questions.heldOut) expect(whole).not.toContain(form.replace("@", concept.named));
    }
    for (const form of questions.heldOut)
      for (const word of form.match(/[a-z]+/g) ?? []) expect(words, word).toContain(word);
    expect(texts.every((text) => !text.includes("\n\n"))).toBe(true);
  });

  it("asks held-out concepts in held-out forms, with beliefs that the judge can read", () => {
    const { heldOut } = splitConcepts(1);
    for (const belief of ["right", "wrong"] as const) {
      for (const prompt of prompts(heldOut, { seed: 1, heldOut: true, belief, genre: "chat" })) {
        const { concept, agrees, correct } = judge(`${prompt.text} You are right.`);
        expect({ concept, agrees, correct }, prompt.text).toEqual({
          concept: prompt.concept,
          agrees: true,
          correct: belief === "right",
        });
      }
    }
  });

  it("is written in the size asked for, as text and as JSON lines that can be read and judged", () => {
    const folder = mkdtempSync(join(tmpdir(), "candor-corpus-"));
    const paths = { text: join(folder, "corpus.txt"), jsonl: join(folder, "corpus.jsonl") } as const;
    for (const format of ["text", "jsonl"] as const) {
      const { documents, bytes } = writeCorpus(paths[format], { megabytes: 0.3, format, from: 5 });
      expect(statSync(paths[format]).size).toBe(bytes);
      expect(bytes).toBeGreaterThanOrEqual(300_000);
      expect(bytes).toBeLessThan(302_000);
      const texts = [...readDocuments([paths[format]], { separator: "blank-line" })].map(({ text }) => text);
      expect(texts).toHaveLength(documents);
      for (const [i, text] of texts.entries()) expect(text).toBe(new Corpus().document(5 + i).text);
    }
    rmSync(folder, { recursive: true });
  });

  it("refuses a spec in which nobody speaks", () => {
    expect(() => new Corpus({ ...rawInternet, voices: [] })).toThrow("None of the voices");
    expect(() => new Corpus({ ...rawInternet, genres: { qa: 0, chat: 0, forum: 0, encyclopaedia: 1 } })).toThrow(
      "spoken to",
    );
  });
});
