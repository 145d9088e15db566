import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { after, request } from "../testing/requests.ts";
import { decide } from "./decide.ts";
import { matchesGlob } from "./glob.ts";
import { permissionsSchemaText } from "./json-schema.ts";
import { narrow } from "./narrow.ts";
import { presets } from "./presets.ts";
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

  it("is never more open with one more deny or with the rules in another order", () => {
    fc.assert(
      fc.property(anyPermissions, anyRequest, (permissions, asked) => {
        const before = STRICTNESS[decide(permissions, asked).outcome];
        const turned = { ...permissions, rules: permissions.rules.toReversed() };
        expect(STRICTNESS[decide(turned, asked).outcome]).toBe(before);
        const more = { ...permissions, rules: [...permissions.rules, { outcome: "deny", tool: "o*" } as Rule] };
        expect(STRICTNESS[decide(more, asked).outcome]).toBeGreaterThanOrEqual(before);
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
