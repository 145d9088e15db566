/** What the planner says at the end: counts and masked labels, never a value. */
import type { View } from "../../mind.ts";
import { count, hostOf } from "./words.ts";

/** One and many, most sensitive first. */
const KINDS: Record<string, [one: string, many: string]> = {
  phone: ["phone number", "phone numbers"],
  address: ["street address", "street addresses"],
  "birth date": ["birth date", "birth dates"],
  "e-mail": ["e-mail address", "e-mail addresses"],
  location: ["location", "locations"],
  employer: ["employer", "employers"],
  school: ["school", "schools"],
  username: ["username", "usernames"],
  photo: ["photo", "photos"],
  interest: ["interest", "interests"],
};
const SEALED = new Set(["phone", "address", "birth date", "e-mail"]);

/** `2 phone numbers, 1 employer`. */
function counts(view: View): string {
  const byKind = new Map<string, number>();
  for (const { kind } of view.findings) byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
  const order = [...Object.keys(KINDS), ...[...byKind.keys()].filter((kind) => !(kind in KINDS)).sort()];
  return order
    .filter((kind) => byKind.has(kind))
    .map((kind) => count(byKind.get(kind) ?? 0, ...(KINDS[kind] ?? [kind, `${kind}s`])))
    .join(", ");
}

export function message(view: View): { subject: string; body: string } {
  const { findings } = view;
  if (findings.length === 0) {
    return { subject: "Your self-audit is done", body: "I found nothing about you on the pages that I could read." };
  }
  const sites = new Set(findings.flatMap((finding) => finding.urls.map(hostOf)));
  const lines = [
    `I found ${count(findings.length, "thing")} about you on ${count(sites.size, "site")}: ${counts(view)}.`,
  ];
  const sealed = findings.flatMap(({ kind, value, urls }) => {
    // A sealed value is only ever a label; anything else of these kinds stays out.
    const label = value.replace(/^\[|(: yours)?\]$/g, "");
    const isLabel = SEALED.has(kind) && label.startsWith(`${kind} `) && /^\d+$/.test(label.slice(kind.length + 1));
    return isLabel ? [`[${label}: yours] on ${count(urls.length, "page")}`] : [];
  });
  if (sealed.length > 0) lines.push(`${sealed.slice(0, 8).join(", ")}.`);
  lines.push("The report says where each stands and how to remove it.");
  return { subject: "Your self-audit is done", body: lines.join("\n") };
}

export function summary(view: View, reason: string): string {
  const opened = view.history.filter((step) => step.tool === "open").length;
  const searches = view.history.filter((step) => step.tool === "search").length;
  const blocked = view.hosts.filter((host) => host.blocked > 0).length;
  const found = view.findings.length === 0 ? "Nothing was found about you." : `Found: ${counts(view)}.`;
  const unread = blocked > 0 ? ` ${count(blocked, "site")} would not let me read everything.` : "";
  return `${found} I opened ${count(opened, "page")} and made ${count(searches, "search", "searches")}.${unread} ${reason}`;
}
