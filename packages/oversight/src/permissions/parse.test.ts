import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { nearest } from "./nearest.ts";
import { PermissionsError, parsePermissions, resolvePermissions } from "./parse.ts";
import { presets } from "./presets.ts";

it("reads YAML and JSON, and puts a preset's rules first", () => {
  const yaml = "extends: normal\nrules:\n  - outcome: deny\n    host: '*.bank.example'\n";
  expect(parsePermissions(yaml, "mine.yaml").rules).toHaveLength((presets.normal?.rules.length ?? 0) + 1);
  expect(parsePermissions('{"name":"x","rules":[{"outcome":"ask"}]}', "x.json")).toEqual({
    name: "x",
    default: "ask",
    rules: [{ outcome: "ask" }],
  });
});

it("gives permissions that can stand in a run's first event, however long the file's name", () => {
  const parsed = parsePermissions("rules: []", `/very${"/long".repeat(40)}/mine.yaml`);
  expect(resolvePermissions(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed);
});

test.each([
  ["rules: [", "p.yaml:1:9: it is neither YAML nor JSON: ", ""],
  ["rules:\n\t- x", "p.yaml:2:1: it is neither YAML nor JSON: Tabs", ""],
  ["a: 1\na: 2", "p.yaml:2:1: it is neither YAML nor JSON: Map keys must be unique", ""],
  ["rules:\n  - outcome: maybe", 'p.yaml:2:14: rules[1].outcome is "maybe", not allow, ask or deny', ""],
  ["rules:\n  - outcome: alow", 'p.yaml:2:14: rules[1].outcome is "alow"', "Did you mean allow?"],
  ["rules:\n  - outcome: deny\n    tol: open", 'p.yaml:3:5: "tol" is no key here', "Did you mean tool?"],
  ["rulse: []", 'p.yaml:1:1: "rulse" is no key here', "Did you mean rules?"],
  ["rules:\n  - tool: open", "p.yaml:2:5: rules[1].outcome is missing", "Give one of allow, ask or deny."],
  ["default: allow", 'p.yaml:1:10: default is "allow", not ask or deny', ""],
  ["extends: norml", 'p.yaml:1:10: extends is "norml"', "Did you mean normal?"],
  [
    "rules:\n  - outcome: deny\n    argument: { url: '(' }",
    'p.yaml:3:22: rules[1].argument.url is "(", which is not a regular expression',
    "",
  ],
  [
    "rules:\n  - outcome: ask\n    effect: [read, contct]",
    'p.yaml:3:20: rules[1].effect[2] is "contct"',
    "Did you mean contact?",
  ],
  ["rules:\n  - { outcome: ask, tool: 7 }", "p.yaml:2:27: rules[1].tool is 7, not a text", ""],
  ["rules:\n  - { outcome: ask, tool: [] }", "p.yaml:2:27: rules[1].tool is empty", ""],
  ["- 1", "p.yaml:1:1: the file is a list, not keys with values", "Begin with rules:"],
  [
    '{\n "rules": [\n  {"outcome": "ask", "hosts": "x"}\n ]\n}',
    'p.yaml:3:22: "hosts" is no key here',
    "Did you mean host?",
  ],
  ["a: &a [1]\nrules: *a", "p.yaml:1:1: ", ""],
])("%j is wrong at a line and a column, in one line, with a hint", (text, message, hint) => {
  const error = caught(() => parsePermissions(text, "p.yaml"));
  expect(error.message).toContain(message);
  expect(error.message).not.toContain("\n");
  expect(error.hint).toContain(hint);
  expect(error).toMatchObject({ exit: 2, hint: expect.stringMatching(/\w/) });
});

it("finds everything that is wrong, in the order of the file", () => {
  const text = "name: mine\nrules:\n  - outcome: no\n  - outcome: ask\n    hots: x\n  - 7\n";
  const { problems, message } = caught(() => parsePermissions(text, "p.yaml"));
  expect(problems.map(({ line, column }) => `${line}:${column}`)).toEqual(["3:14", "5:5", "6:5"]);
  expect(message).toContain("(and 2 more)");
});

const key = fc.constantFrom("outcome", "tool", "effect", "host", "label", "argument", "reason", "tol", "x");
const wrongRule = fc.dictionary(key, fc.oneof(fc.constantFrom("ask", "(", 7, null), fc.array(fc.constant("open"))));

it("points at a place within the file, whatever is wrong, in YAML as in JSON", () => {
  fc.assert(
    fc.property(fc.array(wrongRule, { maxLength: 4 }), fc.constantFrom(0, 2), (rules, indent) => {
      const text = JSON.stringify({ rules }, null, indent);
      const lines = text.split("\n");
      try {
        parsePermissions(text, "f");
      } catch (error) {
        if (!(error instanceof PermissionsError)) throw error;
        for (const { line, column, path } of error.problems) {
          const rest = lines[line - 1]?.slice(column - 1);
          expect(rest, path).toMatch(/\S/);
          const [, at] = /^rules\[(\d+)\]/.exec(path) ?? [];
          // What stands there is part of that rule.
          if (at !== undefined && indent === 0) {
            const before = JSON.stringify({ rules: rules.slice(0, Number(at) - 1) }).length - 2;
            expect(column).toBeGreaterThanOrEqual(before);
          }
        }
      }
    }),
  );
});

it("throws nothing else, whatever the text", () => {
  const yamlish = fc.stringMatching(/^[a-z:\-{}[\]&*!|>"'#\n ,?%@]{0,40}$/);
  fc.assert(
    fc.property(fc.oneof(fc.string(), yamlish), (text) => {
      try {
        parsePermissions(text, "f");
      } catch (error) {
        expect(error).toBeInstanceOf(PermissionsError);
        expect((error as Error).message).not.toContain("\n");
      }
    }),
    { numRuns: 500 },
  );
});

it("refuses a file that unfolds into more than it says", () => {
  const bomb = `a: &a [x,x]\n${[..."bcdefgh"].map((name, at) => `${name}: &${name} [${`*${"abcdefg"[at]},`.repeat(9)}]`).join("\n")}`;
  expect(caught(() => parsePermissions(bomb, "p.yaml")).exit).toBe(2);
});

describe("resolvePermissions", () => {
  it("takes a preset's name, an object, or nothing", () => {
    expect(resolvePermissions("watch")).toBe(presets.watch);
    expect(resolvePermissions(undefined)).toBe(presets.normal);
    expect(resolvePermissions({ name: "x", rules: [] })).toEqual({ name: "x", default: "ask", rules: [] });
    expect(caught(() => resolvePermissions("toString")).message).toContain("toString");
    expect(caught(() => resolvePermissions(7)).exit).toBe(2);
    expect(caught(() => resolvePermissions({ name: "x", rules: [{}] })).message).toBe(
      "The permissions: rules[1].outcome is missing.",
    );
  });
});

test("a slip of the hand is recognised, and another word is not", () => {
  expect(nearest("tol", ["tool", "host"])).toBe("tool");
  expect(nearest("Outcom", ["outcome", "host"])).toBe("outcome");
  expect(nearest("colour", ["tool", "host"])).toBeUndefined();
});

function caught(act: () => unknown): PermissionsError {
  try {
    act();
  } catch (error) {
    if (error instanceof PermissionsError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
