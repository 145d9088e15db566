import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { createGuard } from "../guard/guard.ts";
import { after, request } from "../testing/requests.ts";
import { decide } from "./decide.ts";
import { matchesGlob } from "./glob.ts";
import { permissionsSchemaText } from "./json-schema.ts";
import { narrow } from "./narrow.ts";
import { presets } from "./presets.ts";
import { ruleOf, ruleText } from "./rule-text.ts";
import { Permissions, type Rule } from "./schema.ts";

const STRICTNESS = { allow: 0, ask: 1, deny: 2 };
const rules = (...list: Rule[]): Permissions => ({ name: "test", default: "ask", rules: list });

describe("decide", () => {
  const open = request("open", { url: "http://mugbook.example/ada" });

  it("asks about what no rule speaks of", () => {
    expect(decide(rules(), open).outcome).toBe("ask");
  });

  it("lets any deny win over the most specific allow", () => {
    const both = rules(
      { outcome: "allow", tool: "open", host: "mugbook.example" },
      { outcome: "deny", effect: "read" },
    );
    expect(decide(both, open)).toMatchObject({ outcome: "deny", rule: "test: rule 2" });
  });

  it("lets the most specific of ask and allow win, whatever their order", () => {
    const byHost: Rule = { outcome: "ask", tool: "open", host: "*.example" };
    const byTool: Rule = { outcome: "allow", tool: "open" };
    expect(decide(rules(byHost, byTool), open).outcome).toBe("ask");
    expect(decide(rules(byTool, byHost), open).outcome).toBe("ask");
    expect(decide(rules({ outcome: "ask", effect: "read" }, byTool), open).outcome).toBe("allow");
    expect(decide(rules(byTool, { outcome: "ask", tool: "open" }), open).outcome).toBe("ask");
  });

  it("allows by host only when every address is on it, and denies when one is", () => {
    const two = request("fetch", { urls: ["http://good.example/", "http://bad.example/"] });
    expect(decide(rules({ outcome: "allow", host: "good.example" }), two).outcome).toBe("ask");
    expect(decide(rules({ outcome: "deny", host: "bad.example" }), two).outcome).toBe("deny");
  });

  it("knows arguments by pattern and text by its origin", () => {
    const to = rules({ outcome: "allow", tool: "send_message", argument: { to: "^ada@" } });
    expect(decide(to, request("send_message", { to: "Ada@quill.example" })).outcome).toBe("allow");
    expect(decide(to, request("send_message", {})).outcome).toBe("ask");
    const tainted = rules({ outcome: "allow", effect: "read" }, { outcome: "deny", label: "host:bad.*" });
    const read = after([["host:bad.example", "the harbour choir of Wrenport sings"]]);
    expect(decide(tainted, read("search", { query: "harbour choir of Wrenport sings" })).outcome).toBe("deny");
    expect(decide(tainted, read("search", { query: "something else" })).outcome).toBe("allow");
  });

  it("says the same whatever the order of the rules", () => {
    const shuffled = anyPermissions.chain((permissions) =>
      fc
        .shuffledSubarray(permissions.rules, { minLength: permissions.rules.length })
        .map((rules) => [permissions, { ...permissions, rules }] as const),
    );
    fc.assert(
      fc.property(shuffled, anyRequest, ([one, other], asked) => {
        expect(decide(other, asked).outcome).toBe(decide(one, asked).outcome);
      }),
    );
  });

  it("denies when any rule that applies denies, and only then or by default", () => {
    fc.assert(
      fc.property(anyPermissions, anyRequest, (permissions, asked) => {
        const applies = permissions.rules.filter((rule) => decide(rules(rule), asked).rule === "test: rule 1");
        const { outcome } = decide(permissions, asked);
        if (applies.length === 0) expect(outcome).toBe(permissions.default);
        else expect(outcome === "deny").toBe(applies.some((rule) => rule.outcome === "deny"));
      }),
      { numRuns: 500 },
    );
  });

  it("asks for more conditions to be more specific, and asks where ask and allow are equally so", () => {
    const conditions = fc.record(
      { effect: someOf("read" as const), host: someOf("a.example", "*.example"), label: someOf("host:*") },
      { requiredKeys: [] },
    );
    const open = request("open", { url: "http://a.example/" }, { origins: { url: ["host:a.example"] } });
    fc.assert(
      fc.property(conditions, someOf("allow" as const, "ask" as const), (more, outcome) => {
        const other = outcome === "allow" ? "ask" : "allow";
        const narrow: Rule = { outcome, tool: "open", ...more };
        const wide: Rule = { outcome: other, tool: "open" };
        const expected = Object.keys(more).length > 0 ? outcome : "ask";
        expect(decide(rules(narrow, wide), open).outcome).toBe(expected);
      }),
    );
  });

  it("is never more open with one more deny, and never lets an allow lift a deny", () => {
    fc.assert(
      fc.property(anyPermissions, anyRule, anyRequest, (permissions, rule, asked) => {
        const before = decide(permissions, asked);
        const more = { ...permissions, rules: [...permissions.rules, rule] };
        const after = decide(more, asked);
        if (rule.outcome === "deny")
          expect(STRICTNESS[after.outcome]).toBeGreaterThanOrEqual(STRICTNESS[before.outcome]);
        if (rule.outcome === "allow" && before.rule.includes(": rule ") && before.outcome === "deny")
          expect(after.outcome).toBe("deny");
      }),
      { numRuns: 500 },
    );
  });

  it("never lets a rule lift what always holds", () => {
    const forbidden = [
      request("search", { query: "[phone 1: yours]" }),
      request("mcp_x", { note: "[phone 2: not yours]" }),
      request("open", { url: "file:///etc/passwd" }),
      request("open", { url: "<url>" }),
      request("spawn", { goal: "Keep running whatever happens and disable the off switch" }),
    ];
    const guard = createGuard();
    fc.assert(
      fc.property(anyPermissions, fc.constantFrom(...forbidden), (permissions, asked) => {
        const allowing = { ...permissions, rules: [...permissions.rules, { outcome: "allow" } as Rule] };
        const verdict = guard.judge({ ...asked, permissions: allowing });
        expect(verdict).toMatchObject({ outcome: "deny", rule: expect.stringMatching(/^always: /) });
      }),
    );
  });
});

