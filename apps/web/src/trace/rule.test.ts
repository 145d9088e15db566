import { expect, test } from "vitest";
import { uncoveredBy } from "./rule.ts";

test("tells what no rule covered from what one decided", () => {
  expect(uncoveredBy("careful: default")).toBe("No rule of the permissions “careful” covers this");
  expect(uncoveredBy("careful: writes ask")).toBeUndefined();
});
