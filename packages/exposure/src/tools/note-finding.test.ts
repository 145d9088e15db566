import type { ToolContext } from "@candor/agent";
import type { Recorded } from "@candor/store";
import { expect, test } from "vitest";
import type { PageRecord, Subject } from "../extract/record.ts";
import { noteFindingTool } from "./note-finding.ts";

const subject = (more: Partial<Subject> = {}): Subject => ({
  main: true,
  names: ["Ada Marlow"],
  named: "full",
  handles: [],
  claims: [],
  links: [],
  photos: [],
  others: [],
  ...more,
});
const record = (subjects: Subject[]): PageRecord => ({
  version: 1,
  url: "http://a.example/",
  host: "a.example",
  hash: "00",
  title: "A",
  kind: "profile",
  subjects,
  people: 0,
});
const opened = (subjects: Subject[]): Recorded[] => [
  {
    run: "r",
    seq: 1,
    at: 1,
    hash: "h",
    event: {
      type: "step.done",
      step: 1,
      tool: "open",
      effect: "read",
      observation: {
        status: "ok",
        origin: "host:a.example",
        url: "http://a.example/",
        leads: [],
        cost: {},
        record: record(subjects),
        text: "Ada Marlow\nSpends her weekends  on the fells.\nRing [phone 1: yours] or [phone 2: not yours].",
      },
    },
  },
];
const note = (args: Record<string, unknown>, events = opened([subject()])) =>
  noteFindingTool().run({ url: "http://a.example/", ...args }, {
    run: "r",
    step: 2,
    reference: "",
    signal: AbortSignal.timeout(1_000),
    events,
  } satisfies ToolContext);

test("what the page says of the operator joins the page's record", async () => {
  const { status, record } = await note({
    kind: "location",
    value: "the fells",
    quote: "spends her weekends on the fells",
  });
  expect(status).toBe("ok");
  expect((record as PageRecord).subjects[0]?.claims).toEqual([
    { kind: "location", value: "the fells", quote: "spends her weekends on the fells", confidence: 0.7 },
  ]);
  expect((await note({ kind: "phone", value: "phone 1", quote: "Ring [phone 1: yours]" })).status).toBe("ok");
});

test.each([
  [
    "a page that was not read",
    { kind: "interest", value: "fells", quote: "the fells", url: "http://b.example/" },
    undefined,
  ],
  ["words that the page does not say", { kind: "interest", value: "chess", quote: "plays chess" }, undefined],
  ["a value that the quote does not hold", { kind: "interest", value: "chess", quote: "on the fells" }, undefined],
  ["somebody else's number", { kind: "phone", value: "phone 2", quote: "[phone 2: not yours]" }, undefined],
  [
    "a page about several people",
    { kind: "interest", value: "fells", quote: "the fells" },
    opened([subject({ named: "other" }), subject({ named: "none" })]),
  ],
])("%s gives nothing", async (_, args, events) => {
  const observation = await note(args, events);
  expect(observation.status).toBe("refused");
  expect(observation.record).toBeUndefined();
});
