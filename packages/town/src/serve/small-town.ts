/** A town of a handful of pages, for tests. */
import type { Host, Page, Town } from "../town.ts";

export function smallHost(name: string, host: Partial<Host> = {}): Host {
  return { name, kind: "site", notFound: { status: 404, body: "No such page", contentType: "text/html" }, ...host };
}

export function smallPage(url: string, body: string | Uint8Array, page: Partial<Page> = {}): Page {
  const { hostname, pathname, search } = new URL(url);
  return {
    host: hostname,
    path: pathname + search,
    status: 200,
    contentType: "text/html; charset=utf-8",
    body,
    indexed: true,
    ...page,
  };
}

export function smallTown(town: Partial<Town> = {}): Town {
  return {
    version: "test",
    seed: null,
    hosts: [smallHost("mugbook.example")],
    pages: [smallPage("http://mugbook.example/ada", "<title>Ada Quill</title><p>Ada Quill of Wrenport</p>")],
    persona: {
      name: "Ada Quill",
      seeds: { names: ["Ada Quill"], usernames: ["adaquill"], city: "Wrenport", sites: ["http://mugbook.example/ada"] },
      sealed: {
        phones: ["+442079460123"],
        emails: ["ada@quill.example"],
        addresses: ["12 Quay Street, Wrenport, WP3 4AA"],
        birthDates: ["1985-03-12"],
      },
      proof: { token: "candor-token", url: "http://mugbook.example/ada" },
    },
    facts: [],
    traps: [],
    sites: [],
    breached: [],
    ...town,
  };
}
