/** Company sites: the operator's employer, their former one, and a namesake's. */

import type { HostBuilder, Sheet } from "../builder.ts";
import { bystanders, type Cast } from "../cast.ts";
import { paragraph, say } from "../grammar.ts";
import { html, type Piece } from "../html.ts";
import type { Company, Person } from "../people.ts";
import { putPortrait } from "./networks.ts";

export function writeCompanies(cast: Cast): void {
  const { people, directory } = cast;
  const { employer, former, elsewhere } = directory.companies;
  const work = openCompany(cast, employer);
  const showPhone = cast.plan.phonesAt.has("team");
  team(work, employer, [...people.colleagues, people.operator], (sheet, person) => {
    if (person !== people.operator)
      return {
        email: sheet.email(person),
        phone: sheet.rng.chance(0.6) ? sheet.phone(person) : null,
        portrait: sheet.rng.chance(0.3),
      };
    return {
      email: person.emails.length > 2 ? sheet.email(person, sheet.rng.pick(["plain", "entity", "brackets"]), 2) : null,
      phone: showPhone
        ? sheet.phone(person, sheet.rng.pick(["national", "international"]), person.phones.length - 1)
        : null,
      portrait: true,
    };
  });

  const old = openCompany(cast, former);
  team(
    old,
    former,
    bystanders(cast, "former", 7),
    (sheet, person) => ({ email: sheet.email(person), phone: null, portrait: false }),
    true,
  );
  const farewell = old.sheet("/news/farewell");
  if (!cast.plan.absent.has("farewell"))
    farewell.publish({
      title: `${former.name}: goodbye and thank you, ${people.operator.name}`,
      indexed: true,
      body: html`<h1>Goodbye and thank you</h1><p>${say(farewell.rng, `{After|Following} {six|seven|nine} {happy|busy} years at`)} ${farewell.employer(people.operator, "formerEmployer")}, ${people.operator.name} moves on to ${farewell.employer(people.operator)}. ${paragraph(farewell.rng, 1)}</p>`,
    });

  const other = openCompany(cast, elsewhere);
  team(
    other,
    elsewhere,
    [...bystanders(cast, "elsewhere", 6), people.namesakes[0]],
    (sheet, person) => ({ email: sheet.email(person), phone: sheet.phone(person), portrait: false }),
    true,
  );
}

function openCompany(cast: Cast, company: Company): HostBuilder {
  const site = cast.builder.host(company.host, "company", {
    siteName: company.name,
    nav: [
      { href: "/", label: "Home" },
      { href: "/team", label: "People" },
      { href: "/news", label: "News" },
    ],
    disallow: ["/intranet/"],
  });
  const country = cast.people.operator.country;
  const switchboard = country.phone(site.rng);
  const front = site.sheet("/");
  const office = `org:${company.host}`;
  front.says(office, "phone", switchboard);
  front.says(office, "e-mail", `info@${company.host}`);
  front.publish({
    title: `${company.name}, ${company.town}`,
    indexed: true,
    body: html`<h1>${company.name}</h1><p>${say(front.rng, `{Proudly|Quietly} at work in ${company.town} since {1931|1968|1994|2006}.`)} ${paragraph(front.rng, 2)}</p><p>${switchboard} · info@${company.host}</p>`,
  });
  const news = Array.from({ length: 9 }, (_, i) => {
    const sheet = site.sheet(`/news/${i + 1}`);
    const title = say(
      sheet.rng,
      `${company.name} {opens|tests|celebrates} {new workshop|apprenticeships|a quieter year|the summer fete}`,
    );
    sheet.publish({
      title,
      indexed: sheet.rng.chance(0.5),
      body: html`<h1>${title}</h1><p>${paragraph(sheet.rng, 3)}</p>`,
    });
    return { href: `/news/${i + 1}`, title };
  });
  site.sheet("/news").publish({
    title: `News from ${company.name}`,
    body: html`<h1>News</h1><ul>${news.map((item) => html`<li><a href="${item.href}">${item.title}</a></li>`)}</ul>`,
  });
  return site;
}

interface Card {
  email: Piece;
  phone: Piece;
  portrait: boolean;
}

/** The team page; `assign` makes the people employees of the company when they were drawn for the town at large. */
function team(
  site: HostBuilder,
  company: Company,
  people: readonly Person[],
  card: (sheet: Sheet, person: Person) => Card,
  assign = false,
): void {
  const sheet = site.sheet("/team");
  const form = sheet.rng.pick(["cards", "table", "list"] as const);
  const rows = sheet.rng.shuffle(people).map((person, i) => {
    if (assign) sheet.says(person.id, "employer", company.name);
    else sheet.employer(person);
    const shown = card(sheet, person);
    const picture = `/img/${person.name.toLowerCase().replace(/[^a-z]+/g, "-")}-${i + 1}.jpg`;
    if (shown.portrait) {
      putPortrait(site, picture, person);
      sheet.photo(person, picture);
    }
    return { person, ...shown, picture: shown.portrait ? html`<img src="${picture}" alt="${person.name}">` : null };
  });
  const { style } = site;
  const body: Piece =
    form === "table"
      ? html`<table><tr><th>Name</th><th>${style.label("role")}</th><th>${style.label("email")}</th><th>${style.label("phone")}</th></tr>${rows.map((row) => html`<tr><td>${row.picture}${row.person.name}</td><td>${row.person.role}</td><td>${row.email}</td><td>${row.phone}</td></tr>`)}</table>`
      : form === "cards"
        ? html`${rows.map((row) => html`<div class="${style.cls("card")}">${row.picture}<h3>${row.person.name}</h3><p>${row.person.role}</p>${row.email === null ? null : html`<p>${row.email}</p>`}${row.phone === null ? null : html`<p>${row.phone}</p>`}</div>`)}`
        : html`<ul>${rows.map((row) => html`<li>${row.picture}<b>${row.person.name}</b>, ${row.person.role}${row.email === null ? null : html`, ${row.email}`}${row.phone === null ? null : html`, ${row.phone}`}</li>`)}</ul>`;
  sheet.publish({
    title: `The people of ${company.name}`,
    indexed: true,
    body: html`<h1>The people of ${company.name}</h1>${body}`,
  });
}
