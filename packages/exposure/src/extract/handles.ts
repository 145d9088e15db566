/** Handles: from the address of a page, its labelled fields, `@mentions` and links to authors. */
import type { Document } from "@candor/agent";
import { meaningOf } from "./labels.ts";
import type { Handle } from "./record.ts";
import { escaped, fold, hostOf } from "./words.ts";

const TOKEN = /^[\p{L}\p{N}][\p{L}\p{N}._-]{1,38}$/u;
/** Path segments that stand before a member's name. */
const MEMBER =
  /^(?:u|user|users|member|members|people|person|profile|profiles|profile\.php|in|pro|author|authors|by|id|account|accounts|seller|sellers|shop|store|stores|artist|photos|photographer|channel|c|home|cal|calendar|cv|lounge|players?|runners?|athletes?|contributors?|creator|blog|card|me|view|show|profils?|membres?|utilisateurs?|nutzer|mitglied(?:er)?|benutzer|usuarios?|perfil|profilo|utenti?|gebruikers?|profiel)$/i;
const PARAMETERS = [
  "user",
  "username",
  "id",
  "u",
  "member",
  "name",
  "author",
  "profile",
  "handle",
  "who",
  "nick",
  "seller",
  "account",
  "uid",
];
/** `member.php?id=212`, `/users/17`: an account whose address has its number instead of its name. */
const MEMBER_NUMBER =
  /\/(?:u|users?|members?|profiles?|people|authors?|account|memberlist)(?:\.\w{2,4})?(?:\/\d+(?:[/-][\w.-]*)?\/?|\?(?:.*&)?(?:id|u|uid|user|userid|member)=\d+(?:&.*)?)$/i;
const DOMAIN = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|info|biz|co|uk|de|fr|es|it|nl|us|ca|au|example|test)$/i;
const NO_HANDLE =
  /^(?:notes?|guestbook|articles?|projects?|index|home|about|contact|login|signin|signup|register|search|explore|help|terms|privacy|team|people|staff|members|users|news|blog|posts?|photos?|events?|settings|admin|static|assets|img|images|files?|default|new|all|feed|tags?|category|\d+|cv|resume|profile|me|en|de|fr|es|main|page|pages|item|items|thread|threads|wiki|status|jobs|careers|club|archive|results|api)(?:\.\w{2,5})?$/i;

export interface AddressHandle {
  handle: string;
  /** The rest of the address says that a member's name stands there. */
  telling: boolean;
}

/** The handle that the address of an account's page ends with. */
export function handleOfAddress(url: string): AddressHandle | undefined {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return undefined;
  }
  for (const name of PARAMETERS) {
    const value = parsed.searchParams.get(name)?.replace(/^@/, "");
    if (value && TOKEN.test(value) && !NO_HANDLE.test(value)) return { handle: value, telling: true };
  }
  const segments = parsed.pathname
    .split("/")
    .filter((part) => part !== "")
    .map(decode);
  const last = segments.at(-1);
  if (last === undefined || parsed.search !== "") return undefined;
  const marked = /^[@~]/.test(last);
  // `/ada.example`, `/whois/ada.example`: a domain, not an account.
  if (!marked && DOMAIN.test(last) && !MEMBER.test(segments.at(-2) ?? "")) return undefined;
  const bare = last.replace(/^[@~]/, "");
  if (
    !TOKEN.test(bare) ||
    NO_HANDLE.test(bare) ||
    /\.(?:html?|php|aspx?|pdf|jpe?g|png|gif|webp|ics|txt|patch|json|xml|zip|md)$/i.test(bare)
  )
    return undefined;
  if (marked && segments.length <= 2) return { handle: bare, telling: true };
  if (segments.length === 1) return { handle: bare, telling: false };
  const before = segments.at(-2) ?? "";
  if (segments.length <= 3 && MEMBER.test(before)) return { handle: bare, telling: true };
  return undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

const wordIn = (text: string, handle: string): boolean =>
  new RegExp(`(?<![\\p{L}\\p{N}_.-])@?${escaped(handle.toLowerCase())}(?![\\p{L}\\p{N}_-])`, "u").test(fold(text));

/** `ada_q`, `@ada_q` or `ada_q (Ada)` at the start of a line, or between the marks of a title; letter by letter. */
const standsAlone = (text: string, handle: string): boolean =>
  new RegExp(
    `(?:^|[|·•:(@~–—/]\\s*|\\s-\\s)[@~]?${escaped(handle)}(?=\\s*(?:$|[|·•:),(–—/'’]|\\s-\\s|\\s(?:on|in|at)\\s))`,
    "mu",
  ).test(text);

/** Whether a title holds a handle as a word, and not as the start of a domain. */
const titles = (title: string, handle: string): boolean =>
  new RegExp(
    `(?<![\\p{L}\\p{N}_.-])@?${escaped(fold(handle).replace(/^@/, ""))}(?![\\p{L}\\p{N}_-]|\\.[\\p{L}\\p{N}])`,
    "u",
  ).test(fold(title));

