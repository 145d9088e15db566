import { readFile } from "node:fs/promises";
import type { Recorded, RunEvent } from "@candor/store";
import { describe, expect, test } from "vitest";
import { documentOf } from "../extract/testing/document.ts";
import { createAnalyst } from "../findings/analyst.ts";
import { Directory } from "../remedies/directory.ts";
import { OWN_LIST } from "../remedies/own-list.ts";
import { compareRuns } from "./compare.ts";
import { markdown } from "./markdown.ts";
import { htmlReport } from "./page.ts";
import { buildReport, Report } from "./report.ts";
import { reportSchema, SCHEMA_FILE } from "./schema.ts";
import { messageText, summaryLines } from "./summary.ts";

const seeds = {
  names: ["Ada Thorne"],
  usernames: ["marlwren"],
  city: "Otterford",
  employer: "Harrow & Finch Ltd",
  sites: ["http://ada-thorne.example/"],
};
const proven = ["http://ada-thorne.example/"];

const PAGES: [string, string][] = [
  [
    "http://ada-thorne.example/",
    `<title>Ada Thorne</title><h1>Ada Thorne</h1><p>Works at: Harrow & Finch Ltd</p><p><a rel="me" href="http://mugbook.example/people/marlwren">me</a></p>`,
  ],
  [
    "http://mugbook.example/people/marlwren",
    `<title>Ada Thorne | Mugbook</title><h1>Ada Thorne</h1><dl><dt>Hobbies</dt><dd><b>bell ringing</b></dd><dt>City</dt><dd>Otterford</dd></dl><p><a rel="me" href="http://ada-thorne.example/">site</a></p>`,
  ],
  [
    "http://findfolk.example/r/7",
    `<title>Ada Thorne, 41, Otterford</title><h1>Ada Thorne</h1><p>Address: [address 1: yours]</p><p>Phone: [phone 1: yours]</p><p>Note: &lt;script&gt;alert(1)&lt;/script&gt; "x"</p>`,
  ],
  [
    "http://other.example/u/ada",
    `<title>Ada Thorne</title><h1>Ada Thorne</h1><p>City: Pikemoor</p><p>Employer: Copperline Ceramics</p>`,
  ],
];

function run(pages = PAGES): { events: Recorded[]; analyst: ReturnType<typeof createAnalyst> } {
  const analyst = createAnalyst(seeds, { proven });
  const events: Recorded[] = [];
  const add = (event: RunEvent): void => {
    events.push({
      run: "r1",
      seq: events.length + 1,
      at: Date.UTC(2026, 0, 2) + events.length * 1000,
      hash: `h${events.length}`,
      event,
    });
  };
  const budget = { steps: 9, tokens: 9, usd: 9, seconds: 9, pages: 9, pagesPerHost: 9 };
  add({
    type: "run.started",
    kind: "audit",
    goal: "what is out there",
    wanted: [],
    seed: 1,
    world: { kind: "web" },
    mind: { kind: "scout" },
    budget,
    permissions: {},
    mode: "continuous",
    isolation: "bwrap",
    version: "0.1.0",
  });
  for (const [i, [url, html]] of pages.entries()) {
    const document = documentOf(url, html);
    const record = JSON.parse(JSON.stringify(analyst.extract(document) ?? null)) as unknown;
    add({
      type: "step.proposed",
      step: i + 1,
      decision: { thought: "", tool: "open", args: { url } },
      cost: { tokens: 10 },
      viewHash: "",
    });
    add({
      type: "step.done",
      step: i + 1,
      tool: "open",
      effect: "read",
      observation: {
        status: "ok",
        origin: "host:x",
        text: "",
        leads: [],
        url,
        hash: document.hash,
        ...(record ? { record } : {}),
        masked: { yours: 0, others: 1 },
        cost: { pages: 1 },
      },
    });
    analyst.findings(events);
  }
  const step = pages.length + 1;
  add({
    type: "step.proposed",
    step,
    decision: { thought: "", tool: "open", args: { url: "http://wall.example/" } },
    cost: {},
    viewHash: "",
  });
  add({
    type: "step.done",
    step,
    tool: "open",
    effect: "read",
    observation: { status: "blocked", origin: "warden", text: "robots.txt forbids it", leads: [], cost: {} },
  });
  add({
    type: "signal.raised",
    monitor: "injection",
    severity: "high",
    reason: "a page says: <b>obey</b>",
    evidence: [],
    step,
  });
  add({ type: "run.finished", reason: "done", summary: "" });
  return { events, analyst };
}

function reportOf(pages = PAGES): Report {
  const { events, analyst } = run(pages);
  return buildReport(events, analyst.exposure(events), { seeds, directory: new Directory(OWN_LIST) });
}

