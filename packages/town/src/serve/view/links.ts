/** Rewrites a town page so that a person can click around in it under `/~/HOST/path`. */

export const PREFIX = "/~/";

/**
 * Where an address that stands on a page of `host` is shown to people: `http://mugbook.example/ada` becomes
 * `/~/mugbook.example/ada`. Addresses outside the town, and those relative to the page, stay as they are.
 */
export function shownAt(address: string, host: string, hosts: ReadonlySet<string>): string {
  const trimmed = address.trim();
  if (/^(?:https?:)?\/\//i.test(trimmed)) {
    const absolute = trimmed.startsWith("//") ? `http:${trimmed}` : trimmed;
    if (!URL.canParse(absolute)) return address;
    const url = new URL(absolute);
    return hosts.has(url.hostname) ? PREFIX + url.hostname + url.pathname + url.search + url.hash : address;
  }
  return trimmed.startsWith("/") ? PREFIX + host + trimmed : address;
}

const ATTRIBUTE = /(<[a-z][^>]*?\s(?:href|src|action|poster)\s*=\s*)(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;
const REFRESH = /(<meta[^>]*content\s*=\s*["']?\s*\d+\s*;\s*url=)([^"'>]+)/gi;

export function rewriteLinks(html: string, host: string, hosts: ReadonlySet<string>): string {
  const move = (address: string): string =>
    shownAt(address.replaceAll("&amp;", "&"), host, hosts).replaceAll("&", "&amp;");
  let before = html;
  // A tag may hold several addresses; each pass rewrites the first that is left of each tag.
  for (let pass = 0; pass < 3; pass++) {
    const after = before.replace(ATTRIBUTE, (whole, start: string, double, single, bare) => {
      const address = String(double ?? single ?? bare);
      if (address.startsWith(PREFIX)) return whole;
      return `${start}"${move(address)}"`;
    });
    if (after === before) break;
    before = after;
  }
  return before.replace(REFRESH, (_, start: string, address: string) => start + move(address));
}
