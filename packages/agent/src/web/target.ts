/** What may be asked for: an absolute http(s) URL without credentials, and no placeholder. */

const LONGEST = 4_000;

export type Target = { url: URL; problem?: undefined } | { url?: undefined; problem: string };

/** Reads a URL as a mind or a redirect gave it. The fragment is dropped: it never goes over the wire. */
export function readTarget(given: string, base?: string): Target {
  if (given.length > LONGEST) return { problem: `The URL is longer than ${LONGEST} characters.` };
  if (!URL.canParse(given, base))
    return { problem: "This is not an absolute URL. Give one that begins with http:// or https://." };
  const url = new URL(given, base);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return { problem: `Only http and https can be opened, not ${url.protocol.slice(0, 20)}` };
  }
  if (url.username !== "" || url.password !== "") return { problem: "A URL with a user name or password is refused." };
  // Ports below 1024 other than the web's belong to mail servers, shells and the like.
  const port = Number(url.port);
  if (url.port !== "" && port < 1024 && port !== 80 && port !== 443)
    return { problem: `Port ${port} is not a web port.` };
  if (url.hostname === "") return { problem: "The URL names no host." };
  url.hash = "";
  return { url };
}

const PLACEHOLDER =
  /<[^<>]*>|%3C[^%]*%3E|\{\{?[^{}]*\}?\}|%7B[^%]*%7D|\$\{?[A-Z_]+|\.{3}|…|\[\s*(?:your|the|insert|enter|add|url|link|name|user|page|site|host|handle|domain|placeholder|my|target|operator)\b[^\]]*\]|\b(?:TODO|FIXME|TBD|PLACEHOLDER|XXXX?|INSERT_|REPLACE_ME|CHANGE_ME|YOUR[_-][A-Z_-]+|your[_-](?:url|name|user(?:name)?|domain|site|handle|link|page|query|search)(?:[_-]here)?)\b/;

/** The part of `given` that stands for something the mind should have filled in. */
export function placeholderIn(given: string): string | undefined {
  const text = given.trim();
  if (/^(?:url|link|query|username|handle|string|n\/?a|none|null|undefined|unknown|example|test)$/i.test(text))
    return text;
  return PLACEHOLDER.exec(text)?.[0];
}
