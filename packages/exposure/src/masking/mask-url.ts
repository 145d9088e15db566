/** Masks identifiers in addresses of pages, and leaves every other address as it is, so that it can be followed. */
import { fold } from "../identity/forms/fold.ts";
import { findCoded } from "./find-coded.ts";
import { findDialled } from "./find-dialled.ts";
import { findEmails } from "./find-emails.ts";
import { findIdentifiers } from "./find-identifiers.ts";
import { isGivenName } from "./given-names.ts";
import type { Masking, MaskText } from "./masking.ts";
import { LABEL } from "./numbering.ts";
import { cueOf, type Span } from "./span.ts";

const CALL = /^(tel|sms|callto|fax|skype|facetime|facetime-audio|whatsapp|viber|sip|sips):/i;
const MAIL = /^(mailto|xmpp):/i;
/** Paths that are a phone number. */
const NUMBER_PATH =
  /^((?:https?:\/\/)?(?:wa\.me|t\.me|signal\.me|api\.whatsapp\.com|(?:www\.)?viber\.com|zalo\.me)\/(?:#p\/|send\/?\?phone=|add\?number=)?)(\+?[\d%()\s-]{6,})/i;

export function maskUrl(url: string, masking: Masking, maskText: MaskText): string {
  if (url.includes("[") && url.replace(LABEL, "") !== url && !/[@%]/.test(url)) return url;
  const scheme = MAIL.exec(url) ?? CALL.exec(url);
  if (scheme !== null)
    return `${scheme[0]}${maskTarget(decode(url.slice(scheme[0].length)), MAIL.test(url) ? "e-mail" : "phone", masking, maskText)}`;
  if (/^data:/i.test(url)) return /^data:[^,;]{0,60}/i.exec(url)?.[0] ?? "data:";
  if (/^javascript:/i.test(url)) return maskText(url, masking);
  const number = NUMBER_PATH.exec(url);
  if (number !== null)
    return `${number[1]}${maskTarget(decode(number[2] ?? ""), "phone", masking, maskText)}${url.slice(number[0].length)}`;
  return maskWebAddress(url, masking, maskText);
}

function maskTarget(target: string, cue: "e-mail" | "phone", masking: Masking, maskText: MaskText): string {
  const [address = "", ...query] = target.split("?");
  const masked = maskText(address, masking, cue);
  const bare = masked.replace(LABEL, "");
  // What a mail or phone link leads to is an identifier even where it has no known form.
  const whole = (cue === "e-mail" ? /[\p{L}\p{N}]{2}/u : /\d{3}/).test(bare)
    ? masking.numbering.label({ kind: cue, own: masking.scanner.match({ kind: cue, text: address }), key: address })
    : masked;
  return query.length === 0 ? whole : `${whole}?${maskText(query.join("?").replaceAll("+", " "), masking)}`;
}

function maskWebAddress(url: string, masking: Masking, maskText: MaskText): string {
  const cut = url.search(/[?#]/);
  const path = cut < 0 ? url : url.slice(0, cut);
  const query = cut < 0 ? "" : url.slice(cut);
  const masked = maskPath(path, masking);
  if (query === "") return masked;
  let changed = false;
  const parts = query.split(/(?<=[?&#;])|(?=[?&#;])/).map((part) => {
    const equals = part.indexOf("=");
    const key = equals < 0 ? "" : part.slice(0, equals + 1);
    const value = decode((equals < 0 ? part : part.slice(equals + 1)).replaceAll("+", " "));
    const hidden = maskQueryValue(value, key.slice(0, -1), masking, maskText);
    if (hidden === value) return part;
    changed = true;
    return key + hidden;
  });
  return changed ? masked + parts.join("") : masked + query;
}

/** In a host or path the operator's values, e-mail addresses and what is dialled count; any other run of digits is an id. */
function maskPath(path: string, masking: Masking): string {
  const decoded = fold(decode(path)).text;
  const own = masking.scanner.find(decoded, decoded).filter(({ kind }) => kind === "phone" || kind === "e-mail");
  const spans: Span[] = own.map((span) => ({ ...span, own: span.index, key: "" }));
  spans.push(...dialled(decoded, masking), ...findCoded(decoded, (said) => findIdentifiers(said, masking, null)));
  if (decoded.includes("@")) {
    for (const { start, end, address } of findEmails(decoded, isGivenName, false)) {
      // `/@ada@social.example` is a handle.
      if (decoded[start - 1] === "@") continue;
      spans.push({
        start,
        end,
        kind: "e-mail",
        own: masking.scanner.match({ kind: "e-mail", text: address }),
        key: address,
      });
    }
  }
  return spans.length === 0 ? path : replace(decoded, spans, masking);
}

function maskQueryValue(value: string, key: string, masking: Masking, maskText: MaskText): string {
  if (value === "") return value;
  const cue = cueOf(key.replaceAll(/[_-]/g, " "));
  if (cue !== null) return maskText(value, masking, cue);
  const folded = fold(value).text;
  const spans = findIdentifiers(folded, masking, null).filter(
    (span) => span.own !== null || span.kind === "e-mail" || span.kind === "address",
  );
  spans.push(...dialled(folded, masking), ...findCoded(folded, (said) => findIdentifiers(said, masking, null)));
  return spans.length === 0 ? value : replace(folded, spans, masking);
}

function dialled(text: string, { scanner }: Masking): Span[] {
  return findDialled(text).map(({ start, end, digits }) => ({
    start,
    end,
    kind: "phone",
    own: scanner.match({ kind: "phone", text: digits }),
    key: digits.slice(-9),
  }));
}

function replace(text: string, spans: readonly Span[], masking: Masking): string {
  let result = "";
  let from = 0;
  for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (span.start < from) continue;
    result += text.slice(from, span.start) + masking.numbering.label(span);
    from = span.end;
  }
  return result + text.slice(from);
}

function decode(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/%([0-7][\da-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
}