/** Handles of whoever the whole page is about. */
export function pageHandles(document: Document, known: readonly string[]): Handle[] {
  const { host } = document;
  const handles: Handle[] = [];
  const add = (handle: string, how: Handle["how"]): void => {
    const bare = handle.replace(/^@/, "").trim();
    if (TOKEN.test(bare) && !handles.some((each) => each.handle.toLowerCase() === bare.toLowerCase()))
      handles.push({ handle: bare, host, how });
  };
  const address = handleOfAddress(document.url);
  if (address) {
    const whole = `${document.title}\n${document.text}`;
    // The only word of an address is mostly the subject of the page (`/crew`), so it has to be shown as a name is.
    const shown = address.telling ? wordIn(whole, address.handle) : standsAlone(whole, address.handle);
    // `/people/ada-thorne` that shows no such handle is a page about a person, not an account.
    const slug =
      address.handle.includes("-") &&
      fold(`${document.title} ${document.text}`).includes(address.handle.toLowerCase().replaceAll("-", " "));
    // The address of a network's profile is made from the name and still is the account's.
    const vanity = /^https?:\/\/[^/]+\/in\/[^/]+\/?$/.test(document.url);
    if (shown || vanity || known.includes(address.handle.toLowerCase()) || (address.telling && !slug))
      add(address.handle, "address");
  }
  const titled =
    /^@?([\p{L}\p{N}._-]{2,38})\s+\((?:\p{Lu}[\p{L}'.-]*\s?)+\)|\(@?([\p{L}\p{N}._-]{2,38})\)|(?<![\p{L}\p{N}])@([\p{L}\p{N}._-]{2,38})/u.exec(
      document.title,
    );
  const title = titled?.[1] ?? titled?.[2] ?? titled?.[3];
  if (
    title &&
    (/[\d._-]|@/.test(titled?.[0] ?? "") ||
      known.includes(title.toLowerCase()) ||
      title.toLowerCase() === address?.handle.toLowerCase()) &&
    !/^\d+$/.test(title)
  )
    add(title, "mention");
  // `Profile of ada_q`: a page titled with a username that is known, or that its one field for a username gives.
  const given = document.fields.filter(({ label }) => meaningOf(label) === "handle").map(({ value }) => value.trim());
  for (const handle of given.length === 1 ? [...known, ...given] : known)
    if (handle.length > 3 && titles(document.title, handle))
      add(given.find((each) => fold(each) === fold(handle)) ?? handle, "field");
  const meta = document.meta["profile:username"] ?? document.meta["og:profile:username"];
  if (meta) add(meta, "field");
  return handles;
}

export function fieldHandles(fields: Document["fields"], host: string): Handle[] {
  return fields.flatMap(({ label, value }): Handle[] => {
    if (meaningOf(label) !== "handle") return [];
    const bare = value.trim().replace(/^@/, "");
    const elsewhere = /^([\p{L}\p{N}._-]+)@([\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)$/u.exec(bare);
    if (elsewhere?.[1] && elsewhere[2])
      return [{ handle: elsewhere[1], host: elsewhere[2].toLowerCase(), how: "stated" }];
    return TOKEN.test(bare) ? [{ handle: bare, host, how: "field" }] : [];
  });
}

const STATED = [
  /@?([\p{L}\p{N}][\p{L}\p{N}._-]{1,37})\s+(?:on|over on|at|auf|sur|en)\s+(?:https?:\/\/)?((?:[\p{L}\p{N}-]+\.)+[a-z]{2,})\b/gu,
  /\b((?:[\p{L}\p{N}-]+\.)+[a-z]{2,})\s*(?::|as|under|–|—)\s*@?([\p{L}\p{N}][\p{L}\p{N}._-]{1,37})(?![\p{L}\p{N}@.])/gu,
  /@([\p{L}\p{N}][\p{L}\p{N}._-]{1,37})@((?:[\p{L}\p{N}-]+\.)+[a-z]{2,})\b/gu,
];
const NO_ACCOUNT =
  /^(?:me|find|us|it|is|was|posts?|here|also|profile|account|page|pages|photos|see|more|read|same|handle|name|the|and|www|mail|e-mail|email|write|info|live|listed|found|active|followers?|following)$/i;

/** `marl_wren on trailboard.example`: accounts that a passage says its subject has elsewhere. */
export function statedHandles(text: string): Handle[] {
  const handles: Handle[] = [];
  for (const [i, pattern] of STATED.entries()) {
    for (const match of text.matchAll(pattern)) {
      const [handle = "", host = ""] = i === 1 ? [match[2], match[1]] : [match[1], match[2]];
      if (!NO_ACCOUNT.test(handle) && TOKEN.test(handle) && !/^\d+$/.test(handle))
        handles.push({ handle: handle.replace(/\.$/, ""), host: host.toLowerCase(), how: "stated" });
    }
  }
  return handles;
}

/** The account a link leads to, where its label is a name or the handle itself. */
export function linkedAccount(
  link: Document["links"][number],
  base: string,
  known: readonly string[],
): Handle | undefined {
  const host = hostOf(link.href);
  const address = handleOfAddress(link.href);
  if (!address) {
    const shown = link.label.trim().replace(/^@/, "");
    return host === base && known.includes(fold(shown)) && MEMBER_NUMBER.test(link.href)
      ? { handle: shown, host, how: "author" }
      : undefined;
  }
  const label = fold(link.label).replace(/^@/, "");
  const says = label === address.handle.toLowerCase();
  return (address.telling || says) && host === base ? { handle: address.handle, host, how: "author" } : undefined;
}
