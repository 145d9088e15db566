/** How bad a finding is: by its kind, by what stands beside it on the same page, and by who can find that page. */
import type { Severity } from "@candor/store";
import type { FindingKind, PageRecord } from "../extract/record.ts";

const LEVELS: readonly Severity[] = ["info", "low", "high", "severe"];

const BASE: Record<FindingKind, Severity> = {
  phone: "high",
  "e-mail": "low",
  address: "high",
  "birth date": "high",
  employer: "info",
  school: "info",
  interest: "info",
  username: "info",
  photo: "low",
  location: "info",
};

export interface Setting {
  kind: FindingKind;
  value: string;
  indexed: boolean;
  /** For each page of evidence: its kind, and the kinds of all that it shows of the operator. */
  pages: { kind: PageRecord["kind"]; shows: ReadonlySet<string> }[];
}

export function severityOf(setting: Setting): Severity {
  let level = LEVELS.indexOf(BASE[setting.kind]);
  const sealed = LEVELS.indexOf("low") <= level && setting.kind !== "photo";
  // Exact coordinates are a place that one can stand in front of.
  if (setting.kind === "location" && /^-?\d+\.\d+,-?\d+\.\d+$/.test(setting.value)) level = 2;
  const beside = Math.max(
    0,
    ...setting.pages.map(
      ({ shows }) =>
        ["phone", "address", "birth date", "e-mail"].filter((kind) => kind !== setting.kind && shows.has(kind)).length,
    ),
  );
  // Name, address, number and date of birth side by side open accounts and doors.
  if (sealed && beside >= 2) level++;
  else if ((setting.kind === "address" || setting.kind === "birth date") && beside >= 1) level++;
  else if (sealed && setting.indexed && (beside >= 1 || setting.pages.some((page) => page.kind === "directory")))
    level++;
  // Seen in a search engine, it is one query away from anybody.
  if (setting.indexed && level === 0 && (setting.kind === "employer" || setting.kind === "location")) level++;
  return LEVELS[Math.min(level, LEVELS.length - 1)] ?? "severe";
}

export const worst = (severities: readonly Severity[]): Severity =>
  LEVELS[Math.max(0, ...severities.map((severity) => LEVELS.indexOf(severity)))] ?? "info";

export const rankOf = (severity: Severity): number => LEVELS.indexOf(severity);
