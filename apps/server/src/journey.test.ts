import type { Recorded, RunEvent } from "@candor/store";
import { expect, test } from "vitest";
import { journey } from "./journey.ts";

const record = (events: RunEvent[]): Recorded[] =>
  events.map((event, index) => ({ run: "r", seq: index + 1, at: 1_000 + index, hash: "", event }));

const opened = (step: number, url: string, leads: string[], status: "ok" | "blocked" = "ok"): RunEvent[] => [
  {
    type: "step.proposed",
    step,
    viewHash: "",
    cost: {},
    decision: { thought: "", tool: "open", args: { url } },
  },
  {
    type: "step.done",
    step,
    tool: "open",
    effect: "read",
    observation: {
      status,
      origin: "host:x",
      text: "",
      ...(status === "ok" && { url }),
      leads: leads.map((value) => ({ kind: "page", value, label: "" })),
      cost: {},
    },
  },
];

test("follows the run from host to host, and knows what it could not read or never reached", () => {
  const events = record([
    ...opened(1, "http://a.example/1", ["http://b.example/", "http://b.example/2", "http://a.example/2"]),
    ...opened(2, "http://b.example/", [], "blocked"),
  ]);
  const found = [
    { id: "f", kind: "phone", value: "", confidence: 1, urls: ["http://a.example/1", "http://a.example/2"] },
  ];
  const { hosts, links, visits } = journey(events, found, [
    { name: "a.example", kind: "social" },
    { name: "c.example", kind: "forum" },
  ]);
  expect(hosts).toEqual([
    { host: "a.example", kind: "social", visits: 1, blocked: 0, findings: 1, seen: true },
    { host: "c.example", kind: "forum", visits: 0, blocked: 0, findings: 0, seen: false },
    { host: "b.example", kind: null, visits: 1, blocked: 1, findings: 0, seen: true },
  ]);
  expect(links).toEqual([{ from: "a.example", to: "b.example", times: 2 }]);
  expect(visits.map(({ step, host, status, at }) => [step, host, status, at])).toEqual([
    [1, "a.example", "ok", 1_001],
    [2, "b.example", "blocked", 1_003],
  ]);
});

test("a search is a place to come from", () => {
  const [event] = opened(1, "http://q.example/", ["http://a.example/"]).slice(1);
  if (event?.type !== "step.done") throw new Error("a step that is done");
  const { links } = journey(record([{ ...event, tool: "search" }]), []);
  expect(links).toEqual([{ from: "search", to: "a.example", times: 1 }]);
});
