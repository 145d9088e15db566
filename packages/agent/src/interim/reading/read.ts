/** Reads fetched bytes into a `Document`, by content type. Hostile or broken content gives an empty document, never an error. */
import type { Document } from "../../ports.ts";
import { decodeText } from "./decode.ts";
import { type Content, readHtml } from "./html.ts";
import { readImage } from "./image.ts";
import { readPdf } from "./pdf.ts";
import { readCalendar, readJson, readText } from "./plain.ts";

export interface Readable {
  /** Final address. */
  url: string;
  status: number;
  /** As the server said; may be empty. */
  contentType: string;
  bytes: Uint8Array;
  /** sha256 of `bytes`, hex. */
  hash: string;
}

const nothing: Content = {
  title: "",
  text: "",
  hidden: "",
  links: [],
  fields: [],
  structured: [],
  images: [],
  meta: {},
};

export async function read({ url, status, contentType, bytes, hash }: Readable): Promise<Document> {
  const type = kindOf(contentType, bytes);
  const content = await contentOf(type, contentType, bytes, url).catch(() => nothing);
  return { url, host: new URL(url).host, status, contentType: type, hash, ...content };
}

async function contentOf(type: string, header: string, bytes: Uint8Array, url: string): Promise<Content> {
  if (type === "application/pdf") return readPdf(bytes);
  if (type.startsWith("image/")) return readImage(bytes);
  const text = decodeText(bytes, header);
  switch (type) {
    case "text/html":
      return readHtml(text, url);
    case "application/json":
      return readJson(text);
    case "text/calendar":
      return readCalendar(text);
    case "application/octet-stream":
      return nothing;
    default:
      return readText(text);
  }
}

/** The type by the first bytes where they tell, otherwise as the server said: servers are often wrong about files. */
export function kindOf(header: string, bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 512)).toString("latin1");
  if (start.startsWith("%PDF-")) return "application/pdf";
  if (start.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (start.startsWith("\x89PNG")) return "image/png";
  if (/^(?:II\*\0|MM\0\*)/.test(start)) return "image/tiff";
  if (/^.{4}ftyp(?:heic|heix|mif1)/s.test(start)) return "image/heic";
  if (start.startsWith("BEGIN:VCALENDAR")) return "text/calendar";
  const said = (header.split(";")[0] ?? "").trim().toLowerCase();
  if (/^(?:text\/html|application\/xhtml\+xml)$/.test(said)) return "text/html";
  if (/json$/.test(said)) return "application/json";
  if (said === "text/calendar") return said;
  if (said.startsWith("text/") && said !== "text/plain") return "text/plain";
  if (/^\s*(?:<!doctype html|<html|<head|<body)/i.test(start)) return "text/html";
  if (said === "text/plain" || /^[\t\n\r\x20-\x7e\x80-\xff]*$/.test(start)) return "text/plain";
  return "application/octet-stream";
}
