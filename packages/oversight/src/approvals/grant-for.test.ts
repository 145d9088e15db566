import type { EffectClass, Verdict } from "@candor/store";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { createGuard } from "../guard/guard.ts";
import { decide } from "../permissions/decide.ts";
import { narrow } from "../permissions/narrow.ts";
import { resolvePermissions } from "../permissions/parse.ts";
import { presets } from "../permissions/presets.ts";
import { Permissions, type Rule } from "../permissions/schema.ts";
import { request } from "../testing/requests.ts";
import { grantFor } from "./grant-for.ts";
import { effectivePermissions, readGrant, standingIn } from "./with-rules.ts";

const NONE: ReadonlySet<number> = new Set();
const given = (name: string, rules: Rule[]): Permissions => ({ name, default: "ask", rules });

/** What would be offered for a call that the permissions ask about. */
function offered(name: string, args: Record<string, unknown>, permissions: unknown, effect: EffectClass = "contact") {
  const asked = request(name, args, { tool: { name, effect }, permissions });
  const verdict = decide(resolvePermissions(permissions), asked);
  return grantFor({ tool: { name, effect }, args, permissions, verdict });
}

/** What the permissions say of a call once a person allowed `rule` for the rest of the run. */
function after(
  rule: unknown,
  name: string,
  args: Record<string, unknown>,
  permissions: unknown,
  effect: EffectClass = "contact",
) {
  const widened = effectivePermissions(permissions, [rule], NONE);
  return decide(resolvePermissions(widened), request(name, args, { tool: { name, effect } })).outcome;
}

