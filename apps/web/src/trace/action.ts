/** What an action does, in a person's words. */
import { bare } from "../ui/words.ts";

const VERBS: Record<string, string> = {
  open: "Open",
  search: "Search for",
  read_pdf: "Read the PDF",
  image_metadata: "Look at the photo",
  check_username: "Check the username",
  breach_lookup: "Look through breaches",
  prove: "Prove ownership",
  message_operator: "Message you",
  note_finding: "Note a finding",
  remember: "Remember",
  recall: "Recall",
  plan: "Plan",
  wait: "Wait",
  spawn: "Start a child",
  write_file: "Write the file",
  read_file: "Read the file",
  list_files: "List files",
  finish: "Finish",
};

export const verb = (tool: string): string => VERBS[tool] ?? tool.replaceAll("_", " ");

/** The one argument that says what a call is about. */
export function about(args: Record<string, unknown>): string {
  const named = ["url", "query", "username", "goal", "path", "subject", "text", "summary"].find((name) => name in args);
  if (Array.isArray(args.subgoals))
    return args.subgoals.map((goal: { text?: unknown }) => String(goal.text)).join("; ");
  const said = named ? args[named] : Object.values(args)[0];
  return typeof said === "string" ? bare(said) : said === undefined ? "" : inWords(said);
}

/** Any value of an argument or a record, without braces. */
export function inWords(value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map(inWords).join("; ");
  if (typeof value === "object")
    return Object.entries(value)
      .map(([name, each]) => `${name}: ${inWords(each)}`)
      .join(", ");
  return String(value);
}
