import { describe, expect, test } from "vitest";
import { type FetchedPage, isCurrent, type ProofPorts, pageAddress, prove, recheck } from "./prove.ts";

const token = "abcdefghijklmnopqrst234567";
const day = 86_400_000;

function web(pages: Record<string, string | FetchedPage>, txt: Record<string, string[]> = {}): ProofPorts {
  return {
    fetchPage: async (url) => {
      const page =
        pages[url] ?? Object.entries(pages).find(([address]) => pageAddress(address) === pageAddress(url))?.[1];
      return page === undefined ? null : typeof page === "string" ? { url, status: 200, html: page } : page;
    },
    resolveTxt: async (name) => {
      const records = txt[name];
      if (records === undefined) throw new Error("ENODATA");
      return records;
    },
  };
}
const ask = (site: string, ports: ProofPorts, provenPages: string[] = [], now = 0) =>
  prove({ site, token, provenPages, now }, ports);
const home = "https://ada.example/";

describe("a token", () => {
  test.each([
    ["in the text", `<p>I like bees. candor-proof=${token}</p>`],
    ["split over tags", `<p>candor-proof=<b>${token}</b></p>`],
    ["in a meta element", `<html><head><meta name="candor-proof" content="${token}"></head></html>`],
    ["in a description", `<html><head><meta name="description" content="Bees. candor-proof: ${token}"></head></html>`],
    ["in a bare file", `candor-proof=${token}`],
    ["on a page whose body is open for comments", `<body class="comments-open"><p>candor-proof=${token}</p></body>`],
  ])("%s proves the page", async (_, html) => {
    expect(await ask(home, web({ [home]: html }))).toEqual({
      proven: true,
      proof: { site: "https://ada.example/", method: "token", provenAt: 0, expiresAt: 30 * day },
    });
  });

  test.each([
    ["in a comment of a visitor", `<h1>Jane</h1><div class="comments"><p>candor-proof=${token}</p></div>`],
    ["in a guestbook", `<ul id="guestbook"><li>candor-proof=${token}</li></ul>`],
    ["in a marked-up comment", `<div itemtype="https://schema.org/Comment"><p>candor-proof=${token}</p></div>`],
    ["in a comment of the source", `<!-- candor-proof=${token} --><p>hello</p>`],
    ["in a script", `<script>var x = "candor-proof=${token}"</script>`],
    [
      "in a form that repeats what was typed",
      `<input value="candor-proof=${token}"><textarea>candor-proof=${token}</textarea>`,
    ],
    ["of somebody else", `<p>candor-proof=${token}zzz</p>`],
    ["without its mark", `<p>${token}</p>`],
  ])("%s proves nothing", async (_, html) => {
    expect(await ask(home, web({ [home]: html }))).toMatchObject({ proven: false });
  });

  test("in an address that a page repeats proves nothing", async () => {
    const site = `https://search.example/?q=candor-proof=${token}`;
    expect(await ask(site, web({ [site]: `<p>No hits for candor-proof=${token}</p>` }))).toEqual({
      proven: false,
      reason: "the address must not hold the token itself",
    });
  });

  test("counts bare in the town", async () => {
    const ports = web({ [home]: `<p>${token}</p>` });
    expect(await prove({ site: home, token, provenPages: [], now: 0, bareToken: true }, ports)).toMatchObject({
      proven: true,
    });
  });

  test("behind a redirect to another host proves nothing", async () => {
    const ports = web({ [home]: { url: "https://evil.example/", status: 200, html: `candor-proof=${token}` } });
    expect(await ask(home, ports)).toEqual({
      proven: false,
      reason: "https://ada.example/ leads to another host: give that address instead",
    });
  });

  test("on an error page proves nothing", async () => {
    expect(await ask(home, web({ [home]: { url: home, status: 404, html: `candor-proof=${token}` } }))).toEqual({
      proven: false,
      reason: "https://ada.example/ answered 404",
    });
  });
});

describe("DNS", () => {
  test.each(["ada.example", "_candor.ada.example"])("a TXT record of %s proves the page", async (name) => {
    expect(await ask(home, web({}, { [name]: ["v=spf1 -all", `candor-proof=${token}`] }))).toMatchObject({
      proven: true,
      proof: { method: "dns" },
    });
  });

  test("a record of the domain above proves no host below it", async () => {
    expect(await ask("https://ada.pages.example/", web({}, { "pages.example": [`candor-proof=${token}`] }))).toEqual({
      proven: false,
      reason: "https://ada.pages.example/ could not be fetched",
    });
  });
});

describe("links in both directions", () => {
  const profile = "https://mugbook.example/ada";
  const ahead = `<a rel="me noopener" href="https://www.ada.example/index.html#top">home</a>`;
  const back = `<link rel="me" href="http://mugbook.example/ada/?utm_source=x">`;

  test("with a proven page prove the page", async () => {
    expect(await ask(profile, web({ [profile]: ahead, [home]: back }), [home])).toMatchObject({
      proven: true,
      proof: { method: "rel-me", via: "https://ada.example/" },
    });
  });

  test.each([
    ["one direction only", { [profile]: ahead, [home]: "" }, [home]],
    ["the other direction only", { [profile]: "", [home]: back }, [home]],
    ["two pages that nobody proved", { [profile]: ahead, [home]: back }, []],
    ["a link without rel=me", { [profile]: ahead.replace("me noopener", "noopener"), [home]: back }, [home]],
    ["a link of a visitor", { [profile]: `<div class="comment">${ahead}</div>`, [home]: back }, [home]],
  ])("%s proves nothing", async (_, pages, proven) => {
    expect(await ask(profile, web(pages), proven)).toMatchObject({ proven: false });
  });
});

describe("time", () => {
  test("a proof holds for thirty days", async () => {
    const answer = await ask(home, web({ [home]: `candor-proof=${token}` }), [], 5);
    if (!answer.proven) throw new Error(answer.reason);
    expect([0, 5, 5 + 30 * day - 1, 5 + 30 * day].map((now) => isCurrent(answer.proof, now))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test("a check drops what fails, and with it what leant on it", async () => {
    const second = "https://mugbook.example/ada";
    const third = "https://chirp.example/ada";
    const me = (...urls: string[]) => urls.map((url) => `<a rel="me" href="${url}">x</a>`).join("");
    const pages = { [home]: `candor-proof=${token} ${me(second)}`, [second]: me(home, third), [third]: me(second) };
    const proofs = [third, second, home].map((site) => ({
      site,
      method: site === home ? ("token" as const) : ("rel-me" as const),
      provenAt: 0,
      expiresAt: day,
    }));
    const all = await recheck(proofs, { token, now: day }, web(pages));
    expect(all.kept.map(({ site, expiresAt }) => [site, expiresAt])).toEqual([
      ["https://ada.example/", 31 * day],
      [second, 31 * day],
      [third, 31 * day],
    ]);
    const none = await recheck(proofs, { token, now: day }, web({ ...pages, [home]: me(second) }));
    expect(none.kept).toEqual([]);
    expect(none.dropped).toHaveLength(3);
  });
});
