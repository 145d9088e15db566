import exifr from "exifr";
import { extractText, getDocumentProxy } from "unpdf";
import { describe, expect, it } from "vitest";
import type { Fact, Page, Town } from "../town.ts";
import { COUNTRIES } from "./country.ts";
import { MONTHS } from "./forms.ts";
import { generateTown } from "./generate.ts";
import { plain, raw } from "./html.ts";

const towns = [7, 2, 4, 11, 23].map((seed) => generateTown(seed));
const urlOf = (page: Page): string => `http://${page.host}${page.path}`;
const DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const squash = (text: string): string => text.replace(/\s+/g, " ");

/** What a careful reader gets out of a page: words joined over tags, escapes resolved. */
async function read(page: Page): Promise<string> {
  if (page.contentType === "application/pdf") {
    const { text } = await extractText(await getDocumentProxy(new Uint8Array(page.body as Uint8Array)), {
      mergePages: true,
    });
    return squash(text);
  }
  if (page.contentType === "image/jpeg") {
    const gps = await exifr.gps(page.body as Uint8Array).catch(() => undefined);
    return `${urlOf(page)} ${gps === undefined ? "" : `${gps.latitude.toFixed(5)},${gps.longitude.toFixed(5)}`}`;
  }
  const body = String(page.body);
  if (page.contentType.startsWith("text/calendar")) return squash(body.replace(/\\(.)/g, "$1"));
  return page.contentType.startsWith("text/html")
    ? squash(`${plain(raw(body.replace(/<br>/g, ", ")))} ${body}`)
    : squash(body);
}

const digits = (text: string): string => {
  const numbers = text
    .toLowerCase()
    .replace(/\b(oh|zero|one|two|three|four|five|six|seven|eight|nine)\b/g, (word) =>
      String(Math.max(0, DIGITS.indexOf(word))),
    );
  return numbers.replace(/\D/g, "");
};

const emails = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\s*[[(]?\bat\b[\])]?\s*/g, "@")
    .replace(/\s*[[(]?\bdot\b[\])]?\s*/g, ".");

function shows(fact: Fact, text: string, page: Page): boolean {
  switch (fact.kind) {
    case "phone": {
      const dialling =
        Object.values(COUNTRIES)
          .map((country) => country.dialling)
          .find((code) => fact.value.startsWith(`+${code}`)) ?? "";
      return digits(text).includes(fact.value.slice(1 + dialling.length));
    }
    case "e-mail":
      return text.includes(fact.value) || emails(text).includes(fact.value);
    case "address": {
      const [street = "", rest = ""] = fact.value.split(/, (.*)/);
      const [town = "", postcode = ""] = [rest.split(/[ ,]/)[0], rest.split(" ").slice(-1)[0]];
      return text.includes(street) && text.includes(town) && text.includes(postcode);
    }
    case "birth date": {
      const [year, month, day] = fact.value.split("-");
      const name = MONTHS[Number(month) - 1];
      return [
        fact.value,
        `${Number(day)} ${name} ${year}`,
        `${name} ${Number(day)}, ${year}`,
        `${day}/${month}/${year}`,
        `${month}/${day}/${year}`,
      ].some((form) => text.includes(form));
    }
    case "username": {
      const [handle = "", host = ""] = fact.value.split("@");
      return `${urlOf(page)} ${text}`.includes(handle) && `${urlOf(page)} ${text}`.includes(host);
    }
    case "photo":
      return text.includes(new URL(fact.value).pathname);
    case "location": {
      const [latitude, longitude] = fact.value.split(",").map(Number);
      return text.includes(fact.value) || text.includes(`${latitude?.toFixed(5)},${longitude?.toFixed(5)}`);
    }
    default:
      return text.includes(fact.value);
  }
}

async function readAll(town: Town): Promise<Map<string, { page: Page; text: string }>> {
  return new Map(
    await Promise.all(town.pages.map(async (page) => [urlOf(page), { page, text: await read(page) }] as const)),
  );
}

const disallowed = (town: Town, url: string): boolean => {
  const { host, pathname } = new URL(url);
  const robots = town.hosts.find((candidate) => candidate.name === host)?.robots ?? "";
  return [...robots.matchAll(/Disallow: (\S+)/g)].some(([, prefix = ""]) => pathname.startsWith(prefix));
};

