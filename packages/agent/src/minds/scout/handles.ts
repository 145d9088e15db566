/** Usernames that may be the operator's, each with what speaks for it. */
import type { FindingView, View } from "../../mind.ts";
import type { Situation } from "./situation.ts";
import { compact, fold, hostOf } from "./words.ts";

export interface KnownHandle {
  username: string;
  /** Given by the operator, shown by a finding, or linked from a page that is surely theirs. */
  origin: "given" | "found" | "linked";
  /**
   * A name that the operator uses on two sites, or names on a page elsewhere, may well be in use on more. One known from
   * a single account that is made of their name or of another username is mostly that site's own making.
   */
  promising: boolean;
}

/** Given ones first, each username once. */
export function knownHandles({ view }: Situation): KnownHandle[] {
  const { seeds, findings, leads } = view;
  const own = new Set(seeds.usernames.map((each) => each.toLowerCase()));
  const given = seeds.usernames.map((username): KnownHandle => ({ username, origin: "given", promising: true }));
  const found = findings
    .filter((finding) => finding.kind === "username" && finding.confidence >= 0.5)
    .map(
      (finding): KnownHandle => ({
        username: finding.value.split("@")[0] ?? "",
        origin: "found",
        promising: isElsewhere(finding, view) || !isMade(finding, view),
      }),
    );
  const linked = leads
    .filter(({ kind, fromOwned }) => kind === "handle" && fromOwned >= 0.75)
    .map(({ value }): KnownHandle => ({ username: value.replace(/^@/, ""), origin: "linked", promising: true }));
  // Each check asks dozens of sites: only names that are long enough to be somebody's.
  const shown = [...found, ...linked].filter(
    ({ username }) => /^[\w.-]{4,40}$/.test(username) && !own.has(username.toLowerCase()),
  );
  const best = new Map<string, KnownHandle>();
  for (const handle of shown) {
    const before = best.get(handle.username);
    if (!before || (handle.promising && !before.promising)) best.set(handle.username, handle);
  }
  return [...given, ...best.values()];
}

function isElsewhere({ value, urls }: FindingView, { findings }: View): boolean {
  const [handle = "", host = ""] = value.toLowerCase().split("@");
  const twice = findings.some(
    ({ kind, value: other }) =>
      kind === "username" &&
      other.toLowerCase() !== value.toLowerCase() &&
      other.toLowerCase().startsWith(`${handle}@`),
  );
  return twice || urls.some((url) => hostOf(url) !== host);
}

function isMade({ value }: FindingView, { seeds }: View): boolean {
  const bare = compact(fold(value.toLowerCase().split("@")[0] ?? ""));
  const names = seeds.names.map((name) => fold(name).split(" "));
  return (
    names.some((words) => words.some((word) => word.length > 3 && bare.includes(word))) ||
    seeds.usernames.some((name) => bare.includes(compact(fold(name))))
  );
}
