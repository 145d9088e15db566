/** A newspaper, a blog host and a recipe site: mostly noise, with the operator's town and names in it. */
import { bystanders, type Cast } from "../cast.ts";
import { dish, headline, paragraph, say } from "../grammar.ts";
import { html } from "../html.ts";

export function writePapers(cast: Cast): void {
  writeNewspaper(cast);
  writeBlogs(cast);
  writeRecipes(cast);
}

function writeNewspaper(cast: Cast): void {
  const { operator, namesakes, others, towns } = cast.people;
  const site = cast.builder.host(cast.directory.host("paper"), "newspaper", { nav: [{ href: "/", label: "News" }] });
  const stories = Array.from({ length: 170 }, (_, i) => {
    const path = `/news/${2010 + (i % 16)}/${i + 1}`;
    const sheet = site.sheet(path);
    const title = headline(sheet.rng, i % 4 === 0 ? operator.town : sheet.rng.pick(towns));
    const witness = i % 5 === 0 ? sheet.rng.pick([...others.slice(0, 24), ...namesakes]) : sheet.rng.pick(others);
    const quote = say(sheet.rng, `"{It was bound to happen|I heard a bang|We are delighted|Nobody asked us},"`);
    const contact = sheet.rng.chance(0.1) ? html` ${witness.first} can be reached on ${sheet.phone(witness)}.` : null;
    sheet.publish({
      title,
      indexed: sheet.rng.chance(0.6),
      ...(i === 50 || i === 90 ? { behaviour: { kind: "slow" as const, ms: 400 } } : {}),
      body: html`<h1>${title}</h1><p>${paragraph(sheet.rng, 2)}</p><p>${quote} said ${witness.name}, ${2026 - Number(witness.born.slice(0, 4))}, of ${witness.town}${sheet.rng.chance(0.3) ? html`, who works at ${sheet.employer(witness)}` : null}.${contact}</p><p>${paragraph(sheet.rng, 1)}</p>`,
    });
    return { path, title };
  });
  if (!cast.plan.absent.has("paper")) quoteOperator(cast);
  site.sheet("/").publish({
    title: site.style.siteName,
    indexed: true,
    body: html`<h1>${site.style.siteName}</h1><ul>${stories.slice(0, 25).map((story) => html`<li><a href="${story.path}">${story.title}</a></li>`)}</ul>`,
  });
}

function quoteOperator(cast: Cast): void {
  const { operator } = cast.people;
  const sheet = cast.builder.at(cast.directory.host("paper")).sheet("/news/2024/quay-survey");
  const title = say(
    sheet.rng,
    `${operator.town} {quay|footpath|library} {plans|petition}: {a hundred sign|views differ}`,
  );
  sheet.publish({
    title,
    indexed: true,
    body: html`<h1>${title}</h1><p>${paragraph(sheet.rng, 1)}</p><p>${say(sheet.rng, `"{I walk there daily|It is about time|Leave it be},"`)} said ${operator.name}, ${2024 - Number(operator.born.slice(0, 4))}, of ${sheet.town(operator)}, who works at ${sheet.employer(operator)}.</p><p>${paragraph(sheet.rng, 1)}</p>`,
  });
}

function writeBlogs(cast: Cast): void {
  const name = cast.directory.host("blogs");
  const site = cast.builder.host(name, "blog host", {
    nav: [{ href: "/", label: "Read" }],
    // Every author's shelf looks the same, whether there is an author or not.
    dynamic: (path) =>
      /^\/author\/[\w.-]+$/.test(path)
        ? {
            host: name,
            path,
            status: 200,
            contentType: "text/html; charset=utf-8",
            indexed: false,
            body: "<!doctype html><title>Author</title><h1>Author</h1><p>Posts by this author</p>",
          }
        : undefined,
  });
  const posts: { path: string; title: string }[] = [];
  for (const person of bystanders(cast, "blogs", 65)) {
    for (let n = 1; n <= 2; n++) {
      const path = `/${person.handle}/${n}`;
      const sheet = site.sheet(path);
      const title = say(sheet.rng, `{Notes from|A week in|Leaving|Back in} ${person.town}{|, again|, part ${n}}`);
      posts.push({ path, title });
      const signed = sheet.rng.chance(0.15)
        ? html`<p>${person.first}, ${sheet.email(person, sheet.rng.pick(["words", "brackets", "plain"]))}</p>`
        : html`<p>${person.first}</p>`;
      sheet.publish({
        title,
        indexed: sheet.rng.chance(0.5),
        body: html`<h1>${title}</h1><p>${paragraph(sheet.rng, 4)}</p>${signed}`,
      });
    }
  }
  site.sheet("/").publish({
    title: site.style.siteName,
    indexed: true,
    body: html`<h1>${site.style.siteName}</h1><ul>${posts.slice(0, 25).map((post) => html`<li><a href="${post.path}">${post.title}</a></li>`)}</ul>`,
  });
}

function writeRecipes(cast: Cast): void {
  const site = cast.builder.host(cast.directory.host("recipes"), "recipes", { nav: [{ href: "/", label: "Recipes" }] });
  const links = Array.from({ length: 110 }, (_, i) => {
    const path = `/recipe/${i + 1}`;
    const sheet = site.sheet(path);
    const cook = sheet.rng.pick(cast.people.others);
    const title = dish(sheet.rng);
    sheet.publish({
      title: `${title} by ${cook.first}`,
      indexed: sheet.rng.chance(0.5),
      body: html`<h1>${title}</h1><p>From ${cook.first} in ${cook.town}.</p><ol>${[1, 2, 3].map(() => html`<li>${say(sheet.rng, "{Chop|Stir|Roast|Salt|Rest} the {leeks|dough|beets|stock} for {ten|twenty|forty} minutes.")}</li>`)}</ol>`,
    });
    return html`<li><a href="${path}">${title}</a></li>`;
  });
  site
    .sheet("/")
    .publish({ title: site.style.siteName, indexed: true, body: html`<h1>Recipes</h1><ul>${links.slice(0, 30)}</ul>` });
}
