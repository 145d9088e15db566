/** A hobby forum and a question-and-answer site: members, threads, signatures. */

import type { Sheet } from "../builder.ts";
import { bystanders, type Cast } from "../cast.ts";
import { paragraph, question, say } from "../grammar.ts";
import { html, type Piece } from "../html.ts";
import type { Person } from "../people.ts";

export const FORUM_MARK = { board: "Posts written", ask: "Reputation" } as const;

export function writeForum(cast: Cast): void {
  const { operator, sharers } = cast.people;
  const name = cast.directory.host("board");
  const site = cast.builder.host(name, "forum", {
    nav: [{ href: "/", label: "Forum" }],
    disallow: ["/search", "/pm/"],
    rate: 50,
  });
  const { style } = site;
  const crowd = bystanders(cast, "board", 150);
  const old = cast.accounts.board;
  const memberHref = (handle: string): string => cast.directory.memberPath("board", handle);

  const post = (sheet: Sheet, handle: string, text: Piece, signature: Piece): Piece => {
    const author = html`<a class="${style.cls("author")}" href="${memberHref(handle)}">${handle}</a>`;
    return html`<div class="${style.cls("post")}"><p>${author} wrote ${say(sheet.rng, "{last week|on Monday|two days ago|in March}")}:</p><div>${text}</div>${signature === null ? null : html`<p class="${style.cls("sig")}">-- ${signature}</p>`}</div>`;
  };
  const chatter = (sheet: Sheet, person: Person): Piece => {
    const roll = sheet.rng.real();
    const ask =
      roll < 0.06
        ? html` Ring me on ${sheet.phone(person, sheet.rng.pick(["national", "spaced", "words"]))}.`
        : roll < 0.12
          ? html` Write to ${sheet.email(person, sheet.rng.pick(["plain", "words", "brackets"]))}.`
          : null;
    return post(
      sheet,
      person.handle,
      html`${paragraph(sheet.rng, 2)}${ask}`,
      sheet.rng.chance(0.2) ? `${person.first}, ${person.town}` : null,
    );
  };

  const threads: { path: string; title: string }[] = [];
  for (let n = 1; n <= 230; n++) {
    const path = `/t/${1000 + n}`;
    const sheet = site.sheet(path);
    const { title } = question(sheet.rng);
    threads.push({ path, title });
    const posters = sheet.rng.sample(crowd, sheet.rng.int(2, 4));
    sheet.publish({
      title: `${title} - ${style.siteName}`,
      indexed: sheet.rng.chance(0.6),
      body: html`<h1>${title}</h1>${posters.map((person) => chatter(sheet, person))}`,
    });
  }

  // The operator's threads: each poster speaks for themselves only.
  const mine = [4, 5].map((n, i) => {
    const path = `/t/${2001 + i}`;
    const sheet = site.sheet(path);
    const interest = sheet.interest(operator, n);
    const title = say(sheet.rng, `${interest}: {hello from a newcomer|tips wanted|what I learnt}`);
    const opening = say(
      sheet.rng,
      `{Hello all,|Evening,|Hi,} I have been into ${interest} {for years|since school|for a while}. `,
    );
    const signature = html`${operator.first}, <a href="${cast.home}">${cast.directory.home}</a>`;
    sheet.account(operator, old, name);
    sheet.publish({
      title: `${title} - ${style.siteName}`,
      indexed: i === 0,
      body: html`<h1>${title}</h1>${post(sheet, old, html`${opening}${paragraph(sheet.rng, 1)}`, signature)}${sheet.rng.sample(crowd, 2).map((person) => chatter(sheet, person))}`,
    });
    return { path, title };
  });

  const profile = site.sheet(memberHref(old));
  profile.account(operator, old, name);
  profile.publish({
    title: `${old} - ${style.siteName}`,
    body: html`<h1>${old}</h1>${style.fields([
      ["town", profile.town(operator)],
      ["joined", "2011"],
      ["site", html`<a href="${cast.home}">${cast.directory.home}</a>`],
    ])}
      <h2>${FORUM_MARK.board}</h2><ul>${mine.map((thread) => html`<li><a href="${thread.path}">${thread.title}</a></li>`)}</ul>`,
  });
  const others = [
    ...crowd.map((person) => ({ person, handle: person.handle })),
    { person: sharers[1], handle: cast.handles.main },
  ];
  for (const { person, handle } of others) {
    const sheet = site.sheet(memberHref(handle));
    sheet.account(person, handle, name);
    const sharer = person === sharers[1];
    sheet.publish({
      title: `${handle} - ${style.siteName}`,
      indexed: sharer,
      body: html`<h1>${handle}</h1>${style.fields([
        sharer || sheet.rng.chance(0.6) ? ["town", person.town] : null,
        sharer ? ["employer", sheet.employer(person)] : null,
        sharer ? ["born", sheet.born(person, "long")] : null,
        ["joined", `${sheet.rng.int(2004, 2024)}`],
      ])}<h2>${FORUM_MARK.board}</h2><p>${sheet.rng.int(1, 900)}</p>`,
    });
  }
  site.sheet("/").publish({
    title: style.siteName,
    indexed: true,
    body: html`<h1>${style.siteName}</h1><ul>${threads.slice(0, 25).map((thread) => html`<li><a href="${thread.path}">${thread.title}</a></li>`)}</ul>`,
  });
}

/** Has no account of the operator, but one of somebody who uses their handle. */
export function writeQuestions(cast: Cast): void {
  const name = cast.directory.host("ask");
  const site = cast.builder.host(name, "questions", { nav: [{ href: "/", label: "Questions" }] });
  const crowd = bystanders(cast, "ask", 70);
  const sharer = cast.people.sharers[2];
  const members = [
    ...crowd.map((person) => ({ person, handle: person.handle })),
    { person: sharer, handle: cast.handles.main },
  ];
  for (const { person, handle } of members) {
    const sheet = site.sheet(cast.directory.memberPath("ask", handle));
    sheet.account(person, handle, name);
    sheet.publish({
      title: `User ${handle}`,
      indexed: person === sharer,
      body: html`<h1>${handle}</h1>${site.style.fields([["name", person.first], person === sharer ? ["born", sheet.born(person, "long")] : null, ["town", person.town]])}<p>${FORUM_MARK.ask}: ${sheet.rng.int(1, 4000)}</p>`,
    });
  }
  const asked = Array.from({ length: 90 }, (_, i) => {
    const path = `/q/${i + 1}`;
    const sheet = site.sheet(path);
    const { title } = question(sheet.rng);
    const [asker, answerer] = sheet.rng.sample(crowd, 2);
    const by = (person: Person | undefined): Piece =>
      person === undefined
        ? null
        : html`<p>by <a href="${cast.directory.memberPath("ask", person.handle)}">${person.handle}</a></p>`;
    sheet.publish({
      title,
      indexed: sheet.rng.chance(0.6),
      body: html`<h1>${title}</h1><div>${paragraph(sheet.rng, 2)}${by(asker)}</div><h2>1 answer</h2><div>${paragraph(sheet.rng, 3)}${by(answerer)}</div>`,
    });
    return { path, title };
  });
  site.sheet("/").publish({
    title: site.style.siteName,
    indexed: true,
    body: html`<h1>Newest questions</h1><ul>${asked.slice(0, 20).map((q) => html`<li><a href="${q.path}">${q.title}</a></li>`)}</ul>`,
  });
}
