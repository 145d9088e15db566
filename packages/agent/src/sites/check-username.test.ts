import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { page, smallWeb } from "../web/fixture.ts";
import { UsernameChecker } from "./check-username.ts";
import { parseSites, type UsernameSite } from "./sites.ts";

const site = (name: string, more: Partial<UsernameSite> = {}): UsernameSite => ({
  name,
  uri_check: `http://${name}/{account}`,
  e_code: 200,
  e_string: "Member since",
  m_code: 404,
  m_string: "",
  known: [],
  cat: "social",
  ...more,
});

describe("checking a username", () => {
  test("has four verdicts: the text decides, walls are not absences, and a site that knows everybody is not believed", async () => {
    await using web = await smallWeb({
      "plain.example/ada": page("<h1>ada</h1> Member since 2012"),
      "soft.example/ada": page("<h1>ada</h1> Member since 2012"),
      "soft.example/none": page("Nobody here"),
      "wall.example/ada": page("Member since: you must log in to see this profile"),
      "shut.example/ada": page("no", 403),
      "yes.example/ada": page("Member since always"),
      "yes.example/impossible": page("Member since always"),
      "odd.example/ada": page("something else entirely"),
      "both.example/ada": page("No such user"),
    });
    const sites = [
      site("plain.example"),
      site("soft.example", { m_code: 200, m_string: "Nobody here" }),
      site("wall.example"),
      site("shut.example"),
      site("yes.example"),
      site("odd.example"),
      site("gone.example"),
      site("both.example", { e_string: "user", m_code: 200, m_string: "No such user" }),
      site("form.example", { post_body: "name={account}" }),
    ];
    const checker = new UsernameChecker(sites, web.fetcher);
    const { verdicts } = await checker.check("ada", {
      signal: AbortSignal.timeout(5_000),
      impossibleName: "impossible",
    });
    expect(Object.fromEntries(verdicts.map((v) => [v.site, v.verdict]))).toEqual({
      "plain.example": "claimed",
      "soft.example": "claimed",
      "wall.example": "blocked",
      "shut.example": "blocked",
      "yes.example": "unknown",
      "odd.example": "unknown",
      "gone.example": "missing",
      "both.example": "missing",
      "form.example": "unknown",
    });
    expect(web.requests).not.toContain("form.example/ada");
  });

  test("asks a site about the impossible name once, and only after a yes", async () => {
    await using web = await smallWeb({
      "plain.example/ada": page("Member since 2012"),
      "plain.example/bea": page("Member since 2013"),
    });
    const checker = new UsernameChecker([site("plain.example"), site("gone.example")], web.fetcher);
    const options = { signal: AbortSignal.timeout(5_000), impossibleName: "impossible" };
    await checker.check("ada", options);
    const { requests } = await checker.check("bea", options);
    expect(web.requests.filter((r) => r.endsWith("/impossible"))).toEqual(["plain.example/impossible"]);
    expect(requests).toBe(2);
  });

  test("keeps a name that would change the address within its place in it", async () => {
    await using web = await smallWeb({});
    const checker = new UsernameChecker(
      [site("plain.example"), site("strip.example", { strip_bad_char: "." })],
      web.fetcher,
    );
    await checker.check("../a.b", { signal: AbortSignal.timeout(5_000), impossibleName: "impossible" });
    expect(web.requests).toEqual(expect.arrayContaining(["plain.example/..%2Fa.b", "strip.example/%2Fab"]));
  });
});

const real = "/work/shared/data/wmn-data.json";
test.skipIf(!existsSync(real))("loads WhatsMyName's real list and leaves out what does not fit", () => {
  const { sites, skipped } = parseSites(JSON.parse(readFileSync(real, "utf8")));
  expect(sites.length).toBeGreaterThan(600);
  expect(skipped).toBeLessThan(100);
});
