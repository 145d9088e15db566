/** Texts that are not prose: calendars, patches, WHOIS records, leaked lines. Each becomes blocks about one subject. */
import type { Document } from "@candor/agent";
import { interestOfClub, isHobby } from "./hobbies.ts";
import type { Claim } from "./record.ts";
import { placeIn, shortPlace } from "./values.ts";
import { quoteOf, tidy } from "./words.ts";

export interface Passage {
  lines: string[];
  fields: Document["fields"];
  claims: Claim[];
}

/**
 * One passage for a calendar as a whole and one per event; undefined where the text is none. Takes a calendar as it is
 * (RFC 5545) and as readers show it: `PROPERTY: value` with an empty line between events.
 */
export function calendar(text: string, contentType = ""): Passage[] | undefined {
  const raw = /BEGIN:V(?:CALENDAR|EVENT)/.test(text);
  if (!raw && !/calendar/.test(contentType)) return undefined;
  const whole: Passage = { lines: [], fields: [], claims: [] };
  const passages: Passage[] = [whole];
  let current = whole;
  let summaries = 0;
  for (const line of text.replace(/\n[ \t]+/g, "").split("\n")) {
    if (/^BEGIN:VEVENT/.test(line) || (!raw && line.trim() === "")) {
      current = { lines: [], fields: [], claims: [] };
      passages.push(current);
      continue;
    }
    const match = /^([A-Z-]+)((?:;[^:]*)?):\s*(.*)$/.exec(line);
    if (!match) {
      if (line.trim() !== "") current.lines.push(line);
      continue;
    }
    const [, key = "", parameters = "", written = ""] = match;
    const value = written
      .replace(/\\([,;])/g, "$1")
      .replace(/\\n/gi, " ")
      .trim();
    if (key === "SUMMARY" && summaries++ === 0 && current === whole) {
      current = { lines: [], fields: [], claims: [] };
      passages.push(current);
    }
    const common = /CN="?([^";:]+)"?/.exec(parameters)?.[1] ?? /^(.{2,60}?)\s+mailto:/i.exec(value)?.[1];
    if (key === "ORGANIZER" && common) current.fields.push({ label: "organiser", value: common });
    if (key === "LOCATION") {
      const place = value
        .split(/\s*,\s*/)
        .map(placeIn)
        .findLast((part) => part !== undefined);
      if (place)
        current.claims.push({
          kind: "location",
          value: shortPlace(place),
          quote: quoteOf(`Location: ${value}`),
          confidence: 0.5,
        });
    }
    if (key === "SUMMARY" || key === "CATEGORIES") {
      const interest =
        interestOfClub(value) ??
        value
          .toLowerCase()
          .split(/\s*[,:–-]\s*/)
          .find((part) => isHobby(tidy(part)));
      if (interest)
        current.claims.push({ kind: "interest", value: tidy(interest), quote: quoteOf(value), confidence: 0.75 });
    }
    current.lines.push(parameters && common ? `${common} ${value}` : value);
  }
  return passages.filter((passage) => passage.lines.length > 0 || passage.fields.length > 0);
}

/** Lines of a leak or a dump: each with at least three parts is about one person. */
export function leakedLines(text: string): string[] | undefined {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const parts = lines.filter(
    (line) => line.length < 300 && line.split(/[:;|,\t]/).length >= 3 && !/[.!?]\s/.test(line),
  );
  return lines.length >= 3 && parts.length / lines.length > 0.6 ? lines : undefined;
}

/** `From: Ada Thorne <[e-mail 2: yours]>`: who wrote a commit or a mail. */
export function signedBy(line: string): string | undefined {
  return /^(?:from|author|committer|commit|signed-off-by|co-authored-by|reviewed-by|reported-by)\s*:?\s+(.{2,60}?)\s*<\s*\[e-mail \d+: (?:yours|not yours)\]/i.exec(
    line,
  )?.[1];
}
