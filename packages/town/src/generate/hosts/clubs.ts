/** Clubs: newsletters that name their officers, a society's members, and race results. */
import { bystanders, type Cast } from "../cast.ts";
import { paragraph, say } from "../grammar.ts";
import { type Html, html } from "../html.ts";

export function writeClubs(cast: Cast): void {
  writeClub(cast);
  writeSociety(cast);
  writeResults(cast);
}

function writeClub(cast: Cast): void {
  const { operator } = cast.people;
  const club = `${operator.town} ${operator.interests[0]?.club ?? "Club"}`;
  const site = cast.builder.host(cast.directory.host("club"), "club", {
    siteName: club,
    disallow: ["/members/"],
    nav: [
      { href: "/", label: "Club" },
      { href: "/newsletter", label: "Newsletter" },
      { href: "/members/contacts", label: "Contacts" },
    ],
  });
  const officers = bystanders(cast, "club", 8);
  const numbers = [31, 32, 33, 34, 35, 36];
  for (const number of numbers) {
    const sheet = site.sheet(`/newsletter/${number}`);
    const [editor, chair] = sheet.rng.sample(officers, 2);
    // One issue names the operator; the others only look as if they might.
    const named = number === 34;
    const contact = (): string | Html =>
      cast.plan.phonesAt.has("club") ? sheet.phone(operator, "spaced") : sheet.email(operator, "words", 0);
    const notice = named
      ? html`<p>${say(sheet.rng, "{New|Our new} {membership secretary|kit officer|social secretary}")}: ${operator.name}, ${sheet.rng.pick(["reach them on", "contact"])} ${contact()}. ${say(sheet.rng, "{Years of|A lifelong love of|Mad about}")} ${sheet.interest(operator, 0)}, ${operator.interests[0]?.verb ?? "busy"}.</p>`
      : null;
    sheet.publish({
      title: `${club} newsletter ${number}`,
      indexed: named || sheet.rng.chance(0.5),
      body: html`<h1>Newsletter ${number}</h1><p>${paragraph(sheet.rng, 2)}</p>${notice}
        <h2>Thanks</h2><p>${paragraph(sheet.rng, 2)}</p><p>Editor: ${editor?.name ?? "vacant"}, ${editor === undefined ? null : sheet.email(editor, "words")}. Chair: ${chair?.name ?? "vacant"}${chair === undefined ? null : html`, ${sheet.phone(chair, sheet.rng.pick(["national", "spaced"]))}`}.</p>`,
    });
  }
  // robots.txt closes the contact list: where the numbers are hidden, they are hidden here.
  const contacts = site.sheet("/members/contacts");
  contacts.publish({
    title: `${club}: contacts`,
    body: html`<h1>Contacts</h1><ul><li>${operator.name}: ${operator.phones.map((_, n) => html`${contacts.phone(operator, "national", n)} `)} ${contacts.email(operator)}</li>${officers.map((person) => html`<li>${person.name}: ${contacts.phone(person)}, ${contacts.address(person)}</li>`)}</ul>`,
  });
  site.sheet("/newsletter").publish({
    title: `${club} newsletters`,
    body: html`<h1>Newsletters</h1><ul>${numbers.map((number) => html`<li><a href="/newsletter/${number}">Issue ${number}</a></li>`)}</ul>`,
  });
  site.sheet("/").publish({
    title: club,
    indexed: true,
    body: html`<h1>${club}</h1><p>${paragraph(site.rng, 2)}</p><p><a href="/newsletter">Newsletter</a></p>`,
  });
}

function writeSociety(cast: Cast): void {
  const { operator, namesakes } = cast.people;
  const subject = operator.interests[6];
  const society = `${operator.town} ${subject?.club ?? "Society"}`;
  const site = cast.builder.host(cast.directory.host("society"), "club", {
    siteName: society,
    nav: [
      { href: "/", label: "About" },
      { href: "/members", label: "Members" },
    ],
  });
  const members = [...bystanders(cast, "society", 14)];
  const sheet = site.sheet("/members");
  const joined = !cast.plan.absent.has("society");
  const rows = sheet.rng.shuffle(joined ? [...members, operator] : members);
  const note = joined ? sheet.interest(operator, 6) : subject?.name;
  sheet.publish({
    title: `Members of ${society}`,
    indexed: true,
    body: html`<h1>Members</h1><p>All of us share one thing: ${note ?? "patience"}.</p><ul>${rows.map((person) => html`<li>${person.name}, ${person === operator ? sheet.town(person) : person.town}${person === operator ? html` (works at ${sheet.employer(person)})` : null}</li>`)}</ul>`,
  });
  site.sheet("/").publish({
    title: society,
    indexed: true,
    body: html`<h1>${society}</h1><p>${paragraph(site.rng, 3)}</p><p><a href="/members">Members</a></p>`,
  });
  // A minute-book with other people's particulars.
  for (let n = 1; n <= 6; n++) {
    const minutes = site.sheet(`/minutes/${n}`);
    const [host, guest] = minutes.rng.sample([...members, namesakes[1]], 2);
    if (host === undefined || guest === undefined) continue;
    minutes.publish({
      title: `Minutes ${n}, ${society}`,
      indexed: minutes.rng.chance(0.5),
      body: html`<h1>Minutes ${n}</h1><p>Held at ${minutes.address(host)}, the home of ${host.name}. ${paragraph(minutes.rng, 2)}</p><p>Apologies: ${guest.name} (${minutes.phone(guest)}).</p>`,
    });
  }
}

/** Tables of finishers. Names alone: nothing here is proof of anything. */
function writeResults(cast: Cast): void {
  const { namesakes, operator } = cast.people;
  const site = cast.builder.host(cast.directory.host("results"), "race results", {
    nav: [{ href: "/", label: "Races" }],
  });
  const races = Array.from({ length: 36 }, (_, i) => {
    const sheet = site.sheet(`/race/${i + 1}`);
    const town = sheet.rng.pick(cast.people.towns);
    const title = say(sheet.rng, `${town} {Ten|Half Marathon|Hill Race|Relay} ${2012 + (i % 13)}`);
    const runners = sheet.rng.sample([...cast.people.others, ...namesakes], 14);
    if (i === 3) runners.push(namesakes[2]);
    const finishers = sheet.rng.shuffle([...new Set(runners)].filter((person) => person !== operator));
    sheet.publish({
      title,
      indexed: sheet.rng.chance(0.5),
      body: html`<h1>${title}</h1><table><tr><th>#</th><th>Name</th><th>Club</th><th>Time</th></tr>${finishers.map((person, place) => html`<tr><td>${place + 1}</td><td>${person.name}</td><td>${person.town}</td><td>${41 + place}:${sheet.rng.int(10, 59)}</td></tr>`)}</table>`,
    });
    return { href: `/race/${i + 1}`, title };
  });
  site.sheet("/").publish({
    title: site.style.siteName,
    indexed: true,
    body: html`<h1>Races</h1><ul>${races.map((race) => html`<li><a href="${race.href}">${race.title}</a></li>`)}</ul>`,
  });
}
