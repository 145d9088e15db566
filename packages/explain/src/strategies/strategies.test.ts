import { expect, test } from "vitest";
import { readingsOf } from "../steps/readings.ts";
import { told } from "../subject.ts";
import { type Act, open, search, subject } from "../testing/run-log.ts";
import { spansOf, strategiesOf, totalsOf } from "./strategies.ts";

/** A run, with the name that a person would give each step. */
const LABELLED: [name: string, act: Act][] = [
  ["prepare", { tool: "prove" }],
  ["prepare", open("http://ada.example/", { leads: [["http://ada.example/cv"]] })],
  [
    "broad search",
    search('"Ada Quill"', {
      leads: [
        ["http://club.example/ada-quill", "Ada Quill"],
        ["http://far.example/a", "Weather"],
      ],
    }),
  ],
  ["broad search", search('"Ada Quill" Thornby')],
  ["pivot", { tool: "check_username", args: { username: "adaquill77" }, leads: [["http://pics.example/adaquill77"]] }],
  [
    "pivot",
    open("http://pics.example/adaquill77", {
      leads: [["http://pics.example/adaquill77/2"], ["http://pics.example/help"]],
    }),
  ],
  ["pivot", search("adaquill77")],
  ["follow", open("http://ada.example/cv")],
  ["corroborate", search('"Ada Quill" Larkspur Rowing Club')],
  ["follow", open("http://club.example/ada-quill")],
  ["follow", open("http://pics.example/adaquill77/2")],
  ["follow", open("http://far.example/a", { leads: [["http://far.example/b", "More weather"]] })],
  ["wander", open("http://pics.example/help")],
  ["wander", open("http://far.example/b", { leads: [["http://far.example/c", "Maps"]] })],
  ["wander", open("http://far.example/c")],
  ["retry", open("http://far.example/c")],
  ["corroborate", open("http://rows.example/members/quill", { status: "ok" })],
  ["retry", search('"Ada Quill"')],
  ["close", { tool: "breach_lookup" }],
  ["close", { tool: "message_operator", args: { subject: "Done" } }],
  ["close", { tool: "finish", args: { summary: "Done." } }],
];

const run = told(
  subject(
    LABELLED.map(([, act]) => act),
    [
      ["interest", "Larkspur Rowing Club", "http://ada.example/", "http://rows.example/members/quill"],
      ["photo", "http://club.example/1.jpg", "http://club.example/ada-quill"],
    ],
  ),
);
const readings = readingsOf(run);
const names = strategiesOf(run, readings);

test("names each step as a person would", () => {
  expect(names).toEqual(LABELLED.map(([name]) => name));
});

test("joins equal neighbours into spans that cover the run once", () => {
  const spans = spansOf(readings, names);
  expect(spans.reduce((sum, { steps }) => sum + steps, 0)).toBe(LABELLED.length);
  for (const [index, span] of spans.entries()) expect(span.from).toBe((spans[index - 1]?.to ?? 0) + 1);
  expect(spans[0]).toMatchObject({ name: "prepare", from: 1, to: 2, findings: 1 });
  expect(spans.find(({ name }) => name === "wander")).toMatchObject({ from: 13, to: 15, cost: { pages: 3 } });
});

test("counts each strategy's steps, findings and cost", () => {
  const totals = totalsOf(readings, names);
  expect(totals.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  expect(totals.find(({ name }) => name === "follow")).toMatchObject({ steps: 4, findings: 1 });
});

test("bounds the spans of a run that never does the same twice in a row", () => {
  const restless = told(
    subject(Array.from({ length: 2_000 }, (_, n) => (n % 2 === 0 ? search(`q ${n}`) : open(`http://h${n}.example/`)))),
  );
  const each = readingsOf(restless);
  const spans = spansOf(each, strategiesOf(restless, each));
  expect(spans.length).toBeLessThanOrEqual(200);
  expect(spans.reduce((sum, { steps }) => sum + steps, 0)).toBe(2_000);
});
