/** The tools that ship with Candor. Whatever else a run has comes from outside: what goes into it leaves the run. */
import type { EffectClass } from "@candor/store";

/** They touch nothing outside the run. */
const INSIDE: Record<string, EffectClass> = {
  plan: "read",
  remember: "read",
  recall: "read",
  wait: "read",
  finish: "read",
  list_files: "read",
  read_file: "read",
  note_finding: "read",
};

const OUTSIDE: Record<string, EffectClass> = {
  spawn: "spawn",
  write_file: "write",
  message_operator: "contact",
  search: "read",
  open: "read",
  read_pdf: "read",
  image_metadata: "read",
  check_username: "read",
  breach_lookup: "read",
  prove: "read",
};

const OWN = new Map(Object.entries({ ...INSIDE, ...OUTSIDE }));

export const isOwnTool = (name: string): boolean => OWN.has(name);
export const staysInside = (name: string): boolean => Object.hasOwn(INSIDE, name);
/** Undefined for a tool that is not Candor's own. */
export const ownEffect = (name: string): EffectClass | undefined => OWN.get(name);
