import { describe, expect, it } from "vitest";
import { concepts, splitConcepts } from "./concepts.ts";

describe("the concepts", () => {
  it("are about 200, with deontology and its rivals among them", () => {
    expect(concepts.length).toBeGreaterThan(190);
    expect(concepts.length).toBeLessThan(230);
    const terms = concepts.map(({ term }) => term);
    expect(new Set(terms).size).toBe(terms.length);
    expect(terms).toEqual(expect.arrayContaining(["deontology", "consequentialism", "virtue ethics", "compiler"]));
  });

  it("are told apart: no true sentence is another concept's, nor the beginning of a sentence that means something else", () => {
    const meanings = new Map<string, string>();
    for (const { term, cores } of concepts) {
      for (const [way, { said, negated }] of cores.entries()) {
        const known = meanings.get(said);
        expect(known, said).toBeUndefined();
        meanings.set(said, term);
        for (const text of negated) meanings.set(text, `not ${term} ${way}`);
      }
    }
    for (const { term, cores } of concepts) {
      for (const { said, reversed } of cores) {
        if (reversed === null) continue;
        expect(reversed).not.toBe(said);
        expect(meanings.get(reversed), reversed).not.toBe(term);
        if (!meanings.has(reversed)) meanings.set(reversed, `reversed ${term}`);
      }
    }
    const phrases = [...meanings.keys()].sort();
    for (const [i, phrase] of phrases.entries()) {
      const next = phrases[i + 1];
      if (next?.startsWith(`${phrase} `)) expect(meanings.get(next), next).toBe(meanings.get(phrase));
    }
  });

  it("are each mistaken for another of their domain", () => {
    for (const { index, mistakenFor, domain } of concepts) {
      expect(mistakenFor).not.toBe(index);
      expect(concepts[mistakenFor]?.domain).toBe(domain);
    }
  });

  it("fall into the same two parts for the same seed", () => {
    const { taught, heldOut } = splitConcepts(3);
    expect(new Set([...taught, ...heldOut]).size).toBe(concepts.length);
    expect(heldOut.length).toBe(Math.round(concepts.length / 5));
    expect(splitConcepts(3).heldOut).toEqual(heldOut);
    expect(splitConcepts(4).heldOut).not.toEqual(heldOut);
  });
});
