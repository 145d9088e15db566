/** Addresses as the grader compares them. */

/**
 * Scheme, port, `www.`, fragment, letter case of the host and percent-encoding make no difference; the query does.
 * What is no address comes back as it is.
 */
export function canonicalUrl(address: string): string {
  const absolute = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  if (!URL.canParse(absolute)) return address;
  const url = new URL(absolute);
  const path = decode(url.pathname) || "/";
  return hostOf(url) + (path.length > 1 ? path.replace(/\/+$/, "") || "/" : path) + decode(url.search);
}

/** Host and path without the query. */
export function hostAndPath(address: string): string {
  return canonicalUrl(address).replace(/\?.*$/s, "");
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^www\./, "").replace(/\.$/, "");
}

function decode(part: string): string {
  try {
    return decodeURI(part);
  } catch {
    return part;
  }
}
