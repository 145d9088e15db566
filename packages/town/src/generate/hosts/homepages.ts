/** Personal sites: the operator's own, which proves itself and its profiles, and two namesakes'. */
import { bystanders, type Cast } from "../cast.ts";
import { fondOf, paragraph, say } from "../grammar.ts";
import { html, raw } from "../html.ts";
import { cvPath } from "./cvs.ts";

export function writeHomepages(cast: Cast): void {
  writeHome(cast);
  writeNamesakeHomes(cast);
}

function jsonLd(value: Record<string, unknown>) {
  return raw(
    `<script type="application/ld+json">${JSON.stringify({ "@context": "https://schema.org", "@type": "Person", ...value }).replace(/</g, "\\u003c")}</script>`,
  );
}

function writeHome(cast: Cast): void {
  const { directory, accounts, plan, proof } = cast;
  const { operator } = cast.people;
  const site = cast.builder.host(directory.home, "personal site", {
    siteName: operator.name,
    txt: [`candor-proof=${proof}`],
    nav: [
      { href: "/", label: "Home" },
      { href: "/about", label: "About" },
      { href: "/contact", label: "Contact" },
      { href: "/notes", label: "Notes" },
    ],
  });
  const front = site.sheet("/");
  const { rng } = front;
  const friends = directory.member("friends", accounts.friends);
  const forge = directory.member("forge", accounts.forge);
  const micro = directory.member("micro", accounts.micro);
  const lens = directory.member("lens", accounts.lens);
  front.account(operator, accounts.friends, directory.host("friends"));
  front.account(operator, accounts.forge, directory.host("forge"));
  front.account(operator, accounts.micro, directory.host("micro"));
  front.account(operator, accounts.lens, directory.host("lens"));
  const mine = [
    [friends, "friends"],
    [forge, "code"],
    [micro, "short posts"],
  ] as const;
  const structured = rng.chance(0.7)
    ? jsonLd({
        name: operator.name,
        jobTitle: operator.role,
        worksFor: { "@type": "Organization", name: operator.employer },
        homeLocation: { "@type": "Place", name: operator.town },
        sameAs: [friends, forge, micro],
      })
    : null;
  front.publish({
    title: `${operator.name}`,
    indexed: true,
    head: html`${plan.proofAt === "meta" ? html`<meta name="site-verification" content="candor-proof=${proof}">` : null}${structured}`,
    body: html`<h1>${operator.name}</h1><p>${say(rng, `{I am|I work as} ${/^[aeiou]/i.test(operator.role) ? "an" : "a"}`)} ${operator.role.toLowerCase()} at ${front.employer(operator)} and live in ${front.town(operator)}.</p>
      <ul>${mine.map(([href, label]) => html`<li><a rel="me" href="${href}">${label}</a></li>`)}<li><a href="${lens}">photos</a></li></ul>
      <p><a href="${directory.url("lens", `/old/${accounts.lens}`)}">Old gallery</a> · <a href="${directory.url("bucket", "/blog")}">old blog</a> · <a href="${directory.url("cv", cvPath(operator))}">CV</a></p>
      ${plan.proofAt === "text" ? html`<p><small>candor-proof=${proof}</small></p>` : null}`,
  });
  const about = site.sheet("/about");
  about.publish({
    title: `About ${operator.name}`,
    indexed: rng.chance(0.5),
    body: html`<h1>About</h1><p>${say(about.rng, "{Grew up in|Born and raised in|Originally from}")} ${about.town(operator, "hometown")}, ${say(about.rng, `{went to|read ${operator.subject} at|studied at}`)} ${about.school(operator)}.</p><p>${fondOf(about.rng, about.interests(operator, 0, 2))}</p>`,
  });
  const contact = site.sheet("/contact");
  contact.publish({
    title: "Contact",
    body: html`<h1>Contact</h1><p>${say(contact.rng, "{Write to|Best reached at|Mail}")} ${contact.email(operator, contact.rng.pick(["words", "brackets", "entity", "split"]), 0)}</p>`,
  });
  const notes = [1, 2, 3].map((n) => {
    const note = site.sheet(`/notes/${n}`);
    note.publish({
      title: `Note ${n}`,
      indexed: n === 1,
      body: html`<h1>Note ${n}</h1><p>${paragraph(note.rng, 4)}</p>`,
    });
    return html`<li><a href="/notes/${n}">Note ${n}</a></li>`;
  });
  site.sheet("/notes").publish({ title: "Notes", body: html`<h1>Notes</h1><ul>${notes}</ul>` });
}

function writeNamesakeHomes(cast: Cast): void {
  const { directory } = cast;
  const [first, , third] = cast.people.namesakes;
  const site = cast.builder.host(directory.namesakeHomes[0], "personal site", { siteName: first.name });
  const sheet = site.sheet("/");
  sheet.publish({
    title: `${first.name}, ${first.town}`,
    indexed: true,
    head: jsonLd({ name: first.name, birthDate: first.born, telephone: first.phones[0], email: first.emails[0] }),
    body: html`<h1>${first.name}</h1><p>${first.role} at ${sheet.employer(first)} in ${sheet.town(first)}. Born ${sheet.born(first)}.</p><p>${fondOf(sheet.rng, sheet.interests(first, 0, 2))}</p><p>${sheet.phone(first)}, ${sheet.email(first)}</p><p><a rel="me" href="${directory.member("friends", cast.handles.named)}">my profile</a></p>`,
  });
  const firm = cast.builder.host(directory.namesakeHomes[1], "personal site", { siteName: `${third.name} Consulting` });
  const front = firm.sheet("/");
  const [client] = bystanders(cast, "clients", 3);
  front.publish({
    title: `${third.name} Consulting`,
    indexed: true,
    body: html`<h1>${third.name} Consulting</h1><p>${paragraph(front.rng, 1)}</p><p>${front.address(third)}</p><p>${front.phone(third, "international")}</p><p>"Splendid." ${client?.name ?? "A client"}</p>`,
  });
}
