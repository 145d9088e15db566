/** People-search brokers: one with records by link, one with everybody of a name on one page, one whose reports robots.txt closes. */

import type { Sheet } from "../builder.ts";
import { bystanders, type Cast } from "../cast.ts";
import { national } from "../country.ts";
import { html, type Piece } from "../html.ts";
import type { Person } from "../people.ts";
import type { Row } from "../style.ts";

/** Ages are those of this year. */
const PRESENT = 2026;
const age = (person: Person): number => PRESENT - Number(person.born.slice(0, 4));
const nameSlug = (person: Person): string => person.name.toLowerCase().replace(/[^a-z]+/g, "-");

/** Everyone a broker lists, by name. */
function listed(cast: Cast, label: string, count: number): Map<string, Person[]> {
  const { operator, namesakes, relatives } = cast.people;
  const noisy = cast.people.others.slice(0, 24);
  const listsOperator = label !== "brokerB" || !cast.plan.absent.has("brokerB");
  const people = new Set([
    ...(listsOperator ? [operator] : []),
    ...namesakes,
    ...relatives,
    ...noisy,
    ...bystanders(cast, label, count),
  ]);
  return Map.groupBy(cast.rng.fork(label).shuffle([...people]), (person) => person.name);
}

export function writeBrokers(cast: Cast): void {
  writeRecords(cast);
  writeNamePages(cast);
  writeReports(cast);
}

function writeRecords(cast: Cast): void {
  const site = cast.builder.host(cast.directory.host("brokerA"), "people search", {
    delay: 0.1,
    nav: [
      { href: "/", label: "Find" },
      { href: "/opt-out", label: "Remove my record" },
    ],
  });
  const { operator } = cast.people;
  let serial = 700_000;
  const fronts: Piece[] = [];
  for (const [name, people] of listed(cast, "brokerA", 120)) {
    const path = `/name/${nameSlug(people[0] ?? operator)}`;
    const rows = people.map((person) => {
      serial += 37;
      const record = `/r/${serial}`;
      const sheet = site.sheet(record);
      const mine = person === operator;
      const phone: Row =
        !mine || cast.plan.phonesAt.has("brokerA") ? ["phone", sheet.phone(person)] : ["phone", masked(person)];
      sheet.publish({
        title: `${name}, ${age(person)}, ${person.town}`,
        indexed: !mine && sheet.rng.chance(0.4),
        ...(mine ? { behaviour: { kind: "busy" as const, times: 1, retryAfter: 1 } } : {}),
        body: html`<h1>${name}</h1>${site.style.fields([
          ["age", `${age(person)}`],
          ["address", sheet.address(person)],
          phone,
          person.relatives.length > 0 ? ["relatives", person.relatives.join(", ")] : null,
          !mine && sheet.rng.chance(0.4) ? ["employer", sheet.employer(person)] : null,
          !mine && sheet.rng.chance(0.3) ? ["email", sheet.email(person)] : null,
        ])}<p><a href="/opt-out">Is this you? Remove it</a></p>`,
      });
      return html`<li><a href="${record}">${name}</a>, ${age(person)}, ${person.town}</li>`;
    });
    site.sheet(path).publish({
      title: `${name}: ${people.length} found`,
      indexed: people.some((person) => person.name === operator.name) || site.rng.chance(0.5),
      body: html`<h1>${name}</h1><ul>${rows}</ul>`,
    });
    fronts.push(html`<li><a href="${path}">${name}</a></li>`);
  }
  site.sheet("/opt-out").publish({
    title: "Remove my record",
    indexed: true,
    body: html`<h1>Remove my record</h1><p>Send the address of the record. Removal takes ten days.</p>`,
  });
  site.sheet("/").publish({
    title: site.style.siteName,
    indexed: true,
    body: html`<h1>Find anybody</h1><ul>${fronts.slice(0, 20)}</ul>`,
  });
}

/** The operator's number as brokers tease it. */
function masked(person: Person): string {
  return `${national(person.phones[0] ?? "").slice(0, 6)}\u2022\u2022\u2022\u2022\u2022 (members only)`;
}

function writeNamePages(cast: Cast): void {
  const site = cast.builder.host(cast.directory.host("brokerB"), "people search", {
    nav: [
      { href: "/", label: "People" },
      { href: "/privacy", label: "Privacy" },
    ],
  });
  const { operator } = cast.people;
  const links: Piece[] = [];
  const card = (sheet: Sheet, person: Person): Piece => {
    const mine = person === operator;
    const phone = mine
      ? cast.plan.phonesAt.has("brokerB")
        ? sheet.phone(person, "dotted")
        : null
      : sheet.phone(person, sheet.rng.pick(["national", "dotted", "international"]));
    return html`<div class="${site.style.cls("person")}"><h2>${person.name}</h2>${site.style.fields([
      ["age", `${age(person)}`],
      ["address", mine ? sheet.address(person, "line") : sheet.address(person, sheet.rng.pick(["line", "lines"]))],
      phone === null ? null : ["phone", phone],
      !mine && sheet.rng.chance(0.3) ? ["born", sheet.born(person, sheet.rng.pick(["long", "slashed"]))] : null,
      !mine && sheet.rng.chance(0.5) ? ["employer", sheet.employer(person)] : null,
    ])}</div>`;
  };
  for (const [name, people] of listed(cast, "brokerB", 110)) {
    const path = `/people/${nameSlug(people[0] ?? operator)}`;
    const sheet = site.sheet(path);
    sheet.publish({
      title: `${name} - addresses and phone numbers`,
      indexed: people.some((person) => person.name === operator.name) || sheet.rng.chance(0.5),
      body: html`<h1>${people.length} people called ${name}</h1>${people.map((person) => card(sheet, person))}`,
    });
    links.push(html`<li><a href="${path}">${name}</a></li>`);
  }
  site.sheet("/privacy").publish({
    title: "Privacy and opting out",
    indexed: true,
    body: html`<h1>Opting out</h1><p>Fill in the form with the address of the listing.</p>`,
  });
  site.sheet("/").publish({
    title: site.style.siteName,
    indexed: true,
    body: html`<h1>Who lives where</h1><ul>${links.slice(0, 20)}</ul>`,
  });
}

function writeReports(cast: Cast): void {
  const site = cast.builder.host(cast.directory.host("brokerC"), "people search", {
    disallow: ["/report/"],
    nav: [{ href: "/", label: "Search" }],
  });
  const { operator } = cast.people;
  for (const [name, people] of listed(cast, "brokerC", 90)) {
    const path = `/p/${nameSlug(people[0] ?? operator)}`;
    const teasers = people.map((person, i) => {
      const report = `/report/${nameSlug(person)}-${i + 1}`;
      const sheet = site.sheet(report);
      sheet.publish({
        title: `Background report: ${name}`,
        body: html`<h1>${name}</h1>${site.style.fields([
          ["address", sheet.address(person)],
          ["born", sheet.born(person)],
          ["phone", person.phones.map((_, n) => html`${sheet.phone(person, "national", n)} `)],
          ["email", sheet.email(person)],
        ])}`,
      });
      return html`<li>${name}, ${age(person)}, ${person.town}, ${masked(person)} <a href="${report}">Full report</a></li>`;
    });
    site.sheet(path).publish({
      title: `${name} background check`,
      indexed: people.some((person) => person.name === operator.name) || site.rng.chance(0.5),
      body: html`<h1>${name}</h1><ul>${teasers}</ul>`,
    });
  }
  site
    .sheet("/")
    .publish({ title: site.style.siteName, indexed: true, body: html`<h1>Background checks</h1><p>Type a name.</p>` });
}
