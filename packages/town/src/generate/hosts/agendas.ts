/** Shared calendars (.ics) and an events site whose months never end. */
import type { Page } from "../../town.ts";
import { bystanders, type Cast } from "../cast.ts";
import { MONTHS } from "../forms.ts";
import { say } from "../grammar.ts";
import { html } from "../html.ts";
import type { Person } from "../people.ts";
import { hash, Rng } from "../rng.ts";
import type { Style } from "../style.ts";

export const AGENDA_MARK = "Public calendar of";

export function writeAgendas(cast: Cast): void {
  writeCalendars(cast);
  writeEvents(cast);
}

/** The `prefix/YYYY/MM` page of an endless calendar. */
function month(host: string, style: Style, prefix: string, town: string) {
  return (path: string): Page | undefined => {
    const match = path.startsWith(prefix) ? /^\/(\d{4})\/(\d{1,2})$/.exec(path.slice(prefix.length)) : null;
    const [year, number] = [Number(match?.[1]), Number(match?.[2])];
    if (match === null || number < 1 || number > 12) return undefined;
    const rng = new Rng(`${host}${path}${hash(path)}`);
    const step = (by: number): string => {
      const at = year * 12 + number - 1 + by;
      return `${prefix}/${Math.floor(at / 12)}/${(at % 12) + 1}`;
    };
    const events = Array.from({ length: 4 }, () =>
      say(rng, `${rng.int(1, 28)}: {Jumble sale|Open evening|Quiz|Ceilidh|Repair cafe|Lantern walk} in ${town}`),
    );
    const title = `${MONTHS[number - 1]} ${year} in ${town}`;
    const body = style.page({
      title,
      body: html`<h1>${title}</h1><ul>${events.map((event) => html`<li>${event}</li>`)}</ul><p><a href="${step(-1)}">Earlier</a> <a href="${step(1)}">Later</a></p>`,
    });
    return { host, path, status: 200, contentType: "text/html; charset=utf-8", body, indexed: false, title };
  };
}

function writeCalendars(cast: Cast): void {
  const { operator } = cast.people;
  const name = cast.directory.host("agenda");
  const site = cast.builder.host(name, "calendar", { nav: [{ href: "/", label: "Calendars" }] });
  const endless = month(name, site.style, "/month", operator.town);
  site.host.dynamic = endless;
  const crowd = bystanders(cast, "agenda", 30);
  const entries = [
    ...crowd.map((person) => ({ person, handle: person.handle })),
    { person: operator, handle: cast.accounts.agenda },
  ];
  for (const { person, handle } of entries) {
    const path = cast.directory.memberPath("agenda", handle);
    const file = `/feeds/${handle}.ics`;
    const sheet = site.sheet(path);
    sheet.account(person, handle, name);
    sheet.publish({
      title: `${person.name}'s calendar`,
      indexed: person === operator || sheet.rng.chance(0.5),
      body: html`<h1>${person.name}</h1><p>${AGENDA_MARK} ${handle}, ${sheet.town(person)}</p><p><a href="${file}">${sheet.rng.pick(["Subscribe", "iCal feed", "Download .ics"])}</a> <a href="/month/2026/1">Browse months</a></p>`,
    });
    writeFeed(site.sheet(file), person);
  }
  site.sheet("/").publish({
    title: site.style.siteName,
    indexed: true,
    body: html`<h1>Public calendars</h1><ul>${crowd.slice(0, 15).map((person) => html`<li><a href="${cast.directory.memberPath("agenda", person.handle)}">${person.name}</a></li>`)}</ul>`,
  });
}

function writeFeed(sheet: ReturnType<ReturnType<Cast["builder"]["at"]>["sheet"]>, person: Person): void {
  const { rng } = sheet;
  const text = (value: string): string => value.replace(/([\\;,])/g, "\\$1");
  const event = (n: number, summary: string, where: string): string[] => [
    "BEGIN:VEVENT",
    `UID:${rng.token(10)}-${n}`,
    `DTSTART:2026${String(rng.int(1, 12)).padStart(2, "0")}${rng.int(10, 28)}T190000Z`,
    `SUMMARY:${text(summary)}`,
    `LOCATION:${text(where)}`,
    `ORGANIZER;CN=${person.name}:mailto:${sheet.email(person)}`,
    "END:VEVENT",
  ];
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Daybook//EN",
    ...event(1, say(rng, "{Supper|Board games|Cake} at {ours|mine|the house}"), String(sheet.address(person))),
    ...event(2, say(rng, "{Dentist|Eye test|Car service}"), sheet.town(person)),
    "END:VCALENDAR",
  ];
  sheet.put("text/calendar; charset=utf-8", `${lines.join("\r\n")}\r\n`, { title: `${person.name} calendar feed` });
}

function writeEvents(cast: Cast): void {
  const name = cast.directory.host("events");
  const site = cast.builder.host(name, "events", {
    nav: [
      { href: "/", label: "Events" },
      { href: "/calendar/2026/1", label: "Calendar" },
    ],
  });
  const town = cast.people.operator.town;
  const endless = month(name, site.style, "/calendar", town);
  // Answers every name with the same page: a site check that trusts status 200 finds everybody here.
  site.host.dynamic = (path) => {
    const who = /^\/people\/([\w.-]+)$/.exec(path)?.[1];
    if (who === undefined) return endless(path);
    const body = site.style.page({
      title: "People",
      body: html`<h1>People</h1><p>What ${who} goes to: nothing yet.</p>`,
    });
    return { host: name, path, status: 200, contentType: "text/html; charset=utf-8", body, indexed: false };
  };
  site.sheet("/").publish({
    title: `What's on in ${town}`,
    indexed: true,
    body: html`<h1>What's on in ${town}</h1><p><a href="/calendar/2026/1">This month</a></p>`,
  });
}