describe.each(towns)("truth of seed $seed", (town) => {
  const reading = readAll(town);

  it("stands on every page that it names, whoever owns it", async () => {
    const pages = await reading;
    const untrue = town.facts.flatMap((fact) =>
      fact.urls.flatMap((url) => {
        const found = pages.get(url);
        return found !== undefined && shows(fact, found.text, found.page)
          ? []
          : [`${fact.owner} ${fact.kind} ${fact.value} on ${url}`];
      }),
    );
    expect(untrue).toEqual([]);
  });

  it("names every page that shows one of the operator's sealed identifiers", async () => {
    const pages = await reading;
    const sealed = town.facts.filter(
      (fact) => fact.owner === "operator" && ["phone", "e-mail", "birth date"].includes(fact.kind),
    );
    const unnamed = sealed.flatMap((fact) =>
      [...pages].flatMap(([url, { page, text }]) =>
        shows(fact, text, page) && !fact.urls.includes(url) ? [`${fact.kind} ${fact.value} on ${url}`] : [],
      ),
    );
    expect(unnamed).toEqual([]);
  });

  it("calls unreachable exactly what robots.txt closes", () => {
    for (const fact of town.facts)
      expect([fact.id, fact.reachable]).toEqual([fact.id, fact.urls.some((url) => !disallowed(town, url))]);
  });

  it("can be reached from the seeds by search, links and handles", async () => {
    const pages = await reading;
    const { names, usernames, sites } = town.persona.seeds;
    const seen = new Set<string>();
    const handles = new Set(usernames);
    const visit = (url: string, hops: number): void => {
      const key = url.replace(/#.*/, "");
      const found = pages.get(key);
      if (found === undefined || disallowed(town, key) || (seen.has(key) && hops === 0)) return;
      seen.add(key);
      if (found.page.behaviour?.kind === "redirect") {
        if (hops > 0) visit(found.page.behaviour.to, hops - 1);
        return;
      }
      if (hops === 0 || !found.page.contentType.startsWith("text/html")) return;
      for (const [, href = ""] of String(found.page.body).matchAll(/(?:href|src)="([^"]+)"/g)) {
        const next = new URL(href.replaceAll("&amp;", "&"), key);
        if (!seen.has(next.href)) visit(next.href, hops - 1);
      }
    };
    const mentions = (text: string): boolean => [...names, ...handles].some((word) => text.includes(word));
    for (const site of sites) visit(site, 4);
    for (let round = 0; round < 3; round++) {
      for (const [url, { page, text }] of pages) if (page.indexed && mentions(text)) visit(url, 3);
      for (const site of town.sites)
        for (const handle of handles) visit(site.uri_check.replace("{account}", handle), 3);
      const accounts = town.facts.filter(
        (fact) => fact.owner === "operator" && fact.kind === "username" && fact.urls.some((url) => seen.has(url)),
      );
      for (const account of accounts) handles.add(account.value.split("@")[0] ?? "");
    }
    const lost = town.facts.filter(
      (fact) => fact.owner === "operator" && fact.reachable && !fact.urls.some((url) => seen.has(url)),
    );
    expect(lost.map((fact) => `${fact.kind} ${fact.value}`)).toEqual([]);
  });

  it("is provably the operator's on each of their accounts", async () => {
    const pages = await reading;
    const { name, seeds, sealed } = town.persona;
    const home = seeds.sites[0] ?? "";
    const front = pages.get(home)?.text ?? "";
    const accounts = town.facts.filter((fact) => fact.owner === "operator" && fact.kind === "username");
    const member = (fact: Fact): string => fact.urls.find((url) => url.includes(fact.value.split("@")[1] ?? "")) ?? "";
    const proved = accounts.map((fact) => {
      const host = fact.value.split("@")[1] ?? "";
      const texts = [...pages]
        .filter(([url]) => fact.urls.includes(url) && url.startsWith(`http://${host}/`))
        .map(([, { text }]) => text);
      const linked = [...pages]
        .filter(
          ([url]) => texts.some((text) => text.includes(new URL(url).pathname)) && url.startsWith(`http://${host}/`),
        )
        .map(([, { text }]) => text);
      const all = [...texts, ...linked].join(" ");
      const tied = all.includes(home) || front.includes(member(fact));
      const identified =
        sealed.emails.some((email) => emails(all).includes(email)) ||
        sealed.phones.some((phone) => digits(all).includes(phone.slice(3))) ||
        (texts.some((text) => text.includes(name)) && all.includes(seeds.city ?? ""));
      return [fact.value, tied || identified];
    });
    expect(proved).toEqual(accounts.map((fact) => [fact.value, true]));
  });

  it("contradicts the operator wherever somebody else bears their name or handle", () => {
    const { sealed, seeds } = town.persona;
    const rivals = town.facts.filter((fact) => /^(namesake|sharer|double)/.test(fact.owner));
    const born = rivals.filter((fact) => fact.kind === "birth date").map((fact) => fact.value.slice(0, 4));
    expect(born).not.toContain(sealed.birthDates[0]?.slice(0, 4));
    expect(rivals.filter((fact) => fact.kind === "employer" && fact.value === seeds.employer)).toEqual([]);
    expect(rivals.filter((fact) => fact.kind === "address" && fact.value.includes(seeds.city ?? "?"))).toEqual([]);
  });

  it("has no dead links on the operator's own site", async () => {
    const own = town.pages.filter((page) => urlOf(page).startsWith(town.persona.seeds.sites[0] ?? "?"));
    const pages = new Set(town.pages.map(urlOf));
    const links = own.flatMap((page) =>
      [...String(page.body).matchAll(/href="([^"]+)"/g)].map(([, href = ""]) => new URL(href, urlOf(page)).href),
    );
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((link) => !pages.has(link))).toEqual([]);
    const proof = pages.has(town.persona.proof.url)
      ? town.pages.find((page) => urlOf(page) === town.persona.proof.url)
      : undefined;
    expect(String(proof?.body)).toContain(`candor-proof=${town.persona.proof.token}`);
  });
});