describe("a yes beyond one step", () => {
  const tool = "mcp_mail_send";

  it("covers pages of one host, and no other host's", () => {
    const grant = offered("open", { url: "http://mugbook.example/ada" }, "watch", "read");
    expect(grant?.sentence).toBe("open pages of mugbook.example");
    expect(after(grant?.rule, "open", { url: "http://mugbook.example/eve" }, "watch", "read")).toBe("allow");
    expect(after(grant?.rule, "open", { url: "http://other.example/" }, "watch", "read")).toBe("ask");
    expect(after(grant?.rule, "search", { query: "http://mugbook.example" }, "watch", "read")).toBe("ask");
  });

  it("covers one recipient with other words, and nobody besides", () => {
    const grant = offered(tool, { to: "ada@quill.example", body: "hello" }, "normal");
    expect(grant?.sentence).toBe("use mcp_mail_send to reach ada@quill.example");
    const then = (args: Record<string, unknown>) => after(grant?.rule, tool, args, "normal");
    expect(then({ to: "ada@quill.example", body: "good bye" })).toBe("allow");
    expect(then({ to: "eve@quill.example", body: "hello" })).toBe("ask");
    expect(then({ to: "ada@quill.example", body: "hello", cc: "eve@quill.example" })).toBe("ask");
    expect(then({ to: "ada@quill.example", body: "hello", urgent: true })).toBe("ask");
    expect(then({ to: ["ada@quill.example", "eve@quill.example"], body: "hello" })).toBe("ask");
  });

  it("of a tool whose arguments say little covers exactly these", () => {
    const grant = offered("mcp_door_open", { door: "3", note: "a.c" }, "normal");
    expect(grant?.sentence).toContain("exactly these arguments");
    expect(after(grant?.rule, "mcp_door_open", { door: "3", note: "a.c" }, "normal")).toBe("allow");
    expect(after(grant?.rule, "mcp_door_open", { door: "3", note: "abc" }, "normal")).toBe("ask");
    expect(after(grant?.rule, "mcp_door_open", { door: "3", note: "A.C" }, "normal")).toBe("ask");
    expect(after(grant?.rule, "mcp_door_open", { door: "3" }, "normal")).toBe("ask");
  });

  it("to an address keeps every other argument as it was", () => {
    const args = { url: "http://quill.example/form", method: "GET" };
    const grant = offered("mcp_http_request", args, "normal");
    expect(grant?.sentence).toBe("use mcp_http_request on quill.example");
    const then = (more: object) => after(grant?.rule, "mcp_http_request", { ...args, ...more }, "normal");
    expect(then({ url: "http://quill.example/other" })).toBe("allow");
    expect(then({ method: "POST" })).toBe("ask");
    expect(then({ body: "x" })).toBe("ask");
    expect(then({ url: "http://evil.example/form" })).toBe("ask");
  });

  it("is not offered where a rule cannot tell calls apart", () => {
    expect(offered(tool, { to: "ada@quill.example", force: true }, "normal")).toBeNull();
    expect(offered(tool, { to: "ada@quill.example", files: [] }, "normal")).toBeNull();
    expect(offered(tool, { to: "x".repeat(2_000) }, "normal")).toBeNull();
  });

  it("is not offered for money, nor for what no permission lifts", () => {
    expect(offered("mcp_shop_buy", { item: "1" }, "normal", "spend")).toBeNull();
    const always: Verdict = { outcome: "ask", rule: "always: page text", reason: "" };
    const autonomy: Verdict = { outcome: "ask", rule: "autonomy: propose", reason: "" };
    for (const verdict of [always, autonomy, { ...always, outcome: "deny" } as const])
      expect(
        grantFor({ tool: { name: tool, effect: "contact" }, args: { to: "a" }, permissions: "normal", verdict }),
      ).toBeNull();
  });

  it("is not offered where it would change nothing: another rule asks all the same", () => {
    const asks: Rule = { outcome: "ask", tool, argument: { to: "@quill", body: "." } };
    const args = { to: "ada@quill.example", body: "x" };
    expect(offered(tool, args, given("mine", [{ ...asks, argument: { to: "@quill" } }]))).not.toBeNull();
    expect(offered(tool, args, given("mine", [asks]))).toBeNull();
    // Labels are not known when it is offered, so they are taken to fit.
    const labelled: Rule = { outcome: "ask", tool: "open", label: "new-address" };
    const open = { url: "http://mugbook.example/" };
    expect(offered("open", open, given("mine", [labelled]), "read")).not.toBeNull();
    expect(offered("open", open, given("mine", [{ ...labelled, host: "mugbook.example" }]), "read")).toBeNull();
  });

  it("never opens what is denied", () => {
    const rule: Rule = { outcome: "allow", tool: "open", host: "mugbook.example" };
    for (const deny of [{ tool: "open" }, { host: "mugbook.*" }, {}] as Partial<Rule>[]) {
      const permissions = given("mine", [{ outcome: "deny", ...deny }]);
      expect(after(rule, "open", { url: "http://mugbook.example/" }, permissions, "read")).toBe("deny");
    }
  });

  it("never lifts an invariant", () => {
    const rule: Rule = { outcome: "allow", tool: "open" };
    const permissions = effectivePermissions("normal", [rule], NONE);
    const bad = request("open", { url: "http://log.example/?q=%5Bphone+1%3A+yours%5D" }, { permissions });
    expect(createGuard().judge(bad).outcome).toBe("deny");
  });
});

const some = <T>(...items: T[]) => fc.constantFrom(...items);
const anyRule: fc.Arbitrary<Rule> = fc.record(
  {
    outcome: some("allow", "ask", "deny"),
    tool: some("open", "mcp_mail_send", "mcp_*", "*"),
    effect: some("read", "contact"),
    host: some("a.example", "*.example"),
    argument: some<Record<string, string>>({ to: "ada" }, { url: "a" }),
    label: some("operator", "host:*"),
  },
  { requiredKeys: ["outcome"] },
);
const anyPermissions: fc.Arbitrary<Permissions> = fc.record({
  name: some("mine", "yours"),
  default: some("ask", "deny"),
  rules: fc.array(anyRule, { maxLength: 5 }),
});
const calls: [string, Record<string, unknown>, EffectClass][] = [
  ["open", { url: "http://a.example/x" }, "read"],
  ["open", { url: "http://b.example/" }, "read"],
  ["mcp_mail_send", { to: "ada@a.example", body: "hello" }, "contact"],
  ["mcp_mail_send", { to: "eve@a.example", body: "hello" }, "contact"],
  ["mcp_door_open", { door: "1" }, "write"],
];
const anyCall = some(...calls);

