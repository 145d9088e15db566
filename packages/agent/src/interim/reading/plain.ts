/** Text files, patches, JSON and calendars (RFC 5545) as documents. */

import { labelled } from "./fields.ts";
import type { Content } from "./html.ts";

const MOST_CHARACTERS = 400_000;
const ADDRESS = /\bhttps?:\/\/[^\s<>"'`)\]}]+/g;

const empty: Content = { title: "", text: "", hidden: "", links: [], fields: [], structured: [], images: [], meta: {} };

export function readText(text: string): Content {
  const lines = text
    .slice(0, MOST_CHARACTERS)
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
  return {
    ...empty,
    title: (lines[0] ?? "").slice(0, 120),
    text: lines.join("\n"),
    links: addresses(lines.join("\n")),
    fields: labelled(lines).slice(0, 400),
  };
}

const addresses = (text: string): Content["links"] =>
  [...new Set(text.match(ADDRESS) ?? [])]
    .slice(0, 200)
    .map((found) => ({ href: found.replace(/[.,;:]+$/, ""), label: "", rel: "" }));

export function readJson(text: string): Content {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return readText(text);
  }
  const fields: Content["fields"] = [];
  const lines: string[] = [];
  const visit = (value: unknown, path: string, depth: number): void => {
    if (depth > 12 || lines.length > 2_000) return;
    if (Array.isArray(value)) for (const each of value) visit(each, path, depth + 1);
    else if (typeof value === "object" && value !== null)
      for (const [key, each] of Object.entries(value)) visit(each, key, depth + 1);
    else if (value !== null && value !== "") {
      lines.push(`${path}: ${String(value)}`);
      if (fields.length < 400) fields.push({ label: path, value: String(value).slice(0, 1_000) });
    }
  };
  visit(value, "value", 0);
  return { ...empty, text: lines.join("\n"), links: addresses(lines.join("\n")), fields, structured: [value] };
}

/** Unfolds and unescapes the lines of a calendar; each property is a field. */
export function readCalendar(text: string): Content {
  const unfolded = text.slice(0, MOST_CHARACTERS).replace(/\r?\n[ \t]/g, "");
  const lines: string[] = [];
  const fields: Content["fields"] = [];
  for (const line of unfolded.split(/\r?\n/)) {
    const [, property, parameters = "", raw = ""] = /^([A-Z-]+)((?:;[^:]*)?):(.*)$/i.exec(line) ?? [];
    if (!property) continue;
    if (/^BEGIN$/i.test(property)) {
      if (lines.length > 0 && lines.at(-1) !== "") lines.push("");
      continue;
    }
    if (/^(?:END|VERSION|PRODID|CALSCALE|METHOD|UID|DTSTAMP|SEQUENCE)$/i.test(property)) continue;
    const named = /CN="?([^";:]+)"?/i.exec(parameters)?.[1];
    const value = raw.replace(/\\n/gi, " ").replace(/\\([,;\\])/g, "$1");
    const shown = named ? `${named} ${value}` : value;
    lines.push(`${property}: ${shown}`);
    if (fields.length < 400) fields.push({ label: property, value: shown });
  }
  const title = fields.find((f) => /^X-WR-CALNAME$/i.test(f.label))?.value ?? "";
  return { ...empty, title, text: lines.join("\n"), fields, links: addresses(lines.join("\n")) };
}
