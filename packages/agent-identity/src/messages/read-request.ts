/** Requests as people have them at hand: a raw HTTP message, what `curl -v` shows, or single header lines. */
import { Malformed } from "../malformed.ts";
import { fieldOf, type RequestMessage } from "./message.ts";

const REQUEST_LINE = /^([!#$%&'*+.^`|~\w-]+) (\S+) HTTP\/\d(?:\.\d)?$/;

/** Whether `text` begins as an HTTP request does. */
export const isRequestText = (text: string): boolean => REQUEST_LINE.test(firstLine(text));

const firstLine = (text: string): string => (text.trimStart().split(/\r?\n/, 1)[0] ?? "").replace(/^> /, "");

/**
 * @param text request line, header lines, an empty line, body
 * @param scheme of the URL, where the request line holds a path only
 * @throws Malformed when it is no HTTP request
 */
export function readRequest(text: string, scheme: "http" | "https" = "https"): RequestMessage & { body: string } {
  const curl = /^\s*> /.test(text);
  const plain = curl ? [...text.matchAll(/^> ?(.*)$/gm)].map(([, line]) => line ?? "").join("\n") : text.trimStart();
  const [, head = plain, body = ""] = /^([\s\S]*?)\r?\n\r?\n([\s\S]*)$/.exec(plain) ?? [];
  const [start = "", ...lines] = head.replace(/\r?\n(?=[ \t])/g, "").split(/\r?\n/);
  const [, method, target] = REQUEST_LINE.exec(start) ?? [];
  if (method === undefined || target === undefined)
    throw new Malformed("that is no HTTP request", "It begins with a line such as GET /path HTTP/1.1.");
  const fields = lines.filter((line) => line !== "").map(readHeader);
  const host = fieldOf(fields, "host");
  if (!/^https?:/i.test(target) && host === undefined) throw new Malformed("the request has no Host");
  return { method, url: /^https?:/i.test(target) ? target : `${scheme}://${host}${target}`, fields, body };
}

/** `Name: value`, as curl's `-H` takes it. @throws Malformed */
export function readHeader(line: string): readonly [string, string] {
  const [, name, value] = /^([!#$%&'*+.^`|~\w-]+):[ \t]*([^\r\n]*?)[ \t]*$/.exec(line) ?? [];
  if (name === undefined || value === undefined)
    throw new Malformed(`"${line.slice(0, 60)}" is no header line`, "Write Name: value.");
  return [name, value];
}
