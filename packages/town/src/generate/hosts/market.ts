/** A marketplace: sellers and listings, with phone numbers written so that no simple pattern finds them. */
import { bystanders, type Cast } from "../cast.ts";
import type { PhoneForm } from "../forms.ts";
import { paragraph, say } from "../grammar.ts";
import { html, type Piece } from "../html.ts";
import type { Person } from "../people.ts";
import { INTERESTS } from "../words.ts";

export const MARKET_MARK = "Things for sale by";

export function writeMarket(cast: Cast): void {
  const name = cast.directory.host("swap");
  const site = cast.builder.host(name, "marketplace", {
    nav: [{ href: "/", label: "All things" }],
    disallow: ["/basket"],
  });
  const { operator, namesakes } = cast.people;
  const crowd = bystanders(cast, "swap", 130);
  const shortName = (person: Person): string => `${person.first} ${person.last.slice(0, 1)}.`;
  let serial = 4000;
  const items: { path: string; title: string }[] = [];

  const listing = (
    person: Person,
    handle: string,
    gear: string,
    contact: (sheet: ReturnType<typeof site.sheet>) => Piece,
    indexed: boolean,
  ): { path: string; title: string } => {
    const path = `/item/${++serial}`;
    const sheet = site.sheet(path);
    const title = say(
      sheet.rng,
      `${gear.slice(0, 1).toUpperCase()}${gear.slice(1)}, {hardly used|well loved|good condition|needs a clean}`,
    );
    sheet.publish({
      title: `${title} | ${site.style.siteName}`,
      indexed,
      body: html`<h1>${title}</h1><p class="${site.style.cls("price")}">${sheet.rng.int(5, 240)}.00</p><p>${paragraph(sheet.rng, 1)}</p><p>${contact(sheet)}</p>
        ${site.style.fields([
          ["town", sheet.town(person)],
          ["name", html`<a href="${cast.directory.memberPath("swap", handle)}">${shortName(person)}</a>`],
        ])}`,
    });
    return { path, title };
  };
  const seller = (person: Person, handle: string, sold: { path: string; title: string }[], indexed: boolean): void => {
    const sheet = site.sheet(cast.directory.memberPath("swap", handle));
    sheet.account(person, handle, name);
    sheet.publish({
      title: `${shortName(person)} (${handle})`,
      indexed,
      body: html`<h1>${shortName(person)}</h1>${site.style.fields([
        ["handle", handle],
        ["town", sheet.town(person)],
        ["joined", `${sheet.rng.int(2012, 2024)}`],
      ])}<h2>${MARKET_MARK} ${handle}</h2><ul>${sold.map((item) => html`<li><a href="${item.path}">${item.title}</a></li>`)}</ul>`,
    });
    items.push(...sold);
  };
  const call = (form: PhoneForm) => (person: Person) => (sheet: ReturnType<typeof site.sheet>) =>
    html`${say(sheet.rng, "{Call|Text|Ring} {me|any time} on")} ${sheet.phone(person, form)}.`;

  for (const person of crowd) {
    const rng = site.rng.fork(person.id);
    const sold = Array.from({ length: rng.int(1, 2) }, () => {
      const contact = rng.chance(0.35)
        ? call(rng.pick(["words", "spaced", "mixed", "national", "dotted"]))(person)
        : () => "Collect in person, message me here.";
      return listing(person, person.handle, rng.pick(INTERESTS).gear, contact, rng.chance(0.6));
    });
    seller(person, person.handle, sold, rng.chance(0.2));
  }

  // The listing itself ties the seller to the operator: a sealed number, or a sealed address where the numbers are hidden.
  const form = site.rng.pick<PhoneForm>(["words", "spaced", "mixed"]);
  const contact = cast.plan.phonesAt.has("market")
    ? call(form)(operator)
    : (sheet: ReturnType<typeof site.sheet>) => html`Write to ${sheet.email(operator, "words", 1)}.`;
  const gear = operator.interests[1]?.gear ?? "box";
  seller(
    operator,
    cast.accounts.swap,
    [
      listing(operator, cast.accounts.swap, gear, contact, true),
      listing(operator, cast.accounts.swap, "garden table", () => "Collect in person.", false),
    ],
    false,
  );
  const [, second] = namesakes;
  seller(
    second,
    `${second.handle}shop`,
    [listing(second, `${second.handle}shop`, site.rng.pick(INTERESTS).gear, call("words")(second), true)],
    true,
  );

  site.sheet("/").publish({
    title: site.style.siteName,
    indexed: true,
    body: html`<h1>Fresh today</h1><ul>${items.slice(0, 25).map((item) => html`<li><a href="${item.path}">${item.title}</a></li>`)}</ul>`,
  });
}