describe("over generated permissions", () => {
  it("what is offered allows the very call, and no deny of the run or its ancestors gives way", () => {
    let offers = 0;
    fc.assert(
      fc.property(
        anyPermissions,
        anyPermissions,
        anyCall,
        anyCall,
        (parent, child, [name, args, effect], [other, more, kind]) => {
          const permissions = narrow(parent, child);
          const outcome = (of: unknown, tool: string, given: Record<string, unknown>, as: EffectClass) =>
            decide(resolvePermissions(of), request(tool, given, { tool: { name: tool, effect: as } })).outcome;
          const grant = offered(name, args, permissions, effect);
          if (!grant) return;
          offers++;
          expect(outcome(permissions, name, args, effect)).toBe("ask");
          const widened = effectivePermissions(permissions, [grant.rule], NONE);
          expect(Permissions.parse(widened)).toEqual(widened);
          expect(outcome(widened, name, args, effect)).toBe("allow");
          const before = outcome(permissions, other, more, kind);
          const now = outcome(widened, other, more, kind);
          if (before === "deny") expect(now).toBe("deny");
          // Only calls of that tool are any freer.
          if (other !== name) expect(now).toBe(before);
        },
      ),
      { numRuns: 3_000 },
    );
    expect(offers).toBeGreaterThan(100);
  });
});

describe("grants that cannot be read, or are none", () => {
  test.each([
    [undefined],
    [7],
    ["open"],
    [{ outcome: "allow" }],
    [{ outcome: "allow", tool: "*" }],
    [{ outcome: "allow", tool: "mcp_*" }],
    [{ outcome: "allow", tool: ["open", "search"] }],
    [{ outcome: "allow", tool: "open", hosts: "x" }],
    [{ outcome: "ask", tool: "open" }],
  ])("%j allows nothing", (rule) => {
    expect(readGrant(rule)).toBeUndefined();
    expect(effectivePermissions("watch", [rule], NONE)).toBe("watch");
  });

  test("permissions that cannot be read stay unreadable, so the guard denies by them", () => {
    const permissions = effectivePermissions({ nonsense: true }, [{ outcome: "allow", tool: "open" }], NONE);
    expect(createGuard().judge(request("open", { url: "http://a.example/" }, { permissions })).outcome).toBe("deny");
  });

  test("more rules than permissions hold leave the permissions readable", () => {
    const many = Array.from({ length: 2_000 }, () => ({ outcome: "allow", tool: "open" }));
    expect(Permissions.safeParse(effectivePermissions("watch", many, NONE)).success).toBe(true);
  });
});

test("a standing permission that was taken back allows nothing, also in runs that began with it", () => {
  const rule: Rule = { outcome: "allow", tool: "open", host: "a.example", standing: 4 };
  const permissions = {
    ...presets.watch,
    name: "watch",
    default: "ask",
    rules: [rule, { outcome: "deny", tool: "buy", standing: 9 }],
  };
  expect(standingIn(permissions)).toEqual([4, 9]);
  const open = request("open", { url: "http://a.example/" });
  const now = (ids: number[]) =>
    decide(resolvePermissions(effectivePermissions(permissions, [], new Set(ids))), open).outcome;
  expect(now([4])).toBe("allow");
  expect(now([])).toBe("ask");
  // A deny that carries such a number is somebody's own: it stays.
  expect(decide(resolvePermissions(effectivePermissions(permissions, [], NONE)), request("buy", {})).outcome).toBe(
    "deny",
  );
});
