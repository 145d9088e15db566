/** WHOIS pages, a paste site, and an alumni register. */
import { bystanders, type Cast } from "../cast.ts";
import { html, type Piece, raw } from "../html.ts";
import type { Person } from "../people.ts";
import { hash } from "../rng.ts";

export function writeRegisters(cast: Cast): void {
  writeWhois(cast);
  writePastes(cast);
  writeAlumni(cast);
}

function writeWhois(cast: Cast): void {
  const name = cast.directory.host("whois");
  const { operator, namesakes } = cast.people;
  const site = cast.builder.host(name, "whois", {
    nav: [{ href: "/", label: "Look up" }],
    dynamic: (path) => {
      const domain = /^\/domain\/([a-z0-9.-]+)$/.exec(path)?.[1];
      if (domain === undefined) return undefined;
      return {
        host: name,
        path,
        status: 200,
        contentType: "text/html; charset=utf-8",
        indexed: false,
        title: `WHOIS ${domain}`,
        body: `<!doctype html><title>WHOIS ${domain}</title><pre>Domain Name: ${domain}\nRegistrant: REDACTED FOR PRIVACY\n</pre>`,
      };
    },
  });
  const record = (domain: string, person: Person, full: boolean): void => {
    const sheet = site.sheet(`/domain/${domain}`);
    const phone: Piece = full ? html`Registrant Phone: ${sheet.phone(person, "international")}\n` : null;
    const street = person.home.street;
    const text = html`Domain Name: ${domain}\nRegistrar: Nameworks Registry Services\nRegistrant Name: ${person.name}\nRegistrant Street: ${street}\nRegistrant City: ${sheet.town(person)}\nRegistrant Postal Code: ${person.home.postcode}\n${phone}Registrant Email: ${sheet.email(person)}\n`;
    sheet.says(person.id, "address", person.address);
    sheet.publish({ title: `WHOIS ${domain}`, indexed: true, body: html`<h1>${domain}</h1><pre>${text}</pre>` });
  };
  if (!cast.plan.absent.has("whois")) record(cast.directory.home, operator, cast.plan.phonesAt.has("whois"));
  record(cast.directory.namesakeHomes[0], namesakes[0], true);
  record(cast.directory.namesakeHomes[1], namesakes[2], true);
  for (const person of bystanders(cast, "whois", 14))
    record(
      `${person.last.toLowerCase().replace(/[^a-z]/g, "")}${person.id.slice(2)}.example`,
      person,
      site.rng.chance(0.5),
    );
  site.sheet("/").publish({
    title: "WHOIS look-up",
    indexed: true,
    body: html`<h1>WHOIS</h1><form action="/domain"><input name="q"><button>Look up</button></form>`,
  });
}

function writePastes(cast: Cast): void {
  const site = cast.builder.host(cast.directory.host("paste"), "paste site", { delay: 0.1 });
  const { operator, namesakes, sharers } = cast.people;
  const digest = (text: string): string =>
    [1, 2, 3, 4].map((n) => hash(`${text}${n}`).toString(16).padStart(8, "0")).join("");
  const recent: string[] = [];
  for (let n = 1; n <= 44; n++) {
    const path = `/${site.rng.token(8)}`;
    const sheet = site.sheet(path);
    recent.push(path);
    const crowd = sheet.rng.sample(cast.people.others, 12);
    const accounts = n % 2 === 0;
    const line = (person: Person): string =>
      accounts
        ? `${sheet.email(person)}:${person.handle}:${digest(person.id)}`
        : `${person.name} | ${sheet.phone(person, sheet.rng.pick(["national", "international"]))} | ${sheet.email(person)} | ${person.town}`;
    const lines = crowd.map(line);
    if (n === 7) lines.splice(3, 0, line(namesakes[1]));
    if (n === 8) lines.splice(5, 0, line(sharers[0]));
    // A leaked account: the sealed address beside the old handle.
    if (n === 12)
      lines.splice(
        sheet.rng.int(0, 11),
        0,
        `${sheet.email(operator, "plain", 1)}:${cast.handles.old}:${digest("operator")}`,
      );
    const dumped = n === 21 && cast.plan.phonesAt.has("paste");
    if (dumped)
      lines.splice(
        sheet.rng.int(0, 11),
        0,
        `${operator.name} | ${sheet.phone(operator, "national")} | ${sheet.email(operator)} | ${sheet.town(operator)}`,
      );
    const title = accounts ? `accounts ${site.rng.token(4)}` : `contacts ${site.rng.token(4)}`;
    sheet.put("text/plain; charset=utf-8", `${lines.join("\n")}\n`, {
      title,
      indexed: n === 12 || dumped || sheet.rng.chance(0.5),
    });
  }
  site.sheet("/").publish({
    title: site.style.siteName,
    body: html`<h1>Recent pastes</h1><ul>${recent.slice(0, 6).map((path) => html`<li><a href="${path}">${path.slice(1)}</a></li>`)}</ul>`,
  });
}

/** Class lists. The operator's entry gives the subject and the employer, so that it is more than a name. */
function writeAlumni(cast: Cast): void {
  const { operator, namesakes } = cast.people;
  const site = cast.builder.host(cast.directory.host("alumni"), "alumni", { nav: [{ href: "/", label: "Classes" }] });
  const years = Array.from({ length: 30 }, (_, i) => 1988 + i);
  const links: Piece[] = [];
  const slug = (school: string): string => school.toLowerCase().replace(/[^a-z]+/g, "-");
  const bySchool = Map.groupBy(
    [...cast.people.others, ...namesakes, ...(cast.plan.absent.has("alumni") ? [] : [operator])],
    (person) => person.school,
  );
  for (const [school, people] of bySchool) {
    for (const year of years) {
      const present = people.filter((person) => person.graduated === year);
      if (present.length === 0) continue;
      const path = `/${slug(school)}/${year}`;
      const sheet = site.sheet(path);
      const mine = present.includes(operator);
      if (mine) sheet.school(operator);
      sheet.publish({
        title: `${school}, class of ${year}`,
        indexed: mine || sheet.rng.chance(0.4),
        body: html`<h1>${school}</h1><h2>Class of ${year}</h2><ul>${present.map((person) => html`<li>${person.name}, ${person.subject}${person === operator ? html`, now at ${sheet.employer(person)} in ${sheet.town(person)}` : raw("")}</li>`)}</ul>`,
      });
      links.push(html`<li><a href="${path}">${school} ${year}</a></li>`);
    }
  }
  site
    .sheet("/")
    .publish({ title: site.style.siteName, indexed: true, body: html`<h1>Classes</h1><ul>${links.slice(0, 60)}</ul>` });
}
