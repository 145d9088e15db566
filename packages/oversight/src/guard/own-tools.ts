/** The tools that ship with Candor. Whatever else a run has comes from outside: what goes into it leaves the run. */
const OWN = new Set([
  "plan",
  "remember",
  "recall",
  "wait",
  "finish",
  "spawn",
  "write_file",
  "read_file",
  "list_files",
  "note_finding",
  "message_operator",
  "search",
  "open",
  "read_pdf",
  "image_metadata",
  "check_username",
  "breach_lookup",
  "prove",
]);

export const isOwnTool = (name: string): boolean => OWN.has(name);
