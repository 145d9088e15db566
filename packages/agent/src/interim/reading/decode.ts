/** Bytes to text: byte order mark, then the server's charset, then the page's own, then UTF-8. */
import iconv from "iconv-lite";

export function decodeText(bytes: Uint8Array, contentType: string): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const charset =
    marked(buffer) ??
    named(contentType) ??
    named(/<meta[^>]+charset[^>]*>/i.exec(buffer.toString("latin1", 0, 2_048))?.[0] ?? "") ??
    "utf-8";
  return iconv.decode(buffer, iconv.encodingExists(charset) ? charset : "utf-8");
}

function marked(buffer: Buffer): string | undefined {
  if (buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf) return "utf-8";
  if (buffer[0] === 0xff && buffer[1] === 0xfe) return "utf-16le";
  if (buffer[0] === 0xfe && buffer[1] === 0xff) return "utf-16be";
  return undefined;
}

const named = (text: string): string | undefined => /charset\s*=\s*["']?([\w.:-]+)/i.exec(text)?.[1]?.toLowerCase();
