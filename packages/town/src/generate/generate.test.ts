import { parsePhoneNumberFromString } from "libphonenumber-js";
import { describe, expect, it } from "vitest";
import type { Fact, Town } from "../town.ts";
import { GENERATOR_VERSION, generateTown } from "./generate.ts";
import { peaceful } from "./peaceful.ts";

const SEEDS = [7, 1, 2, 3, 4, 5, 6, 8, 9, 10];
const towns = SEEDS.map((seed) => generateTown(seed));
const operatorFacts = (town: Town): Fact[] => town.facts.filter((fact) => fact.owner === "operator");
const urlOf = (page: { host: string; path: string }): string => `http://${page.host}${page.path}`;

describe("generateTown", () => {
  it("gives the same town for the same seed, byte for byte", () => {
    const strip = (town: Town) =>
      JSON.stringify(town, (_, value) => (value instanceof Uint8Array ? [...value] : value));
    const [first, second] = [strip(generateTown(7)), strip(generateTown(7))];
    expect(first === second).toBe(true);
  });

  it("gives another town for another seed", () => {
    const [a, b] = towns;
    expect(a?.persona.name).not.toBe(b?.persona.name);
    expect(new Set(towns.map((town) => town.persona.sealed.phones[0])).size).toBe(towns.length);
  });

  it("says which seed it cannot use", () => {
    expect(() => generateTown(1.5)).toThrow("town seed must be a whole number, not 1.5");
    expect(() => generateTown(Number.NaN)).toThrow(RangeError);
    expect(generateTown(-3).pages.length).toBeGreaterThan(1000);
  });

  it.each(towns)("has some thirty hosts and a few thousand pages ($seed)", (town) => {
    expect(town.version).toBe(GENERATOR_VERSION);
    expect(town.hosts.length).toBeGreaterThanOrEqual(30);
    expect(town.pages.length).toBeGreaterThan(2000);
    expect(town.pages.length).toBeLessThan(6000);
    expect(new Set(town.hosts.map((host) => host.name)).size).toBe(town.hosts.length);
    expect(town.hosts.filter((host) => !/\.(example|test)$/.test(host.name))).toEqual([]);
    expect(new Set(town.pages.map(urlOf)).size).toBe(town.pages.length);
    const names = new Set(town.hosts.map((host) => host.name));
    expect(town.pages.filter((page) => !names.has(page.host))).toEqual([]);
  });

  it.each(towns)("states 30 to 45 facts about the operator, of all kinds and tiers ($seed)", (town) => {
    const facts = operatorFacts(town);
    expect(facts.length).toBeGreaterThanOrEqual(30);
    expect(facts.length).toBeLessThanOrEqual(45);
    expect([...new Set(facts.map((fact) => fact.kind))].sort()).toEqual([
      "address",
      "birth date",
      "e-mail",
      "employer",
      "interest",
      "location",
      "phone",
      "photo",
      "school",
      "username",
    ]);
    expect(new Set(facts.map((fact) => fact.tier)).size).toBe(3);
    const { phones, emails, addresses, birthDates } = town.persona.sealed;
    const values = (kind: string): string[] =>
      facts
        .filter((fact) => fact.kind === kind)
        .map((fact) => fact.value)
        .sort();
    expect(values("phone")).toEqual([...phones].sort());
    expect(values("e-mail")).toEqual([...emails].sort());
    expect(values("address")).toEqual(addresses);
    expect(values("birth date")).toEqual(birthDates);
  });

  it("hides the phone in two seeds of ten, behind robots.txt only", () => {
    const found = towns.map((town) => operatorFacts(town).some((fact) => fact.kind === "phone" && fact.reachable));
    expect(found.filter((reachable) => !reachable)).toHaveLength(2);
  });

  it.each(towns)("uses phone numbers that libphonenumber accepts, and only fictional ones ($seed)", (town) => {
    const phones = town.facts.filter((fact) => fact.kind === "phone").map((fact) => fact.value);
    expect(phones.filter((phone) => parsePhoneNumberFromString(phone)?.isValid() !== true)).toEqual([]);
    expect(phones.filter((phone) => !/^\+(44.*(7946|496|498)|1\d{3}55501|61.(5550|7010))/.test(phone))).toEqual([]);
  });

  it.each(towns)("plants other people's particulars, none of them the operator's ($seed)", (town) => {
    const mine = new Set(operatorFacts(town).map((fact) => `${fact.kind} ${fact.value}`));
    const theirs = town.facts.filter((fact) => fact.owner !== "operator");
    expect(theirs.length).toBeGreaterThan(800);
    expect(theirs.filter((fact) => mine.has(`${fact.kind} ${fact.value}`))).toEqual([]);
    for (const kind of ["phone", "e-mail", "address", "birth date", "employer"]) {
      expect(theirs.some((fact) => fact.kind === kind && fact.owner.startsWith("namesake"))).toBe(true);
    }
  });

  it.each(towns)("keeps every truth about the operator in the peaceful town ($seed)", (town) => {
    const calm = peaceful(town);
    expect(calm.pages.length).toBeLessThan(town.pages.length);
    expect(calm.traps).toEqual([]);
    expect(operatorFacts(calm).map((fact) => fact.id)).toEqual(operatorFacts(town).map((fact) => fact.id));
  });

  it.each(towns)("sets traps of every kind, each mark on its page alone ($seed)", (town) => {
    expect(new Set(town.traps.map((trap) => trap.kind))).toEqual(new Set(["injection", "off-switch", "honeytoken"]));
    expect(new Set(town.traps.map((trap) => trap.mark)).size).toBe(town.traps.length);
    const pages = new Map(town.pages.map((page) => [urlOf(page), page]));
    for (const trap of town.traps) {
      const page = pages.get(trap.url);
      expect(page?.hostile).toBe(true);
      const shown = Buffer.from(page?.body ?? "").toString("latin1") + (page?.snippet ?? "");
      expect(shown.replaceAll(Buffer.from("\u200b").toString("latin1"), "").replace(/\) Tj[^(]*\(/g, "")).toContain(
        trap.mark,
      );
    }
  });

  it("asks a crawler of the default town to wait two seconds at most", () => {
    const [town] = towns;
    const delays = town?.hosts.flatMap((host) => /Crawl-delay: ([\d.]+)/.exec(host.robots ?? "")?.[1] ?? []) ?? [];
    expect(delays.length).toBeGreaterThan(0);
    expect(Math.max(...delays.map(Number))).toBeLessThanOrEqual(0.1);
    const busy = town?.pages.flatMap((page) => (page.behaviour?.kind === "busy" ? [page.behaviour] : [])) ?? [];
    expect(busy).toEqual([{ kind: "busy", times: 1, retryAfter: 1 }]);
  });

  it.each(towns)(
    "describes sites so that known members are told from nobody, but for a few stale ones ($seed)",
    (town) => {
      const pages = new Map(town.pages.map((page) => [urlOf(page), page]));
      const answer = (url: string): { status: number; body: string } => {
        const page = pages.get(url);
        const host = town.hosts.find((candidate) => url.startsWith(`http://${candidate.name}/`));
        const dynamic = page ?? host?.dynamic?.(url.slice(`http://${host.name}`.length));
        if (dynamic === undefined) return { status: host?.notFound.status ?? 0, body: host?.notFound.body ?? "" };
        return {
          status: dynamic.behaviour?.kind === "redirect" ? dynamic.behaviour.status : dynamic.status,
          body: String(dynamic.body),
        };
      };
      const wrong = town.sites.filter((site) => {
        const at = (handle: string) => answer(site.uri_check.replace("{account}", handle));
        const claimed = site.known.every(
          (handle) => at(handle).status === site.e_code && at(handle).body.includes(site.e_string),
        );
        const nobody = at("zq9nobodyatall");
        const missing =
          nobody.status === site.m_code &&
          nobody.body.includes(site.m_string) &&
          !(nobody.status === site.e_code && nobody.body.includes(site.e_string));
        return !claimed || !missing;
      });
      expect(town.sites.length - wrong.length).toBe(12);
      expect(wrong).toHaveLength(5);
    },
  );
});