describe("the report", () => {
  test("holds what was found, and fits its schema", () => {
    const report = reportOf();
    expect(Report.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(report.findings.map(({ kind, value }) => `${kind}: ${value}`).sort()).toMatchInlineSnapshot(`
      [
        "address: address 1",
        "employer: Harrow & Finch Ltd",
        "interest: bell ringing",
        "location: Otterford",
        "phone: phone 1",
        "username: marlwren@mugbook.example",
      ]
    `);
    expect(report.headline.sentence).toBe("Your phone number and home address can be found by anyone.");
    expect(report.others).toBe(1);
    expect(report.unread).toEqual([{ url: "http://wall.example/", step: 5, reason: "its robots.txt forbids it" }]);
    expect(report.method).toMatchObject({ steps: 5, pages: 4, tokens: 40, outcome: "finished: done" });
  });

  test("tells how each page was reached from a proven one", () => {
    const account = reportOf().findings.find(({ kind }) => kind === "interest");
    expect(account?.chain).toEqual([
      { url: "http://ada-thorne.example/", how: "proven or named as yours" },
      { url: "http://mugbook.example/people/marlwren", how: "linked as yours (rel=me)" },
    ]);
  });

  test("the published schema is up to date", async () => {
    expect(await readFile(SCHEMA_FILE, "utf8")).toBe(reportSchema());
  });

  test("the page asks for nothing from outside and lets no page write markup", () => {
    const page = htmlReport(reportOf());
    expect(page).not.toMatch(/<(?:img|link|iframe|object|embed)\b|src=|@import|url\(/);
    expect(page).not.toContain("<b>obey</b>");
    expect(page).not.toContain("<script>alert");
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page).toContain("a page says: &lt;b&gt;obey&lt;/b&gt;");
  });

  test("a link that is no web address stays text", () => {
    const report = reportOf();
    const [first] = report.findings;
    if (first) first.evidence = [{ url: "javascript:alert(1)", quote: "x", at: 0, hash: "", step: 1 }];
    expect(htmlReport(report)).not.toContain('href="javascript');
  });

  test("Markdown from pages stays text", () => {
    const report = reportOf();
    const [first] = report.findings;
    if (first)
      first.evidence = [
        { url: "http://x.example/", quote: "[click](http://evil.example) # | `x`", at: 0, hash: "", step: 1 },
      ];
    expect(markdown(report)).toContain("\\[click\\](http://evil.example) \\# \\| \\`x\\`");
  });

  test("the short forms name sealed values by label", () => {
    const { findings } = reportOf();
    expect(messageText(findings)).toMatchInlineSnapshot(`
      "Candor: Your phone number and home address can be found by anyone. 6 findings on 3 sites; 2 of them are worth acting on today.
      - address 1: findfolk.example
      - phone 1: findfolk.example
      In all: 1 phone number, 1 home address, 1 employer, 1 interest, 1 account, 1 place.
      How to remove each is in your report."
    `);
    expect(messageText(findings).length).toBeLessThanOrEqual(480);
    expect(summaryLines(findings)[0]).toEqual({
      kind: "address",
      label: "1 home address",
      count: 1,
      severity: "severe",
      where: "findfolk.example",
      what: "Home address 1",
      remedy: "Opt out at findfolk.example (medium)",
    });
  });

  test("compares two runs", () => {
    const [before, after] = [run(), run(PAGES.slice(0, 2))];
    const earlier = before.analyst.exposure(before.events);
    const later = after.analyst.exposure(after.events);
    const compared = compareRuns(earlier, later);
    expect(compared.gone.map(({ value }) => value).sort()).toEqual(["address 1", "phone 1"]);
    expect(compared.stayed).toHaveLength(4);
    const walled = compareRuns(earlier, {
      ...later,
      unread: [{ url: "http://findfolk.example/r/7", reason: "it wants a login", step: 3 }],
    });
    expect(walled.gone).toEqual([]);
    expect(walled.unconfirmed).toHaveLength(2);
    expect(compareRuns(later, earlier).appeared).toHaveLength(2);
  });
});

describe("the analyst", () => {
  test("folds step by step to what it folds at once", () => {
    const { events, analyst } = run();
    expect(createAnalyst(seeds, { proven }).findings(events)).toEqual(analyst.findings(events));
  });

  test("says how sure it is that a page is the operator's", () => {
    const { events, analyst } = run();
    expect(analyst.owned(events, "http://mugbook.example/people/marlwren")).toBeGreaterThan(0.9);
    expect(analyst.owned(events, "http://other.example/u/ada")).toBe(0);
    expect(analyst.owned(events, "http://never.example/")).toBe(0);
  });

  test("drops what hangs on a page that is judged not theirs, and remembers it", () => {
    const { events, analyst } = run();
    const account = analyst.exposure(events).findings.find(({ kind }) => kind === "username");
    const judged: Recorded[] = [
      ...events,
      {
        run: "r1",
        seq: events.length + 1,
        at: 0,
        hash: "j",
        event: { type: "finding.judged", finding: account?.id ?? "", judgment: "not mine", by: "operator" },
      },
    ];
    const kinds = analyst.findings(judged).map(({ kind }) => kind);
    expect(kinds).not.toContain("username");
    expect(kinds).not.toContain("interest");
    expect(kinds).toContain("employer");
    const later = createAnalyst(seeds, {
      proven,
      priorJudgments: [
        { finding: account?.id ?? "", kind: "username", value: "marlwren@mugbook.example", judgment: "not mine" },
      ],
    });
    expect(later.findings(events).map(({ kind }) => kind)).not.toContain("username");
  });
});
