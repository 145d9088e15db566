/** Finds e-mail addresses, written plainly or so that harvesters miss them. */
import { mailbox } from "../identity/forms/email.ts";

export interface FoundEmail {
  start: number;
  end: number;
  /** Lower-cased, plain; the domain may be missing where only its provider is named. */
  address: string;
}

const SIGN = /@|%40|&#0*64;|&#x0*40;|&commat;/gi;
const BRACKETED_AT = /[[({<|*_-]\s*(?:at|ät|arroba|arobase|chiocciola|@|a t)\s*[\])}>|*_-]/giu;
const WORD_AT = /(?<=[\p{L}\p{N}]\s{1,3})(?:at|ät|arroba|arobase|chiocciola|at-sign|at sign)(?=\s{1,3}[\p{L}\p{N}])/giu;

const LOCAL = /(?:"[^"\n]{1,64}"|[\p{L}\p{N}!#$%&'*+/=?^_`{|}~.-]{1,64})$/u;
const LOCAL_WORDED =
  /(?:[\p{L}\p{N}_+-]{1,40}\s*(?:[[({<]\s*(?:dot|punkt|point|punto|ponto|\.)\s*[\])}>]|\s(?:dot|punkt|point|punto|ponto|underscore|dash|hyphen|minus)\s)\s*){1,4}[\p{L}\p{N}_+-]{1,40}\s{0,3}$/iu;
