import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRobots } from "./robots.ts";

const allowed = (text: string, path: string, product = "Candor"): boolean =>
  parseRobots(text, "http://a.example", product)(new URL(path, "http://a.example")).allowed;

test("the longest rule decides, and allow wins a tie", () => {
  const text = "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c$\nAllow: /x\nDisallow: /x";
  expect(["/a", "/a/b", "/a/b/c", "/a/b/cd", "/x", "/"].map((path) => allowed(text, path))).toEqual([
    false,
    true,
    false,
    true,
    true,
    true,
  ]);
});

test("groups for one crawler are joined, versions and case do not matter", () => {
  const text =
    "User-Agent: CANDOR/2.0\nUser-agent: other\nDisallow: /a\n\nUser-agent: *\nDisallow: /\nUser-agent: candor\nDisallow: /b";
  expect(["/a", "/b", "/c"].map((path) => allowed(text, path))).toEqual([false, false, true]);
  expect(allowed(text, "/c", "someone")).toBe(false);
});

test("comments, odd line ends and a byte order mark are no obstacle", () => {
  expect(allowed("\uFEFFUser-agent: * # all\r\nDisallow: /a # not this\rDisallow: /*.pdf$\n", "/x/y.pdf")).toBe(false);
});

test("an empty group allows all, and nothing is no rule", () => {
  expect(allowed("User-agent: *\nDisallow:\n", "/a")).toBe(true);
  expect(allowed("", "/a")).toBe(true);
  expect(allowed("<html>Disallow: /</html>", "/a")).toBe(true);
});

test("a file made to be costly closes the host instead of holding the agent up", () => {
  const agents = Array.from({ length: 18_000 }, (_, i) => `User-agent: a${i}`).join("\n");
  const many = `${agents}\nUser-agent: *\n${"Allow: /x\n".repeat(20_000)}Disallow: /private`;
  expect(allowed(many, "/private")).toBe(false);
  const wild = `User-agent: *\nDisallow: /${"*a".repeat(200_000)}b`;
  const rules = parseRobots(wild, "http://a.example", "Candor");
  expect(rules(new URL(`http://a.example/${"a".repeat(3_000)}`))).toMatchObject({
    allowed: false,
    reason: expect.stringMatching(/too complex/),
  });
});

test("any text gives an answer", () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "User-agent: *",
      "User-agent: candor",
      "Disallow: /",
      "Crawl-delay: x",
      "Crawl-delay: 2",
      "Allow: /%zz*$",
    ),
  );
  fc.assert(
    fc.property(fc.array(line), fc.webPath(), (lines, path) => {
      const answer = parseRobots(lines.join("\n"), "http://a.example", "Candor")(new URL(`http://a.example${path}`));
      expect(Number.isFinite(answer.crawlDelay)).toBe(true);
    }),
  );
});
