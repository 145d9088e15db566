/** JSON as a person would skim it: one line for each value, which is also a field under its key. */
import type { Document } from "../ports.ts";
import { type Content, LONGEST_TEXT, nothing } from "./content.ts";
import { linksIn, readPlain } from "./plain.ts";
import { pruned } from "./structured.ts";

const MOST_LINES = 4_000;
const MOST_FIELDS = 1_500;

/** Also of JSON lines. What does not parse is read as text. */
export function readJson(source: string, url: string): Content {
  const values = parse(source);
  if (values === undefined) return readPlain(source, url);
  const lines: string[] = [];
  const fields: Document["fields"] = [];
  let length = 0;
  const visit = (value: unknown, key: string): void => {
    if (lines.length >= MOST_LINES || length > LONGEST_TEXT) return;
    if (Array.isArray(value)) {
      if (value.every((each) => typeof each !== "object")) visit(value.join(", "), key);
      else for (const each of value) visit(each, key);
      return;
    }
    if (typeof value === "object" && value !== null) {
      for (const [name, each] of Object.entries(value)) visit(each, name);
      return;
    }
    if (value === null || value === "") return;
    const said = String(value);
    lines.push(key === "" ? said : `${key}: ${said.replace(/\r?\n/g, "\n  ")}`);
    length += said.length;
    if (key !== "" && fields.length < MOST_FIELDS && said.length <= 500) fields.push({ label: key, value: said });
  };
  for (const value of values) visit(value, "");
  const text = lines.join("\n").slice(0, LONGEST_TEXT);
  const structured = values.flatMap((value) => (Array.isArray(value) ? value.slice(0, 200) : [value]));
  const title = fields.find(({ label }) => /^(?:title|name)$/i.test(label))?.value ?? "";
  return {
    ...nothing(),
    title,
    text,
    fields,
    links: linksIn(text, url),
    structured: structured.filter((each) => typeof each === "object" && each !== null),
  };
}

function parse(source: string): unknown[] | undefined {
  const bare = source.replace(/^\ufeff/, "").trim();
  try {
    return [pruned(JSON.parse(bare))];
  } catch {
    const lines = bare.split("\n").filter((line) => line.trim() !== "");
    if (lines.length < 2 || lines.length > MOST_LINES) return undefined;
    try {
      return lines.map((line) => pruned(JSON.parse(line)));
    } catch {
      return undefined;
    }
  }
}
