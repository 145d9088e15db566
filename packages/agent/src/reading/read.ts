/** Reads a fetched resource into a `Document`, by its type. Hostile or broken content gives an empty document, never an error. */
import type { Document } from "../ports.ts";
import { charsetOf, decodeText, isTextual, mediaTypeOf } from "../web/content-type.ts";
import { type Content, nothing } from "./content.ts";
import { readHtml } from "./html.ts";
import { readImage } from "./image.ts";
import { readJson } from "./json.ts";
import { readPdf } from "./pdf.ts";
import { readCalendar, readPlain, readTable } from "./plain.ts";

/** What `Fetched` has of a resource; a header instead of a bare media type does as well. */
export interface Readable {
  /** Final address. */
  url: string;
  /** An HTTP status, or a fetch's verdict beside `httpStatus`. */
  status: number | string;
  httpStatus?: number | null;
  contentType: string;
  charset?: string | null;
  bytes: Uint8Array;
  /** sha256 of `bytes`, hex. */
  hash: string;
}

/** There is a reader for this media type; of others only the name is known. */
export const isReadable = (mediaType: string): boolean =>
  isTextual(mediaType) || mediaType === "application/pdf" || mediaType.startsWith("image/");

/** Never throws. A typical page takes some milliseconds. */
export async function read(readable: Readable): Promise<Document> {
  const { url, bytes, hash } = readable;
  const contentType = mediaTypeOf(readable.contentType, bytes);
  const charset = readable.charset ?? (isTextual(contentType) ? charsetOf(readable.contentType, bytes) : null);
  const status = typeof readable.status === "number" ? readable.status : (readable.httpStatus ?? 0);
  let content: Content;
  try {
    content = await contentOf(contentType, charset, bytes, url);
  } catch {
    content = nothing();
  }
  return { url, host: URL.parse(url)?.host ?? "", status, contentType, hash, ...content };
}

async function contentOf(type: string, charset: string | null, bytes: Uint8Array, url: string): Promise<Content> {
  if (type === "application/pdf") return readPdf(bytes, url);
  if (type === "image/svg+xml") return readHtml(decodeText(bytes, charset), url);
  if (type.startsWith("image/")) return readImage(bytes);
  if (!isTextual(type)) return nothing();
  const text = decodeText(bytes, charset);
  if (type === "text/html" || type === "application/xhtml+xml") return readHtml(text, url);
  if (/xml$/.test(type)) return readHtml(text.replace(/<!\[CDATA\[([\s\S]*?)\]\]>/g, "$1"), url, { xml: true });
  if (/json$|ndjson$/.test(type)) return readJson(text, url);
  if (/^text\/(?:calendar|(?:x-)?vcard|directory)$|application\/ics$/.test(type)) return readCalendar(text, url);
  if (/^text\/(?:csv|tab-separated-values)$/.test(type)) return readTable(text, url);
  if (/^BEGIN:V(?:CALENDAR|CARD)/.test(text)) return readCalendar(text, url);
  return readPlain(text, url);
}
