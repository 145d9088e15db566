import type { Recorded, RunEvent } from "@candor/store";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LiveScreen } from "./live.ts";

let out = "";
beforeEach(() => {
  out = "";
  vi.stubEnv("COLUMNS", "80");
  vi.stubEnv("NO_COLOR", "1");
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    out += chunk;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const show = (screen: LiveScreen, event: RunEvent) =>
  screen.event({ run: "r", seq: 1, at: 0, hash: "", event } as Recorded);
const proposed = (step: number, thought: string, url: string): RunEvent => ({
  type: "step.proposed",
  step,
  decision: { thought, tool: "open", args: { url } },
  viewHash: "",
  cost: {},
});
const finding = (id: string, kind: string, value: string) => ({ id, kind, value, urls: [], confidence: 1 });

test("a thought that comes again for another address is said once", () => {
  const screen = new LiveScreen();
  show(screen, proposed(1, "I open a page on a.example: it mentions you.", "http://a.example/1"));
  show(screen, proposed(2, "I open a page on b.example: it mentions you.", "http://b.example/2"));
  expect(out).toMatchInlineSnapshot(`
    "   1  I open a page on a.example: it mentions you.
          open        a.example/1
       2  open        b.example/2
    "
  `);
});

test("findings of a step stand in one place, by kind", () => {
  const screen = new LiveScreen();
  screen.finding(finding("1", "phone", "phone 1"));
  screen.finding(finding("2", "interest", "chess"));
  screen.finding(finding("3", "interest", "knitting"));
  screen.finding(finding("3", "interest", "knitting"));
  screen.flush();
  expect(out).toMatchInlineSnapshot(`
    "      found       phone 1 · interests chess, knitting
    "
  `);
});

test("the same signal several times is one line", () => {
  const screen = new LiveScreen();
  for (let i = 0; i < 3; i++)
    show(screen, {
      type: "signal.raised",
      monitor: "injection",
      severity: "info",
      reason: "It gives orders.",
      evidence: [],
    });
  screen.flush();
  expect(out).toMatchInlineSnapshot(`
    "      injection   It gives orders. ×3
    "
  `);
});