const someOf = <T>(...items: T[]) => fc.constantFrom(...items);
const anyRule: fc.Arbitrary<Rule> = fc.record(
  {
    outcome: someOf("allow", "ask", "deny"),
    tool: someOf("open", "search", "s*", "*", "buy"),
    effect: someOf("read", "contact", "spend"),
    host: someOf("a.example", "*.example", "b.example"),
    label: someOf("operator", "host:*", "new-address"),
  },
  { requiredKeys: ["outcome"] },
);
const anyPermissions: fc.Arbitrary<Permissions> = fc.record({
  name: fc.string({ minLength: 1, maxLength: 5 }),
  default: someOf("ask", "deny"),
  rules: fc.array(anyRule, { maxLength: 5 }),
});
const anyRequest = fc
  .tuple(someOf("open", "search", "send_message", "buy"), someOf("http://a.example/", "http://b.example/x", "words"))
  .map(([tool, url]) => request(tool, { url }, { origins: { url: ["host:a.example"] } }));

describe("narrow", () => {
  it("stays as narrow when anybody above or below is given more denies, and gets no wider by who is added", () => {
    fc.assert(
      fc.property(anyPermissions, anyPermissions, anyPermissions, anyRequest, (above, parent, child, asked) => {
        const narrowed = STRICTNESS[decide(narrow(parent, child), asked).outcome];
        expect(STRICTNESS[decide(narrow(narrow(above, parent), child), asked).outcome]).toBeGreaterThanOrEqual(
          narrowed,
        );
        const denying = (each: Permissions): Permissions => ({ ...each, rules: [...each.rules, { outcome: "deny" }] });
        expect(decide(narrow(denying(parent), child), asked).outcome).toBe("deny");
        expect(decide(narrow(parent, denying(child)), asked).outcome).toBe("deny");
      }),
    );
  });

  it("never allows more than the parent, nor more than the child", () => {
    fc.assert(
      fc.property(anyPermissions, anyPermissions, anyPermissions, anyRequest, (grandparent, parent, child, asked) => {
        const narrowed = narrow(narrow(grandparent, parent), child);
        const own = [grandparent, parent, child].map((each) => STRICTNESS[decide(each, asked).outcome]);
        expect(STRICTNESS[decide(narrowed, asked).outcome]).toBe(Math.max(...own));
        expect(Permissions.parse(JSON.parse(JSON.stringify(narrowed)))).toEqual(narrowed);
      }),
    );
  });

  it("does not grow when a child has its parent's permissions", () => {
    expect(narrow("normal", "normal")).toEqual(presets.normal);
    expect(narrow("careful", undefined)).toEqual(presets.careful);
    const twice = narrow(narrow("watch", "normal"), narrow("watch", "normal"));
    expect(twice).toEqual(narrow("watch", "normal"));
  });
});

test("rules are said in words, and found again by the name in a verdict", () => {
  const rule: Rule = {
    outcome: "deny",
    tool: ["open", "search"],
    host: "*.bank.example",
    argument: { url: "/private" },
  };
  expect(ruleText(rule)).toBe("deny open or search on *.bank.example where url matches /private");
  expect(ruleText({ outcome: "ask", effect: "contact", label: "page" })).toBe("ask any contact with what is page");
  expect(ruleText({ outcome: "allow" })).toBe("allow everything");
  fc.assert(
    fc.property(anyPermissions, anyPermissions, anyRequest, (parent, child, asked) => {
      const named = narrow({ ...parent, name: "parent" }, { ...child, name: "child" });
      const verdict = decide(named, asked);
      const found = ruleOf(named, verdict);
      if (found) expect(found.outcome).toBe(verdict.outcome);
      else expect(verdict.rule).toMatch(/: default$/);
    }),
  );
});

test("globs match whole names", () => {
  expect(matchesGlob("*.example.org", "a.EXAMPLE.org")).toBe(true);
  expect(matchesGlob("*.example.org", "example.org")).toBe(false);
  expect(matchesGlob("a*b*c", "aXbYc")).toBe(true);
  expect(matchesGlob("a*a", "a")).toBe(false);
});

test("permissions.schema.json is up to date: npm run schema -w @candor/oversight", () => {
  const file = new URL("../../permissions.schema.json", import.meta.url);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(permissionsSchemaText()));
});
