/** The five profile networks: different layouts, different answers for a member who does not exist. */
import type { Host } from "../../town.ts";
import { type HostBuilder, type HostOptions, titleOf } from "../builder.ts";
import { bystanders, type Cast } from "../cast.ts";
import type { Network } from "../directory.ts";
import type { EmailForm } from "../forms.ts";
import { fondOf, paragraph } from "../grammar.ts";
import { html, type Piece, raw } from "../html.ts";
import { portrait } from "../jpeg.ts";
import type { Person } from "../people.ts";
import { Style } from "../style.ts";

/** What one member lets be seen. */
export interface Shows {
  fullName?: boolean;
  town?: boolean;
  hometown?: boolean;
  employer?: boolean;
  former?: boolean;
  school?: boolean;
  born?: boolean;
  /** First interest, how many, and how they are written. */
  interests?: { from: number; count: number; as: "list" | "sentence" };
  email?: { form: EmailForm; n: number };
  phone?: boolean;
  portrait?: boolean;
  links?: { href: string; label: string; me: boolean }[];
  note?: string;
  /** An account elsewhere that the member names. */
  elsewhere?: { handle: string; host: string };
  indexed?: boolean;
}

type Habit = "404" | "soft 404" | "redirect" | "login wall" | "410";

/** `mark` stands on every member's page and on no other: what a site check looks for. */
export const NETWORKS = {
  friends: { habit: "404", mark: 'data-view="person"', absent: "Page not found", members: 300 },
  micro: { habit: "soft 404", mark: "Posts by this account", absent: "This account does not exist", members: 260 },
  work: { habit: "redirect", mark: "Professional profile", absent: "Join or sign in", members: 220 },
  lounge: { habit: "login wall", mark: "Lounge member", absent: "Sign in to see who is here", members: 180 },
  retro: { habit: "410", mark: "has been signed", absent: "This page is gone for good", members: 170 },
} as const satisfies Partial<Record<Network, { habit: Habit; mark: string; absent: string; members: number }>>;
export type ProfileNetwork = keyof typeof NETWORKS;

function absence(name: string, network: ProfileNetwork, style: Style): HostOptions {
  const { habit, absent } = NETWORKS[network];
  const contentType = "text/html; charset=utf-8";
  const page = (title: string, text: string): string =>
    style.page({ title, body: html`<h1>${text}</h1><p><a href="/">Back to the start</a></p>` });
  const answer = (status: number, title: string): Host["notFound"] => ({
    status,
    contentType,
    body: page(title, absent),
  });
  switch (habit) {
    case "404":
      return { notFound: answer(404, absent) };
    case "soft 404":
      return { notFound: answer(200, titleOf(name)) };
    case "login wall":
      return { notFound: answer(200, "Sign in") };
    case "410":
      return { notFound: answer(410, "Gone") };
    case "redirect":
      return {
        notFound: answer(404, absent),
        dynamic: (path) => ({
          host: name,
          path,
          status: 302,
          contentType,
          body: "",
          indexed: false,
          behaviour: { kind: "redirect", to: `http://${name}/login?next=${encodeURIComponent(path)}`, status: 302 },
        }),
      };
  }
}

export function openNetwork(cast: Cast, network: ProfileNetwork): HostBuilder {
  const name = cast.directory.host(network);
  const style = new Style(cast.rng.fork(`style ${network}`), titleOf(name));
  const options = absence(name, network, style);
  const { dynamic } = options;
  const site = cast.builder.host(name, "profile network", {
    ...options,
    style,
    disallow: ["/private/", "/settings"],
    nav: [
      { href: "/", label: "Home" },
      { href: "/login", label: "Sign in" },
    ],
    // The sign-in page answers whatever comes after it, so that the redirect does not chase its own tail.
    ...(dynamic === undefined
      ? {}
      : { dynamic: (path: string) => (path.startsWith("/login") ? loginPage(name, path, style) : dynamic(path)) }),
  });
  site.sheet("/login").publish({
    title: "Sign in",
    body: html`<h1>Join or sign in</h1><form method="post"><input name="user"><input name="password" type="password"><button>Sign in</button></form>`,
  });
  if (network === "friends")
    site.sheet("/static/nobody.jpg").put("image/jpeg", portrait("nobody"), { title: "Default avatar" });
  return site;
}

