import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { StopState } from "./stop-state.ts";

const folder = mkdtempSync(join(tmpdir(), "candor-stop-state-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const where = (commit: string) => () => ({ machine: "here", cores: 2, node: "v24", commit });
const cell = { fault: "none", children: 1 };

test("what was measured is there in the next part, but for a line that a crash cut off", () => {
  const path = join(folder, "parts");
  const first = new StopState(path, where("a"));
  first.add(cell, 12.5, 0);
  first.add({ fault: "none", children: 100 }, 30, 0);
  first.add(cell, null, 2);
  appendFileSync(path, '{"fault":"none","chil');
  const second = new StopState(path, where("a"));
  expect(second.of(cell)).toEqual({ latencies: [12.5], after: 2 });
  second.add(cell, 13, 1);
  expect(new StopState(path, where("a")).of(cell)).toEqual({ latencies: [12.5, 13], after: 3 });
});

test("figures of another commit, and lines that are none, are refused", () => {
  const path = join(folder, "refused");
  new StopState(path, where("a")).add(cell, 1, 0);
  expect(() => new StopState(path, where("b"))).toThrow("commit a, this is b");
  appendFileSync(path, '{"fault":"none","children":1,"latency_ms":"fast","effects_after":0}\n');
  expect(() => new StopState(path, where("a"))).toThrow("latency_ms");
});
