/** Which town host and path a request means. */
import { isIP } from "node:net";

export interface Target {
  /** Lower case, without port. */
  host: string;
  path: string;
  /** The request named no town host but this machine: a person with a browser. */
  human: boolean;
}

/**
 * Path and query as the town compares them: percent-encoding normalised, fragment dropped, `http://h/a/../b` resolved.
 *
 * @returns null when the path is not one.
 */
export function canonicalPath(path: string): string | null {
  try {
    const url = new URL(path.startsWith("/") ? `http://town${path}` : path);
    return decodeLoosely(url.pathname) + decodeLoosely(url.search);
  } catch {
    return null;
  }
}

function decodeLoosely(part: string): string {
  try {
    return decodeURI(part);
  } catch {
    return part;
  }
}

/** Reads the `Host` header, or the absolute form that proxy clients send (`GET http://host/path`). */
export function target(rawUrl: string, hostHeader: string | undefined): Target | null {
  if (/^https?:\/\//i.test(rawUrl)) {
    if (!URL.canParse(rawUrl)) return null;
    const url = new URL(rawUrl);
    return { host: url.hostname, path: url.pathname + url.search, human: isThisMachine(url.hostname) };
  }
  if (!rawUrl.startsWith("/")) return null;
  const host = hostName(hostHeader ?? "");
  return { host, path: rawUrl.replace(/#.*$/s, ""), human: isThisMachine(host) };
}

function hostName(header: string): string {
  const bracketed = /^\[([^\]]+)\]/.exec(header);
  return (bracketed?.[1] ?? header.replace(/:\d*$/, "")).toLowerCase().replace(/\.$/, "");
}

function isThisMachine(host: string): boolean {
  return host === "" || host === "localhost" || isIP(host.replace(/^\[|\]$/g, "")) !== 0;
}