function loginPage(host: string, path: string, style: Style) {
  const body = style.page({ title: "Sign in", body: html`<h1>Join or sign in</h1><p>Members see more.</p>` });
  return { host, path, status: 200, contentType: "text/html; charset=utf-8", body, indexed: false };
}

/** Writes a member's page (and portrait) and registers what it shows. */
export function member(cast: Cast, network: ProfileNetwork, person: Person, handle: string, shows: Shows): void {
  const host = cast.directory.host(network);
  const site = cast.builder.at(host);
  const path = cast.directory.memberPath(network, handle);
  if (cast.builder.has(host, path)) return;
  const sheet = site.sheet(path);
  const { style } = site;
  const { mark } = NETWORKS[network];
  const display = shows.fullName === false ? person.first : person.name;
  sheet.account(person, handle, host);
  const list =
    shows.interests?.as === "list"
      ? sheet.interests(person, shows.interests.from, shows.interests.count).join(", ")
      : null;
  const sentence =
    shows.interests?.as === "sentence"
      ? fondOf(sheet.rng, sheet.interests(person, shows.interests.from, shows.interests.count))
      : null;
  const pictureAt = `/avatars/${handle}.jpg`;
  if (shows.portrait === true) {
    putPortrait(site, pictureAt, person);
    sheet.photo(person, pictureAt);
  }
  const links = (shows.links ?? []).map(
    (link) =>
      html`<a href="${link.href}"${link.me ? raw(` rel="${sheet.rng.pick(["me", "me noopener", "nofollow me"])}"`) : ""}>${link.label}</a> `,
  );
  const fields = style.fields([
    ["handle", handle],
    shows.town === true ? ["town", sheet.town(person)] : null,
    shows.hometown === true ? ["hometown", sheet.town(person, "hometown")] : null,
    shows.employer === true ? ["employer", sheet.employer(person)] : null,
    shows.school === true ? ["school", sheet.school(person)] : null,
    shows.born === true ? ["born", sheet.born(person, sheet.rng.pick(["long", "slashed", "iso"]))] : null,
    list === null ? null : ["interests", list],
    shows.email === undefined ? null : ["email", sheet.email(person, shows.email.form, shows.email.n)],
    shows.phone === true ? ["phone", sheet.phone(person, sheet.rng.pick(["national", "international"]))] : null,
    links.length === 0 ? null : ["site", links],
  ]);
  const picture: Piece =
    shows.portrait === true
      ? html`<img class="${style.cls("avatar")}" src="${pictureAt}" alt="${display}">`
      : network === "friends"
        ? html`<img src="/static/nobody.jpg" alt="Default avatar">`
        : null;
  const past =
    shows.former === true
      ? html`<h2>Experience</h2><p>${person.role} at ${sheet.employer(person)}</p><p>Previously at ${sheet.employer(person, "formerEmployer")}</p>`
      : null;
  const elsewhere =
    shows.elsewhere === undefined
      ? null
      : `${sheet.rng.pick(["Known as", "Also", "Over at"])} ${sheet.account(person, shows.elsewhere.handle, shows.elsewhere.host)} on ${shows.elsewhere.host}.`;
  const words = [sentence, elsewhere, shows.note ?? null].filter((part) => part !== null).join(" ");
  const bio = words === "" ? null : html`<p class="${style.cls("bio")}">${words}</p>`;
  const titles: Record<ProfileNetwork, string> = {
    friends: `${display} | ${style.siteName}`,
    micro: `${display} (@${handle}) on ${style.siteName}`,
    work: `${display} - ${person.role} | ${style.siteName}`,
    lounge: `${handle} in the ${style.siteName}`,
    retro: `${display}'s page`,
  };
  const view =
    network === "friends"
      ? html`<div ${raw(mark)}>${picture}<h1>${display}</h1>${bio}${fields}${past}</div>`
      : html`${picture}<h1>${display}</h1>${bio}${fields}${past}<p>${closing(network, mark, handle)}</p>`;
  sheet.publish({
    title: titles[network],
    body: html`${view}${acquaintances(cast, network, person, handle)}`,
    indexed: shows.indexed ?? false,
  });
}

