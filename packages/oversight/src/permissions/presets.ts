/** The permissions that ship with Candor, most careful first. */
import type { Permissions, Rule } from "./schema.ts";

const INSIDE = ["plan", "recall", "wait", "finish", "list_files", "read_file"];
const NOTES = ["remember", "note_finding"];
const READING = ["search", "open", "read_pdf", "image_metadata", "check_username", "breach_lookup", "prove"];

const allow = (tool: string[], reason: string): Rule => ({ outcome: "allow", tool, reason });

const inside = allow(INSIDE, "It touches nothing outside the run.");
const notes = allow(NOTES, "It only takes a note inside the run.");
const reading = allow(READING, "It only reads.");

export const presets: Record<string, Permissions> = {
  watch: {
    name: "watch",
    default: "ask",
    rules: [inside, { outcome: "deny", effect: "spend", reason: "Nothing may be paid for while you watch." }],
  },
  careful: {
    name: "careful",
    default: "ask",
    rules: [
      inside,
      notes,
      reading,
      {
        outcome: "ask",
        tool: "open",
        label: "new-address",
        reason: "No page or search result has shown this address, so it may be a guess.",
      },
      { outcome: "deny", effect: "spend", reason: "Careful runs may not pay for anything." },
    ],
  },
  normal: {
    name: "normal",
    default: "ask",
    rules: [
      inside,
      notes,
      reading,
      allow(["message_operator"], "It goes to you and nobody else."),
      allow(["spawn"], "A child spends from this run's budget and may do no more than it."),
      allow(["write_file"], "It stays in the run's own folder."),
      {
        outcome: "ask",
        tool: "write_file",
        label: "page-text",
        reason: "The file would repeat text of a page, so you decide whether it is kept.",
      },
      { outcome: "ask", effect: "contact", reason: "It would reach somebody outside, so you decide." },
      { outcome: "ask", effect: "spend", reason: "It costs money, so you decide." },
    ],
  },
};