/** Cheap: whether what follows `at` can be a host at all. */
const HOST_AHEAD =
  /^\s{1,3}(?:[\p{L}\p{N}-]{1,63}(?:\s?\.\s?[\p{L}]|\s*[[({<|*_-]|\s+(?:dot|punkt|point|punto|ponto)\b)|gmail|googlemail|hotmail|outlook|yahoo|proton|icloud|gmx|aol|fastmail|posteo|web|tutanota|yandex|\p{L}\s\p{L}\s)/iu;
const LITERAL = /^\s{0,3}\[(?:IPv6:)?[\da-f.:]{4,40}\]/i;
const LABEL = /[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?/uy;
const DOT_WORD =
  /\s*[[({<|*_-]\s*(?:dot|punkt|point|punto|ponto|d0t|\.)\s*[\])}>|*_-]\s*|\s+(?:dot|punkt|point|punto|ponto)\s+|&#0*46;|%2e/iy;
const DOT = /\.|\s\.\s/y;
const DOT_SLOPPY = /\s?\.\s?/y;
const COMMON_ENDING =
  /^(?:com|org|net|edu|gov|info|io|co|uk|de|fr|es|it|nl|pl|se|ch|at|eu|us|me|dev|app|example|test)$/;
const PROVIDER =
  /^\s{0,3}(?:gmail|googlemail|hotmail|outlook|yahoo|proton(?:mail)?|icloud|gmx|aol|fastmail|posteo|web\.de|tutanota|yandex)\b/i;
const DOTTED = /dot|punkt|point|punto|ponto|underscore|dash|hyphen|minus|[[({<]\s*\./i;
const SINGLES = /(?<![\p{L}\p{N}])[\p{L}\p{N}._-]\s[\p{L}\p{N}._-]\s?$/u;
const SPELLED_LOCAL = /(?:(?<![\p{L}\p{N}])[\p{L}\p{N}._-]\s){2,30}[\p{L}\p{N}]?\s*$/u;
const SPELLED_DOMAIN = /^\s*(?:[\p{L}\p{N}-]\s){2,30}\.\s?(?:[\p{L}]\s?){2,10}(?![\p{L}])/u;

/** What follows the sign in `icon@2x.png`, `user@docker.service` and package versions. */
const FILE_ENDING =
  /\.(?:png|jpe?g|gif|svg|webp|avif|css|js|mjs|ts|tsx|jsx|json|html?|php|xml|ya?ml|service|socket|timer|target|mount|conf|txt|pdf|zip|gz|mp4|woff2?)$/i;
/** Accounts of services, not mailboxes of people. */
const SERVICE_LOCAL = /^(?:git|hg|svn|ssh|root|www-data)$/i;
/** Words before `at host.org` that say a place and not a mailbox. */
const PLACE_BEFORE = new Set(
  (
    "me us him her them it you one us at is are was were be been look looking available find found hosted live lives online only here there now " +
    "read more page pages website site blog up in on out down over available seen meet meeting talk talks speak speaking work works working worked " +
    "job jobs engineer engineering developer manager director editor professor lecturer researcher fellow student physics chemistry mathematics " +
    "science history studies research hello photos photo pictures code source sources repository repo project projects documentation docs demo " +
    "download downloads details information info profile profiles account accounts shop store order buy sign signup register subscribe follow visit " +
    "listen watch stream tickets registration open starts starting held published posted hosted stored served running and or not also directly " +
    "version listed released copy copies archive archives post posts article articles episode episodes team staff people everyone gallery video " +
    "videos music latest free first last recipe recipes maps map calendar events event results newsletter forum wiki discussion join ask"
  ).split(" "),
);
const EMAIL_CUE = /(?:e-?mail|mail|contact|write|reach|address|courriel|correo|kontakt)[^\n]{0,30}$/i;

/**
 * @param text folded text
 * @param cued the text stands where an e-mail address is expected
 */
export function findEmails(text: string, isGivenName: (word: string) => boolean, cued: boolean): FoundEmail[] {
  const found: FoundEmail[] = [];
  if (/[@%&]/.test(text)) {
    for (const sign of text.matchAll(SIGN)) {
      const email = around(text, sign.index, sign[0].length, "sign", isGivenName, cued);
      if (email !== null) found.push(email);
    }
  }
  if (/\bat\b|ät|[[({<|*_-]\s*(?:at|@)|arroba|arobase|chiocciola/i.test(text)) {
    for (const sign of text.matchAll(BRACKETED_AT)) {
      const email = around(text, sign.index, sign[0].length, "bracketed", isGivenName, cued);
      if (email !== null) found.push(email);
    }
    for (const sign of text.matchAll(WORD_AT)) {
      const email = around(text, sign.index, sign[0].length, "word", isGivenName, cued);
      if (email !== null) found.push(email);
    }
  }
  return found;
}

function around(
  text: string,
  at: number,
  length: number,
  how: "sign" | "bracketed" | "word",
  isGivenName: (word: string) => boolean,
  cued: boolean,
): FoundEmail | null {
  const before = text.slice(Math.max(0, at - 80), at);
  const after = text.slice(at + length, at + length + 160);
  if (how === "word" && !HOST_AHEAD.test(after)) return null;
  // `social.example/@ada.quill` is an account, however much what follows looks like a domain.
  if (how === "sign" && before.endsWith("/")) return null;
  const trimmed = before.replace(/\s{1,3}$/, "");
  const gap = before.length - trimmed.length;
  const worded = DOTTED.test(before) ? LOCAL_WORDED.exec(before) : null;
  const plain = LOCAL.exec(trimmed);
  const spelled = SINGLES.test(before) ? SPELLED_LOCAL.exec(before) : null;
  const local = longest(
    worded?.[0],
    spelled?.[0],
    plain === null ? undefined : plain[0] + before.slice(before.length - gap),
  );
  if (local === null) return null;

  const letters = spelled === null ? null : (SPELLED_DOMAIN.exec(after)?.[0] ?? null);
  const host = letters ?? LITERAL.exec(after)?.[0] ?? readDomain(after) ?? PROVIDER.exec(after)?.[0] ?? null;
  if (host === null) return null;

  const name = local.trim();
  const hostPlain = plainHost(host);
  // A link's user part may begin after `mailto:` or a bracket; a handle's sign has nothing before it.
  const core = name.replace(/^[^\p{L}\p{N}"]+/u, "");
  if (core === "" || FILE_ENDING.test(hostPlain)) return null;
  if (how === "sign" && gap > 0 && !/^\s/.test(after) && spelled === null) {
    // `thanks @ada.example`: a mention, unless the word before can be a mailbox.
    if (
      PLACE_BEFORE.has(core.toLowerCase()) ||
      !/\.[a-z]{2,}$/i.test(hostPlain) ||
      /^(?:by|via|with|thanks|cc|to|from|for|of|the|a|an|and|follow)$/i.test(core)
    )
      return null;
  }
  if (how === "sign" && SERVICE_LOCAL.test(core) && /^[:/]\S/.test(after.slice(host.length))) return null;
  if (how === "word" && !wordAtIsEmail(core, host, worded !== null || spelled !== null, before, gap, isGivenName, cued))
    return null;
  const start = at - local.length + (local.length - local.trimStart().length) + (name.length - core.length);
  return { start, end: at + length + host.trimEnd().length, address: mailbox(`${plainLocal(core)}@${hostPlain}`) };
}

function wordAtIsEmail(
  local: string,
  host: string,
  worded: boolean,
  before: string,
  gap: number,
  isGivenName: (word: string) => boolean,
  cued: boolean,
): boolean {
  if (worded || cued || /\bdot\b|punkt|punto|ponto|[[({]/i.test(host)) return true;
  if (!/\./.test(host)) return /[._\d+-]/.test(local) || isGivenName(local);
  if (PLACE_BEFORE.has(local.toLowerCase())) return false;
  if (/[.\d_+-]/.test(local) || isGivenName(local)) return true;
  const lead = before.slice(0, before.length - gap - local.length);
  return EMAIL_CUE.test(lead) || /^\s*$/.test(lead.split("\n").at(-1) ?? "");
}

function longest(...texts: (string | undefined)[]): string | null {
  return texts.reduce<string | null>(
    (best, text) => (text !== undefined && text.length > (best?.length ?? 0) ? text : best),
    null,
  );
}

/** The domain at the start of `after`, with the space before it; null for anything that has no dot or ends in a number. */
function readDomain(after: string): string | null {
  let position = /^\s{0,3}/.exec(after)?.[0].length ?? 0;
  let labels = 0;
  let last = "";
  let end = position;
  for (;;) {
    LABEL.lastIndex = position;
    const label = LABEL.exec(after);
    if (label === null) break;
    last = label[0];
    labels += 1;
    end = position + last.length;
    let next = -1;
    // `host. org` is one address, `host.org. Then` is not: a stray space is let pass at the first dot only.
    for (const dot of labels === 1 ? [DOT_WORD, DOT, DOT_SLOPPY] : [DOT_WORD, DOT]) {
      dot.lastIndex = end;
      const found = dot.exec(after);
      LABEL.lastIndex = end + (found?.[0].length ?? 0);
      const follows = found === null ? null : LABEL.exec(after);
      if (found !== null && follows !== null && (dot !== DOT_SLOPPY || COMMON_ENDING.test(follows[0]))) {
        next = end + found[0].length;
        break;
      }
    }
    if (next < 0 || labels > 8) break;
    position = next;
  }
  return labels > 1 && /\p{L}/u.test(last) ? after.slice(0, end) : null;
}

function plainHost(text: string): string {
  return text
    .trim()
    .replace(
      /\s*[[({<|*_-]\s*(?:dot|punkt|point|punto|ponto|d0t|\.)\s*[\])}>|*_-]\s*|\s+(?:dot|punkt|point|punto|ponto)\s+|&#0*46;|%2e/gi,
      ".",
    )
    .replace(/\s/g, "")
    .toLowerCase();
}

function plainLocal(text: string): string {
  return text
    .replace(/\s*[[({<]\s*(?:dot|punkt|point|punto|ponto|\.)\s*[\])}>]\s*|\s(?:dot|punkt|point|punto|ponto)\s/gi, ".")
    .replace(/\sunderscore\s/gi, "_")
    .replace(/\s(?:dash|hyphen|minus)\s/gi, "-")
    .replace(/[\s"]/g, "")
    .toLowerCase();
}
