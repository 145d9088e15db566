/** The town as a person sees it at `http://127.0.0.1:PORT/`: a directory, the pages, and the inbox. */
import type { Inbox, Message } from "../inbox.ts";
import { type Exchange, html, type Reply, type Service, text } from "../reply.ts";
import type { Site } from "../site.ts";
import { escapeHtml, layout } from "./layout.ts";
import { PREFIX, rewriteLinks, shownAt } from "./links.ts";

export interface View {
  answer(exchange: Exchange): Promise<Reply>;
}

interface Seen {
  sites: ReadonlyMap<string, Site>;
  services: ReadonlyMap<string, Service>;
  inbox: Inbox;
  port: () => number;
  searchHost: string;
}

export function humanView(town: Seen): View {
  const hosts: ReadonlySet<string> = new Set([...town.sites.keys(), ...town.services.keys()]);
  return {
    async answer(exchange) {
      const { path } = exchange;
      if (exchange.method !== "GET" && exchange.method !== "HEAD") return text(405, "Method not allowed\n");
      if (path === "/") return html(200, directory(town, hosts));
      if (path === "/inbox") return html(200, inboxPage(town.inbox.messages()));
      const listed = town.sites.get(/^\/hosts\/([^/?]+)$/.exec(path)?.[1] ?? "");
      if (listed !== undefined) return html(200, hostPage(listed));
      const match = /^\/~\/([^/?]+)(.*)$/s.exec(path);
      const host = match?.[1]?.toLowerCase() ?? "";
      if (!hosts.has(host)) return html(404, layout("Not here", `<p>Nothing here. <a href="/">See the town</a>.</p>`));
      const asked = { ...exchange, host, path: match?.[2] || "/" };
      const site = town.sites.get(host);
      const reply = site?.look(asked.path) ?? (await town.services.get(host)?.(asked));
      if (reply === undefined || reply === "drop") return text(502, "The host did not answer\n");
      return clickable(reply, host, hosts);
    },
  };
}

function clickable(reply: Reply, host: string, hosts: ReadonlySet<string>): Reply {
  // Pages of a town may come from strangers: nothing of theirs runs beside the inbox.
  const headers: Record<string, string> = {
    ...reply.headers,
    "content-security-policy": "sandbox allow-forms; script-src 'none'",
    "x-content-type-options": "nosniff",
  };
  const location = headers.location;
  if (location !== undefined) headers.location = shownAt(location, host, hosts);
  if (!/html/i.test(headers["content-type"] ?? "")) return { ...reply, headers };
  const body = typeof reply.body === "string" ? reply.body : Buffer.from(reply.body).toString("utf8");
  return { status: reply.status, headers, body: rewriteLinks(body, host, hosts) };
}

function directory({ sites, services, port, searchHost }: Seen, hosts: ReadonlySet<string>): string {
  const rows = [...sites.values()]
    .filter(({ host }) => !services.has(host.name))
    .map(
      ({ host: { name, kind }, paths }) =>
        `<tr><td><a href="/hosts/${name}">${escapeHtml(name)}</a></td><td class="soft">${escapeHtml(kind)}</td><td class="soft">${count(paths.length)}</td></tr>`,
    );
  return layout(
    "A simulated town",
    `<h1>A simulated town</h1>
<p>${hosts.size} hosts behind one port. Everybody in it is made up. <a href="/inbox">Inbox</a></p>
<form action="${PREFIX}${searchHost}/search" method="get"><input name="q" aria-label="Search the town" placeholder="Search the town"> <button>Search</button></form>
<p></p><table>${rows.join("\n")}</table>
<h2>With a program</h2>
<p>Use it as an HTTP proxy, or send the <code>Host</code> header yourself:</p>
<pre>curl -x http://127.0.0.1:${port()} 'http://${escapeHtml(searchHost)}/search?q=harbour&amp;format=json'
curl -H 'Host: ${escapeHtml([...sites.keys()][0] ?? searchHost)}' http://127.0.0.1:${port()}/</pre>`,
  );
}

const count = (pages: number): string => `${pages} ${pages === 1 ? "page" : "pages"}`;

/** Longer lists are of no use to a person. */
const LISTED = 500;

function hostPage({ host: { name, kind, robots }, paths }: Site): string {
  const links = paths
    .slice(0, LISTED)
    .map((path) => `<li><a href="${escapeHtml(PREFIX + name + path)}">${escapeHtml(path)}</a></li>`);
  const more = paths.length > LISTED ? `<p class="soft">and ${count(paths.length - LISTED)} more</p>` : "";
  const rules = robots === undefined ? "" : `<h2>robots.txt</h2><pre>${escapeHtml(robots)}</pre>`;
  return layout(
    name,
    `<p><a href="/">The town</a></p><h1>${escapeHtml(name)}</h1><p class="soft">${escapeHtml(kind)}</p>` +
      `<ul>${links.join("\n")}</ul>${more}${rules}`,
  );
}

function inboxPage(messages: Message[]): string {
  const shown = messages
    .toReversed()
    .map(
      ({ at, from, to, body }) =>
        `<article><small>${escapeHtml(new Date(at).toISOString().replace("T", " ").slice(0, 19))} UTC, ` +
        `from ${escapeHtml(from)} to ${escapeHtml(to)}</small><div class="bubble">${escapeHtml(body)}</div></article>`,
    );
  return layout(
    "Inbox",
    `<p><a href="/">The town</a></p><h1>Inbox</h1>${shown.join("\n") || "<p>No message has arrived.</p>"}`,
  );
}
