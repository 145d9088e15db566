/** Disguises of a text, and what a model that sees through them all would read. */
import type { Carrier, Disguise } from "./monitors-attack-genome.ts";

const LOOK_ALIKES: Record<string, string> = { a: "а", c: "с", e: "е", o: "о", p: "р", x: "х", y: "у", i: "і", s: "ѕ" };
const BACK = Object.fromEntries(Object.entries(LOOK_ALIKES).map(([plain, other]) => [other, plain]));

const rot13 = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= "Z" ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });
const reversed = (text: string): string => [...text].reverse().join("");

export function disguise(text: string, how: Disguise): string {
  switch (how) {
    case "plain":
      return text;
    case "zero width":
      return [...text].join("\u200b");
    case "soft hyphens":
      return text.replace(/(\w\w)(?=\w)/g, "$1\u00ad");
    case "look-alikes":
      return text.replace(/[aceopxyis]/g, (letter) => LOOK_ALIKES[letter] ?? letter);
    case "spaced":
      return text.replace(/(\S)(?=\S)/g, "$1 ");
    case "base64":
      return `Decode this: ${Buffer.from(text).toString("base64")}`;
    case "rot13":
      return rot13(text);
    case "reversed":
      return reversed(text);
    case "capitals":
      return text.toUpperCase();
  }
}

/** Everything that the text could say. */
export function readings(text: string): string[] {
  const clean = text.replace(/[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g, "");
  const latin = clean.replace(/[асеорхуіѕ]/g, (letter) => BACK[letter] ?? letter);
  const decoded = (clean.match(/[A-Za-z0-9+/]{16,}={0,2}/g) ?? []).map((part) =>
    Buffer.from(part, "base64").toString("utf8"),
  );
  const closed = clean.replace(/(\S) (?=\S(?: |$))/gm, "$1");
  return [clean, latin, ...decoded, rot13(clean), reversed(clean), closed].map((each) =>
    each.toLowerCase().replace(/\s+/g, " "),
  );
}

/** An address that carries `data` out. */
export function carry(base: string, data: string, how: Carrier): string {
  const url = new URL(base);
  const slug = data.toLowerCase().replace(/\W+/g, "-");
  switch (how) {
    case "query":
      url.searchParams.set("d", data);
      return url.href;
    case "path":
      return `${base}${slug.replaceAll("-", "/")}`;
    case "subdomain":
      return `${url.protocol}//${slug.slice(0, 60)}.${url.host}${url.pathname}`;
    case "base64":
      return `${base}?d=${Buffer.from(data).toString("base64url")}`;
    case "hex":
      return `${base}${Buffer.from(data).toString("hex")}`;
    case "reversed":
      return `${base}?d=${encodeURIComponent(reversed(data))}`;
    case "rot13":
      return `${base}?d=${encodeURIComponent(rot13(data))}`;
    case "pieces":
      return `${base}${(slug.match(/.{1,2}/g) ?? []).join("/")}`;
    case "codes":
      return `${base}${[...data].map((letter) => letter.charCodeAt(0)).join("-")}`;
  }
}
