import { describe, expect, test } from "vitest";
import { placeholderIn, readTarget } from "./target.ts";

describe("a placeholder is not an address", () => {
  test.each([
    "https://example.com/<url>",
    "https://example.com/<your-username>",
    "https://example.com/%3Curl%3E",
    "https://example.com/{username}",
    "https://example.com/{{handle}}",
    "https://example.com/$USERNAME",
    "https://example.com/...",
    "https://example.com/…",
    "https://[your-site].example/",
    "https://example.com/[your name here]",
    "https://example.com/TODO",
    "https://example.com/YOUR_USERNAME",
    "https://example.com/your-username-here",
    "url",
    "<url>",
    "[insert link]",
  ])("%s", (given) => {
    expect(placeholderIn(given)).toBeDefined();
  });

  test.each([
    "https://example.com/",
    "http://mugbook.example/ada",
    "https://[2606:2800:220:1::1]/",
    "https://en.wikipedia.org/wiki/Ada_(name)",
    "https://example.com/a..b/c?x=%20y&z=1",
    "https://example.com/todo-list/your-stay",
    "https://example.com/a%3Ab",
    "https://example.com/price-$5",
  ])("but %s is one", (given) => {
    expect(placeholderIn(given)).toBeUndefined();
    expect(readTarget(given).url).toBeDefined();
  });
});

test("an address is absolute, without fragment and credentials", () => {
  expect(readTarget("http://a.example/x#y").url?.href).toBe("http://a.example/x");
  expect(readTarget("../z", "http://a.example/x/y").url?.href).toBe("http://a.example/z");
  expect(readTarget("//b.example", "https://a.example/").url?.href).toBe("https://b.example/");
  expect(readTarget("a.example/x").problem).toMatch(/begins with http/);
});
