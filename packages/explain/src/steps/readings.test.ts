import { describe, expect, test } from "vitest";
import { told } from "../subject.ts";
import { type Act, open, search, subject } from "../testing/run-log.ts";
import { readingsOf } from "./readings.ts";

const read = (acts: Act[], findings: Parameters<typeof subject>[1] = []) => readingsOf(told(subject(acts, findings)));

describe("what a step gave", () => {
  test("is the best that holds, or why it gave nothing", () => {
    const effects = read(
      [
        search("Ada Quill", { leads: [["http://a.example/"], ["http://b.example/"]] }),
        open("http://a.example/"),
        open("http://b.example/", { record: true }),
        open("http://c.example/", { leads: [["http://a.example/"]] }),
        open("http://d.example/", { status: "blocked" }),
        open("http://e.example/", { status: "missing" }),
        open("http://f.example/", { verdict: "deny" }),
        { tool: "remember", args: { text: "note" } },
        open("http://g.example/", { open: true }),
      ],
      [["phone", "phone 1", "http://a.example/"]],
    ).map(({ effect }) => effect);
    expect(effects).toEqual([
      "leads",
      "findings",
      "record",
      "nothing",
      "blocked",
      "missing",
      "refused",
      "done",
      "pending",
    ]);
  });

  test("counts a lead and a finding once, where they were first seen", () => {
    const [first, second, third] = read(
      [
        search("Ada", { leads: [["http://a.example/"], ["http://b.example/"]] }),
        open("http://a.example/", { leads: [["http://b.example/"], ["http://c.example/"]] }),
        open("http://b.example/"),
      ],
      [["employer", "Brindle & Co", "http://b.example/", "http://a.example/"]],
    );
    expect([first?.leads, second?.leads, third?.leads]).toEqual([2, 1, 0]);
    expect([first?.findings, second?.findings, third?.findings]).toEqual([[], ["employer Brindle & Co"], []]);
  });

  test("costs what thinking, acting and a child cost", () => {
    const cost = { tokens: 5, usd: 0.5, pages: 7, ms: 90 };
    const [step] = read([
      {
        tool: "spawn",
        args: { goal: "look there" },
        after: [{ type: "child.finished", step: 1, run: "run-b", status: "finished", result: "", cost, steps: 3 }],
      },
    ]);
    expect(step?.cost).toEqual({ pages: 7, usd: 0.5, ms: 11 });
  });
});

describe("a thought fits its action", () => {
  const search1 = search("Ada", {
    leads: [
      ["http://pics.example/adaquill77", "Ada Quill"],
      ["http://far.example/x", "Weather"],
    ],
  });
  const fit = (act: Act, before: Act[] = [search1]) => read([...before, act]).at(-1);
  test.each<[says: string, act: Act]>([
    [
      "I open a page on pics.example: it mentions your username, and it mentions your name.",
      open("http://pics.example/adaquill77"),
    ],
    ["I search for Ada, the words of the goal.", search("Ada again")],
    [
      "You use the name adaquill77: I check on which sites it exists.",
      { tool: "check_username", args: { username: "adaquill77" } },
    ],
  ])("%s", (thought, act) => {
    expect(fit({ ...act, thought })).toMatchObject({ fits: "yes", misfit: "" });
  });

  test.each<[why: RegExp, says: string, act: Act, before?: Act[]]>([
    [
      /speaks of pics.example and opens far.example/,
      "I open a page on pics.example: it is the best.",
      open("http://far.example/x"),
    ],
    [
      /mentions your username, and it does not/,
      "I open a page on far.example: it mentions your username.",
      open("http://far.example/x"),
    ],
    [
      /mentions your name, and it does not/,
      "I open a page on far.example: it mentions your name.",
      open("http://far.example/x"),
    ],
    [
      /no check had said so/,
      "I open it: an account with your username exists there.",
      open("http://pics.example/adaquill77"),
    ],
    [
      /nothing of far.example was read yet/,
      "I open a page: nothing of this site was read yet.",
      open("http://far.example/y"),
      [search1, open("http://far.example/x")],
    ],
    [/the action was open/, "I search for your name.", open("http://far.example/x")],
    [
      /adaquill77 and other99 was checked/,
      "You use the name adaquill77.",
      { tool: "check_username", args: { username: "other99" } },
    ],
  ])("or the log contradicts it: %s", (why, thought, act, before) => {
    const reading = fit({ ...act, thought }, before);
    expect(reading?.fits).toBe("no");
    expect(reading?.misfit).toMatch(why);
  });

  test("is unclear where it says nothing to check", () => {
    expect(fit(open("http://far.example/x", { thought: "Onwards." }))?.fits).toBe("unclear");
    expect(fit(open("http://far.example/x", { thought: "" }))?.fits).toBe("unclear");
  });
});
