/** Words for kinds and severities. */
import type { Report } from "@candor/server";

export const KINDS: Record<string, string> = {
  all: "All",
  phone: "Phone",
  "e-mail": "E-mail",
  address: "Address",
  "birth date": "Date of birth",
  employer: "Employer",
  school: "School",
  interest: "Interest",
  username: "Username",
  photo: "Photo",
  location: "Location",
};

type Severity = Report["findings"][number]["severity"];

/** Worst first. */
export const SEVERITIES: readonly Severity[] = ["severe", "high", "low", "info"];

export const severityClass = (severity: Severity): string =>
  ({ severe: "bg-red-600", high: "bg-orange-500", low: "bg-amber-400", info: "bg-slate-400" })[severity];
