import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
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

  test("does not ask a site again that was shown to say yes to everybody or to fit no description", async () => {
    const everybody = page("Member since always");
    await using web = await smallWeb({
      "yes.example/ada": everybody,
      "yes.example/impossible": everybody,
      "odd.example/ada": page("something else entirely"),
    });
    const checker = new UsernameChecker([site("yes.example"), site("odd.example")], web.fetcher);
    const options = { signal: AbortSignal.timeout(5_000), impossibleName: "impossible" };
    await checker.check("ada", options);
    const { verdicts, requests } = await checker.check("bea", options);
    expect(requests).toBe(0);
    expect(verdicts.map((v) => v.verdict)).toEqual(["unknown", "unknown"]);
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

describe("a yes is not believed", () => {
  const check = async (sites: UsernameSite[], pages: Parameters<typeof smallWeb>[0], handle = "ada") => {
    await using web = await smallWeb(pages);
    const seen: string[] = [];
    const { verdicts } = await new UsernameChecker(sites, web.fetcher).check(handle, {
      signal: AbortSignal.timeout(5_000),
      impossibleName: "impossible",
      onProgress: (done, all, { site }) => seen.push(`${done}/${all} ${site}`),
    });
    return {
      verdicts: verdicts.map(({ verdict }) => verdict),
      reasons: verdicts.map(({ reason }) => reason),
      requests: web.requests,
      seen,
    };
  };
  const redirect =
    (location: string, status = 302) =>
    (_: unknown, response: import("node:http").ServerResponse) =>
      void response.writeHead(status, { location }).end();

  test("where the page is the same for a name that cannot exist", async () => {
    const same = site("same.example", { e_string: "ada", m_code: 200, m_string: "nobody" });
    const { verdicts, reasons } = await check([same], {
      "same.example/ada": page("<p>Hello ada, welcome</p>"),
      "same.example/impossible": page("<p>Hello impossible, welcome</p>"),
    });
    expect(verdicts).toEqual(["unknown"]);
    expect(reasons[0]).toMatch(/same of a name/);
  });

  test("where the site cannot be put to the test", async () => {
    const pages = { "a.example/ada": page("Member since 2012"), "a.example/impossible": page("slow", 429) };
    expect(await check([site("a.example")], pages)).toMatchObject({ verdicts: ["unknown"] });
  });

  test("where the page excuses itself, or a refusal is listed as an absence", async () => {
    const sites = [site("a.example"), site("b.example", { m_code: 503 }), site("c.example", { m_code: 403 })];
    const { verdicts } = await check(sites, {
      "a.example/ada": page("<p>This user was not found</p><footer>Member since</footer>"),
      "b.example/ada": page("", 503),
      "c.example/ada": page("", 403),
    });
    expect(verdicts).toEqual(["unknown", "blocked", "blocked"]);
  });

  test("where a redirect tells an absence; another redirect is followed", async () => {
    const sites = [site("a.example", { m_code: 302 }), site("b.example")];
    const { verdicts, requests } = await check(sites, {
      "a.example/ada": redirect("/"),
      "a.example/": page("Member since"),
      "b.example/ada": redirect("/@ada", 301),
      "b.example/@ada": page("Member since 2012"),
    });
    expect(verdicts).toEqual(["missing", "claimed"]);
    expect(requests).not.toContain("a.example/");
  });

  test("and what keeps programs out is not asked", async () => {
    const sites = [
      site("a.example", { protection: ["cloudflare"] }),
      site("b.example", { uri_check: "http://{account}.b.example/" }),
      site("c.example"),
    ];
    const { verdicts, requests, seen } = await check(sites, {}, "a_d.a");
    expect(verdicts).toEqual(["blocked", "missing", "missing"]);
    expect(requests).toEqual(["c.example/a_d.a"]);
    expect(seen).toHaveLength(3);
    expect(await check([site("c.example")], {}, "..")).toMatchObject({ verdicts: ["missing"], requests: [] });
  });

  test("places that robots.txt closes are blocked and never asked", async () => {
    const pages = {
      "a.example/robots.txt": page("User-agent: *\nDisallow: /", 200, "text/plain"),
      "a.example/ada": page("Member since"),
    };
    expect(await check([site("a.example")], pages)).toMatchObject({ verdicts: ["blocked"], requests: [] });
  });
});

// Beside the checkout, where there is one.
const real = fileURLToPath(new URL("../../../../../shared/data/wmn-data.json", import.meta.url));
test.skipIf(!existsSync(real))("loads WhatsMyName's real list and leaves out what does not fit", () => {
  const { sites, skipped } = parseSites(JSON.parse(readFileSync(real, "utf8")));
  expect(sites.length).toBeGreaterThan(600);
  expect(skipped).toBeLessThan(100);
});
