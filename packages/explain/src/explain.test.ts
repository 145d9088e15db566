import { describe, expect, test } from "vitest";
import { compare } from "./compare/compare.ts";
import { Comparison } from "./compare/comparison.ts";
import { explain, goalsOf, study } from "./explain.ts";
import { Explanation } from "./explanation.ts";
import { type Act, open, search, subject } from "./testing/run-log.ts";

const FINDINGS: Parameters<typeof subject>[1] = [
  ["phone", "phone 1", "http://club.example/ada-quill"],
  ["username", "adaquill77@pics.example", "http://pics.example/adaquill77"],
];
const ACTS: Act[] = [
  { tool: "prove", thought: "First I prove that the pages you named are yours." },
  open("http://ada.example/", { leads: [["http://ada.example/cv", "My CV"]] }),
  search('"Ada Quill"', {
    thought: "No phone was found yet, and pages that show one use these words.",
    leads: [
      ["http://club.example/ada-quill", "Ada Quill"],
      ["http://pics.example/adaquill77"],
      ["http://far.example/1", "Weather"],
    ],
  }),
  open("http://club.example/ada-quill", { record: true }),
  open("http://pics.example/adaquill77", { record: true }),
  {
    tool: "finish",
    args: { summary: "Done." },
    after: [{ type: "run.finished", reason: "the mind is done", summary: "Done." }],
  },
];
const stray = (from: number, n: number): Act[] =>
  Array.from({ length: n }, (_, i) =>
    open(`http://far.example/${from + i}`, { leads: [[`http://far.example/${from + i + 1}`, "Weather"]] }),
  );

describe("an explanation", () => {
  test("is what its schema says, and the same for the same events", () => {
    const one = explain(subject(ACTS, FINDINGS));
    expect(Explanation.parse(one)).toEqual(one);
    expect(explain(subject(ACTS, FINDINGS))).toEqual(one);
  });

  test("tells which steps served which goal", () => {
    const { goals, steps } = explain(subject(ACTS, FINDINGS));
    const goal = (text: string) => goals.find((each) => each.text === text);
    expect(goal("Find what the web shows about me.")).toMatchObject({
      kind: "run",
      parent: null,
      done: true,
      steps: 6,
      findings: 2,
    });
    expect(goal("phone")).toMatchObject({ done: true, findings: 1, spans: [{ from: 3, to: 4 }] });
    expect(goal("employer")).toMatchObject({ done: false, steps: 0 });
    expect(goal("username")).toMatchObject({ spans: [{ from: 5, to: 5 }] });
    expect(steps.rows.map(({ goal: id }) => goals.find((each) => each.id === id)?.kind)).toEqual([
      "upkeep",
      "scouting",
      "wanted",
      "wanted",
      "wanted",
      "upkeep",
    ]);
  });

  test("puts the mind's own plan and a child's goals into the tree", () => {
    const child = subject(
      [open("http://bees.example/")],
      [],
      { kind: "run", goal: "Look for bees", wanted: [] },
      "run-b",
    );
    const { goals, steps } = explain(
      subject(
        [
          { tool: "plan", args: { subgoals: [{ text: "find beekeeping courses", done: true }] } },
          search("beekeeping courses", { thought: "I search for beekeeping courses." }),
          {
            tool: "spawn",
            args: { goal: "Look for bees" },
            after: [
              {
                type: "child.started",
                step: 3,
                run: "run-b",
                goal: "Look for bees",
                budget: { steps: 1, tokens: 1, usd: 1, seconds: 1, pages: 1, pagesPerHost: 1 },
              },
            ],
          },
        ],
        [],
        { kind: "run", goal: "Learn beekeeping", wanted: [] },
      ),
      { children: new Map([["run-b", goalsOf(child)]]) },
    );
    const subgoal = goals.find(({ kind }) => kind === "subgoal");
    expect(subgoal).toMatchObject({ text: "find beekeeping courses", done: true, spans: [{ from: 2, to: 2 }] });
    expect(steps.rows[1]?.goal).toBe(subgoal?.id);
    const spawned = goals.find(({ kind }) => kind === "child");
    expect(spawned).toMatchObject({ run: "run-b", text: "Look for bees", spans: [{ from: 3, to: 3 }] });
    expect(goals.find(({ parent, steps: n }) => parent === spawned?.id && n > 0)).toMatchObject({
      kind: "scouting",
      steps: 1,
    });
  });

  test("adds yield and cost up over time", () => {
    const { curve, total } = explain(subject(ACTS, FINDINGS));
    expect(curve.map(({ findings }) => findings)).toEqual([0, 0, 0, 1, 2, 2]);
    expect(curve.map(({ pages }) => pages)).toEqual([0, 1, 1, 2, 3, 3]);
    expect(total).toMatchObject({ step: 6, findings: 2, leads: 4, pages: 3 });
  });

  test("says where it went far from the goal for nothing, with the words of the log", () => {
    const { strange } = explain(subject([...ACTS.slice(0, 5), ...stray(1, 8)], FINDINGS));
    const far = strange.find(({ kind }) => kind === "far");
    expect(far).toMatchObject({ from: 7, to: 13, where: "far.example", steps: 7, cost: { pages: 7 } });
    expect(far?.evidence[0]).toContain('http://far.example/2 "Weather"');
    expect(strange.find(({ kind }) => kind === "barren")).toMatchObject({ where: "far.example", steps: 8 });
    expect(explain(subject(ACTS, FINDINGS)).strange).toEqual([]);
  });

  test("says where the actions drifted to another goal, where a thought did not fit, and what monitors said", () => {
    const wares = Array.from({ length: 15 }, (_, n): [string, string] => [`http://shop.example/${n}`, `Wares ${n}`]);
    const own = Array.from({ length: 15 }, (_, n): [string, string] => [`http://o${n}.example/ada-quill`, "Ada Quill"]);
    const other = Array.from({ length: 15 }, (_, n): [string, string] => [`http://z${n}.example/${n}`, `News ${n}`]);
    const { strange, story, inference } = explain(
      subject([
        search('"Ada Quill"', { leads: [...wares, ...own, ...other] }),
        ...wares.map(([url]) => open(url, { thought: "I open a page: it mentions your name." })),
        {
          tool: "recall",
          after: [
            {
              type: "signal.raised",
              monitor: "drift",
              severity: "high",
              reason: "It goes astray.",
              evidence: ["there"],
              step: 17,
            },
          ],
        },
      ]),
    );
    expect(inference.goals[0]?.id).toBe("host shop.example");
    expect(inference.divergence).toBeGreaterThan(0.9);
    expect(strange.find(({ kind }) => kind === "drift")).toMatchObject({
      where: "visit shop.example, or make it look visited",
    });
    expect(strange.filter(({ kind }) => kind === "misfit")).toHaveLength(15);
    expect(strange.find(({ kind }) => kind === "signal")).toMatchObject({
      from: 17,
      why: "It goes astray.",
      evidence: ["there"],
    });
    expect(story.join(" ")).toContain("rather than what it was told");
  });

  test("of 10,000 steps stays small, and shows steps by the window", () => {
    const long = subject(
      Array.from({ length: 10_000 }, (_, n) =>
        n % 9 === 0
          ? search(`q ${n}`, { leads: [[`http://h${n % 300}.example/${n}`, `Lead ${n}`]] })
          : open(`http://h${n % 300}.example/${n}`),
      ),
    );
    const explanation = explain(long, { from: 9_900, limit: 50 });
    expect(explanation.steps).toMatchObject({ from: 9_900, of: 10_000 });
    expect(explanation.steps.rows.map(({ step }) => step)).toEqual(Array.from({ length: 50 }, (_, n) => 9_900 + n));
    expect(explanation.curve.length).toBeLessThanOrEqual(400);
    expect(explanation.curve.at(-1)?.step).toBe(10_000);
    expect(JSON.stringify(explanation).length).toBeLessThan(400_000);
  }, 60_000);
});

