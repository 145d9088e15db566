import { expect, test } from "vitest";
import type { Masker } from "../ports.ts";
import { maskedDecision } from "./masked-decision.ts";

const masker: Pick<Masker, "text"> = {
  text: (text) => ({ text: text.replaceAll("07700 900456", "[phone 1: not yours]"), counts: { yours: 0, others: 0 } }),
};
const masked = (args: Record<string, unknown>, outcome: "allow" | "deny") =>
  maskedDecision({ thought: "Ring 07700 900456.", tool: "any", args }, outcome, masker as Masker);

test("what a mind says is masked wherever it says it", () => {
  expect(masked({ text: "07700 900456", list: [{ text: "to 07700 900456" }], n: 3 }, "allow")).toEqual({
    thought: "Ring [phone 1: not yours].",
    tool: "any",
    args: { text: "[phone 1: not yours]", list: [{ text: "to [phone 1: not yours]" }], n: 3 },
  });
});

test("what is asked of the world keeps its words where the guard let it pass, and loses them where it did not", () => {
  expect(masked({ query: "who has 07700 900456" }, "allow").args).toEqual({ query: "who has 07700 900456" });
  expect(masked({ query: "who has 07700 900456" }, "deny").args).toEqual({ query: "who has [phone 1: not yours]" });
});