/** Writes the portrait as a file of its own. */
export function putPortrait(site: HostBuilder, path: string, person: Person): void {
  const file = site.sheet(path);
  file.photo(person, path);
  file.put("image/jpeg", portrait(person.face), { title: path });
}

function closing(network: ProfileNetwork, mark: string, handle: string): string {
  return network === "retro" ? `The guestbook of ${handle} ${mark}.` : mark;
}

/** Links to members near this one, which are all written. */
function acquaintances(cast: Cast, network: ProfileNetwork, person: Person, handle: string): Piece {
  if (network !== "friends" && network !== "work") return null;
  const rng = cast.rng.fork(`acquaintances ${network} ${handle}`);
  const known = rng.sample(crowd(cast, network), 3).filter((other) => other.id !== person.id);
  return html`<h2>${network === "friends" ? "Friends" : "People also viewed"}</h2><ul>${known.map((other) => html`<li><a href="${cast.directory.memberPath(network, other.handle)}">${other.name}</a></li>`)}</ul>`;
}

/** Bystanders who are members of a network. */
function crowd(cast: Cast, network: ProfileNetwork): Person[] {
  return bystanders(cast, network, NETWORKS[network].members);
}

export function fillNetwork(cast: Cast, network: ProfileNetwork): void {
  const site = cast.builder.at(cast.directory.host(network));
  const people = crowd(cast, network);
  for (const [i, person] of people.entries()) {
    const rng = site.rng.fork(person.id);
    // Some members cannot be told from nobody; the last ones are the site check's known members.
    if (network === "lounge" && rng.chance(0.15) && i < people.length - 2) {
      const wall = site.style.page({ title: "Sign in", body: html`<h1>${NETWORKS.lounge.absent}</h1>` });
      site
        .sheet(cast.directory.memberPath(network, person.handle))
        .put("text/html; charset=utf-8", wall, { title: "Sign in" });
      continue;
    }
    member(cast, network, person, person.handle, {
      fullName: network !== "lounge" || rng.chance(0.3),
      town: rng.chance(0.7),
      hometown: rng.chance(0.15),
      employer: network === "work" || rng.chance(0.3),
      former: network === "work" && rng.chance(0.5),
      school: network === "work" || rng.chance(0.2),
      born: network === "retro" || rng.chance(0.12),
      interests: { from: 0, count: rng.int(1, 3), as: rng.pick(["list", "sentence"]) },
      phone: rng.chance(0.1),
      portrait: network === "friends" && rng.chance(0.2),
      note: rng.chance(0.5) ? paragraph(rng, 1) : undefined,
      indexed: rng.chance(0.6),
      ...(rng.chance(0.15)
        ? { email: { form: rng.pick<EmailForm>(["plain", "brackets", "words", "parens"]), n: 0 } }
        : {}),
    });
  }
  site.sheet("/").publish({
    title: site.style.siteName,
    body: html`<h1>${site.style.siteName}</h1><p>${paragraph(site.rng, 1)}</p><ul>${people.slice(0, 20).map((person) => html`<li><a href="${cast.directory.memberPath(network, person.handle)}">${person.handle}</a></li>`)}</ul>`,
    indexed: true,
  });
}
