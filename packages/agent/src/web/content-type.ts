/** What a body is: the server's word, corrected by unmistakable first bytes, and the charset of text. */
import iconv from "iconv-lite";

const GENERIC = new Set([
  "",
  "application/octet-stream",
  "binary/octet-stream",
  "application/x-download",
  "unknown/unknown",
  "*/*",
]);

/** The media type in lower case. `header` is the Content-Type as it came. */
export function mediaTypeOf(header: string | undefined, bytes: Uint8Array): string {
  const stated = (header ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const signature = signatureOf(bytes);
  // A file format's signature outweighs any header; text formats are only guessed where the header says nothing.
  if (signature) return signature;
  const type = /^[\w.+-]+\/[\w.+*-]+$/.test(stated) ? stated : "";
  return GENERIC.has(type) ? guess(bytes) : type;
}

const ascii = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1", start, end);

function signatureOf(bytes: Uint8Array): string | undefined {
  const head = ascii(bytes, 0, 16);
  if (/^%PDF-/.test(head)) return "application/pdf";
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (head.startsWith("II*\0") || head.startsWith("MM\0*")) return "image/tiff";
  if (/^GIF8[79]a/.test(head)) return "image/gif";
  if (/^RIFF[\s\S]{4}WEBP/.test(head)) return "image/webp";
  const brand = /^[\s\S]{4}ftyp(heic|heix|hevc|heim|heis|mif1|msf1|avif|avis)/.exec(head)?.[1];
  if (brand) return brand.startsWith("avi") ? "image/avif" : "image/heic";
  if (head.startsWith("PK\x03\x04")) return "application/zip";
  return undefined;
}

function guess(bytes: Uint8Array): string {
  const start = ascii(bytes, 0, 1024)
    .replace(/^\xef\xbb\xbf/, "")
    .trimStart();
  if (/^(?:<!doctype html|<html|<head|<body|<!--[\s\S]*?<(?:html|!doctype))/i.test(start)) return "text/html";
  if (/^<\?xml/.test(start)) return /<html/i.test(start) ? "application/xhtml+xml" : "application/xml";
  if (/^BEGIN:VCALENDAR/.test(start)) return "text/calendar";
  if (/^BEGIN:VCARD/.test(start)) return "text/vcard";
  if (/^[[{]/.test(start)) return "application/json";
  const sample = bytes.subarray(0, 512);
  const wide = /^(?:\xff\xfe|\xfe\xff)/.test(ascii(bytes, 0, 2));
  const odd = sample.filter((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27)).length;
  return wide || odd === 0 ? "text/plain" : "application/octet-stream";
}

export const isTextual = (mediaType: string): boolean =>
  mediaType.startsWith("text/") ||
  /^(?:message\/|application\/(?:.*\+)?(?:json|xml|xhtml\+xml|javascript|ecmascript|x-ndjson|yaml|x-yaml|toml|rtf|x-patch|x-diff|ics|sql|mbox)$)/.test(
    mediaType,
  );

/** The charset of a text body: BOM, header, `<meta>` or XML declaration, then UTF-8 where the bytes are, else windows-1252. */
export function charsetOf(header: string | undefined, bytes: Uint8Array): string {
  const bom = ascii(bytes, 0, 3);
  if (bom === "\xef\xbb\xbf") return "utf-8";
  if (bom.startsWith("\xff\xfe")) return "utf-16le";
  if (bom.startsWith("\xfe\xff")) return "utf-16be";
  const start = ascii(bytes, 0, 4096);
  const named = [
    /charset\s*=\s*["']?([\w.:-]+)/i.exec(header ?? "")?.[1],
    /<meta[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(start)?.[1],
    /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)/i.exec(start)?.[1],
  ];
  for (const name of named) {
    const label = name?.toLowerCase();
    // A page that could tell us in ASCII that it is UTF-16 is not.
    if (label && iconv.encodingExists(label) && !(label.startsWith("utf-16") && label !== named[0]?.toLowerCase())) {
      // As browsers have it, Latin-1 and ASCII mean windows-1252.
      return /^(?:iso-?8859-?1|latin-?1|us-ascii|ascii)$/.test(label) ? "windows-1252" : label;
    }
  }
  return isUtf8(bytes) ? "utf-8" : "windows-1252";
}

function isUtf8(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, 65_536);
  try {
    // Where only a part is looked at, it may end within a character.
    new TextDecoder("utf-8", { fatal: true }).decode(sample, { stream: sample.length < bytes.length });
    return true;
  } catch {
    return false;
  }
}

/** Text of `bytes`, without a byte order mark. Bytes that are no text become U+FFFD. */
export function decodeText(bytes: Uint8Array, charset: string | null): string {
  const label = charset !== null && iconv.encodingExists(charset) ? charset : "utf-8";
  return iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), label);
}
