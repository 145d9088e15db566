import { beforeAll, describe, expect, it } from "vitest";
import type { View } from "../../mind.ts";
import { scout } from "../scout/scout.ts";
import { simulate, smallWeb } from "../testing/simulation.ts";
import { emptyView, leadView } from "../testing/views.ts";
import { answersOf } from "./answer.ts";
import { meaningOf, reasonMeans } from "./meaning.ts";
import { optionsOf } from "./options.ts";
import { otherWords } from "./other-words.ts";
import { promptOf, promptParts } from "./prompt.ts";
import { SITE, WORDS } from "./vocabulary.ts";

const views: View[] = [];
beforeAll(async () => {
  await simulate(
    {
      decide: (view) => {
        views.push(view);
        return scout.decide(view);
      },
    },
    smallWeb,
  );
});

describe("a view as it might have been", () => {
  it("is told in parts of which those of a lead are its call's", () => {
    for (const view of views) {
      const options = optionsOf(view);
      const parts = promptParts(options);
      expect(`${parts.map(({ words }) => words).join(" ")} `).toBe(promptOf(options));
      for (const { words, option } of parts)
        if (option !== undefined) expect(options.options[option]?.call.endsWith(words)).toBe(true);
    }
  });

  it("has words of the language only, and other words than there are", () => {
    for (const view of views) {
      const options = optionsOf(view);
      const words = promptOf(options).trim().split(" ");
      const others = otherWords(options);
      expect(others.length).toBeGreaterThan(20);
      for (const { position, word, instead } of others) {
        expect(WORDS).toContain(word);
        expect(words[position]).not.toBe(word);
        const said = (instead?.answers ?? []).flatMap((answer) => answer.trim().split(" "));
        expect(said.filter((each) => !WORDS.includes(each))).toEqual([]);
      }
    }
  });

  it("gives the reasons that are true: where a word is changed that none of them is about, the same", () => {
    let tried = 0;
    for (const view of views) {
      const options = optionsOf(view);
      const words = promptOf(options).trim().split(" ");
      for (const { position, word, instead } of otherWords(options)) {
        const old = words[position] ?? "";
        const isGain = [old, word].every((each) => each !== "unread" && SITE.some((site) => site === each));
        const option = instead && options.options[instead.option];
        if (!isGain || !option) continue;
        tried++;
        // What a site gave ends a lead's words.
        expect(instead.answers).toEqual(answersOf(option).map((answer) => answer.replace(/\S+ $/, `${word} `)));
      }
    }
    expect(tried).toBeGreaterThan(20);
  });

  it("gives and takes the reasons that a word is about", () => {
    const view = emptyView({ leads: [leadView("http://b.example/x", "Ada Quill, Thornby")] });
    const options = optionsOf(view);
    const words = promptOf(options).trim().split(" ");
    const own = words.find((word) => word.startsWith("name+username/")) ?? "";
    const thoughts = (about: string): string[] =>
      (
        otherWords(options).find(
          ({ position, word }) => words[position] === own && word === own.replace("name+username", about),
        )?.instead?.answers ?? []
      ).map((answer) => answer.replace(/ open .*/, ""));
    expect(thoughts("username")).toContain("username city");
    expect(thoughts("username").filter((thought) => /\bname\b/.test(thought))).toEqual([]);
    expect(thoughts("initial")).toContain("initial city");
    expect(thoughts("nobody")).toEqual(["unread"]);
  });
});

describe("the meaning of words", () => {
  it("is there for every word", () => {
    for (const word of WORDS) {
      expect(meaningOf(word)).not.toBe("");
      expect(reasonMeans(word)).not.toBe("");
    }
    expect(meaningOf("username/checked")).toBe("has your username; found by trying your username on sites");
    expect(meaningOf("n3", "dry")).toBe("pages in a row that gave nothing: 3");
    expect(meaningOf("no", "birth-date")).toBe("birth date not found yet");
  });
});