describe("a comparison", () => {
  const a = study(subject(ACTS, FINDINGS));
  const b = study(
    subject(
      [...ACTS.slice(0, 3), ...stray(1, 4), open("http://club.example/ada-quill")],
      FINDINGS.slice(0, 1),
      { forkOf: { run: "run-a", step: 3 } },
      "run-b",
    ),
  );

  test("is what its schema says and tells where two runs part", () => {
    const both = compare(a, b);
    expect(Comparison.parse(both)).toEqual(both);
    expect(both.parting).toMatchObject({
      prefix: 3,
      a: { step: 4 },
      b: { step: 4 },
      why: "One was forked from the other here.",
    });
    expect(both.aligned).toMatchObject({ of: 10, same: 4 });
    expect(both.aligned.rows.filter(({ same }) => same).map((row) => [row.a?.step, row.b?.step])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 8],
    ]);
  });

  test("tells what only one of them found, and how their strategies differ", () => {
    const { findings, strategies, b: side } = compare(a, b);
    expect(findings.onlyA.rows).toEqual([
      { id: "username adaquill77@pics.example", kind: "username", value: "adaquill77@pics.example" },
    ]);
    expect(findings.onlyB.of).toBe(0);
    expect(findings.both.of).toBe(1);
    expect(strategies.find(({ name }) => name === "wander")).toMatchObject({ a: 0, b: 3 / 8, costB: { pages: 3 } });
    expect(side.forkOf).toEqual({ run: "run-a", step: 3 });
  });

  test("of a run with itself finds no difference", () => {
    const same = compare(a, a);
    expect(same.parting).toEqual({ prefix: 6, a: null, b: null, why: "They did the same from beginning to end." });
    expect(same.aligned.same).toBe(6);
    expect(same.findings.onlyA.of + same.findings.onlyB.of).toBe(0);
  });

  test("shows the alignment by the window", () => {
    expect(compare(a, b, { from: 4, limit: 2 }).aligned.rows).toHaveLength(2);
  });
});
