/** Two code hosts: profiles, repositories, commits, and `.patch` files that show the author's e-mail address. */
import { bystanders, type Cast } from "../cast.ts";
import { MONTHS } from "../forms.ts";
import { commitMessage, paragraph, repository } from "../grammar.ts";
import { html } from "../html.ts";
import type { Person } from "../people.ts";
import type { Rng } from "../rng.ts";

export const CODE_MARK = { forge: "Repositories of", hut: "Public work by" } as const;

interface Developer {
  person: Person;
  handle: string;
  repositories: number;
  commits: number;
  /** Index of the e-mail address that the commits carry. */
  email: number;
  fullName: boolean;
  homepage: string | null;
  /** Somebody who has sent a commit to the first repository. */
  contributor?: Person;
  indexed: boolean;
}

export function writeCode(cast: Cast): void {
  const { operator, namesakes, sharers } = cast.people;
  for (const network of ["forge", "hut"] as const) {
    const name = cast.directory.host(network);
    const site = cast.builder.host(name, "code host", { nav: [{ href: "/", label: "Explore" }] });
    const crowd = bystanders(cast, network, network === "forge" ? 75 : 45);
    const developers: Developer[] = crowd.map((person) => {
      const rng = site.rng.fork(person.id);
      return {
        person,
        handle: person.handle,
        repositories: 1,
        commits: rng.int(1, 2),
        email: 0,
        fullName: rng.chance(0.6),
        homepage: null,
        indexed: rng.chance(0.6),
      };
    });
    if (network === "forge") {
      developers.push({
        person: operator,
        handle: cast.handles.main,
        repositories: 2,
        commits: 2,
        email: 1,
        fullName: true,
        homepage: cast.home,
        indexed: true,
        ...(crowd[0] === undefined ? {} : { contributor: crowd[0] }),
      });
      developers.push({
        person: namesakes[1],
        handle: cast.handles.named,
        repositories: 1,
        commits: 2,
        email: 0,
        fullName: true,
        homepage: null,
        indexed: true,
      });
    } else {
      developers.push({
        person: sharers[0],
        handle: cast.handles.main,
        repositories: 1,
        commits: 2,
        email: 0,
        fullName: true,
        homepage: null,
        indexed: true,
      });
    }
    for (const developer of developers) writeDeveloper(cast, network, developer);
    site.sheet("/").publish({
      title: `${site.style.siteName}: explore`,
      indexed: true,
      body: html`<h1>Explore</h1><ul>${developers.slice(0, 15).map((d) => html`<li><a href="${cast.directory.memberPath(network, d.handle)}">${d.handle}</a></li>`)}</ul>`,
    });
  }
}

function writeDeveloper(cast: Cast, network: "forge" | "hut", developer: Developer): void {
  const { person, handle } = developer;
  const host = cast.directory.host(network);
  const site = cast.builder.at(host);
  const base = cast.directory.memberPath(network, handle);
  const rng = site.rng.fork(`developer ${handle}`);
  const sheet = site.sheet(base);
  const repositories = Array.from({ length: developer.repositories }, (_, i) => {
    const drawn = repository(rng);
    return { ...drawn, path: `${base}/${drawn.name}${i === 0 ? "" : i + 1}` };
  });
  sheet.account(person, handle, host);
  const home =
    developer.homepage === null
      ? null
      : html`<p><a rel="me" href="${developer.homepage}">${developer.homepage}</a></p>`;
  sheet.publish({
    title: `${handle} (${developer.fullName ? person.name : person.first}) · ${site.style.siteName}`,
    indexed: developer.indexed,
    body: html`<h1>${developer.fullName ? person.name : person.first}</h1><p class="${site.style.cls("handle")}">${handle}</p>${home}
      ${person.id === "operator" ? null : site.style.fields([["town", rng.chance(0.5) ? person.town : "somewhere quiet"]])}
      <h2>${CODE_MARK[network]} ${handle}</h2><ul>${repositories.map((repo) => html`<li><a href="${repo.path}">${repo.path.slice(base.length + 1)}</a> ${repo.about}</li>`)}</ul>`,
  });
  repositories.forEach((repo, i) => {
    const authors = Array.from({ length: developer.commits }, () => person);
    if (i === 0 && developer.contributor !== undefined) authors.push(developer.contributor);
    const commits = authors.map((author) => ({ author, sha: rng.token(10), message: commitMessage(rng) }));
    site.sheet(repo.path).publish({
      title: `${handle}/${repo.name}`,
      indexed: developer.indexed && rng.chance(0.5),
      body: html`<h1>${repo.name}</h1><p>${repo.about}.</p><p>${paragraph(rng, 2)}</p><p><a href="${repo.path}/commits">${commits.length} commits</a></p>`,
    });
    site.sheet(`${repo.path}/commits`).publish({
      title: `Commits · ${handle}/${repo.name}`,
      body: html`<h1>Commits</h1><ol>${commits.map((c) => html`<li><a href="${repo.path}/commit/${c.sha}">${c.message}</a> by ${c.author.first}</li>`)}</ol>`,
    });
    for (const commit of commits)
      writeCommit(cast, network, repo.path, commit, commit.author === person ? developer.email : 0, rng);
  });
}

function writeCommit(
  cast: Cast,
  network: "forge" | "hut",
  repo: string,
  commit: { author: Person; sha: string; message: string },
  email: number,
  rng: Rng,
): void {
  const site = cast.builder.at(cast.directory.host(network));
  const path = `${repo}/commit/${commit.sha}`;
  const file = rng.pick(["README.md", "src/main.ts", "lib/reader.py", "Makefile"]);
  site.sheet(path).publish({
    title: `${commit.message} · ${commit.sha}`,
    body: html`<h1>${commit.message}</h1><p>${commit.sha} by ${commit.author.name}</p><pre>- ${paragraph(rng, 1)}\n+ ${paragraph(rng, 1)}</pre><p><a href="${path}.patch">${rng.pick(["Plain patch", "Download patch", "Raw"])}</a></p>`,
  });
  const patch = site.sheet(`${path}.patch`);
  const date = `${rng.int(1, 28)} ${rng.pick(MONTHS).slice(0, 3)} ${rng.int(2015, 2025)} ${rng.int(10, 22)}:${rng.int(10, 59)}:00 +0000`;
  const text = [
    `From ${commit.sha} Mon Sep 17 00:00:00 2001`,
    `From: ${commit.author.name} <${patch.email(commit.author, "plain", email)}>`,
    `Date: ${date}`,
    `Subject: [PATCH] ${commit.message}`,
    "",
    "---",
    ` ${file} | 2 +-`,
    "",
    `--- a/${file}`,
    `+++ b/${file}`,
    "@@ -1 +1 @@",
    `-${paragraph(rng, 1)}`,
    `+${paragraph(rng, 1)}`,
    "",
  ].join("\n");
  patch.put("text/plain; charset=utf-8", text, { title: commit.message, deep: true });
}
