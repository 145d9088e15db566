/** Turns what is wrong with a spec into one line that names the place. */
import type { z } from "zod";

export interface Problem {
  /** Keys and indexes from the root of the spec. */
  path: readonly PropertyKey[];
  /** Goes on from the place: `must begin with "/"`. */
  complaint: string;
}

/** `hosts[2].pages[0].path` */
function place(path: readonly PropertyKey[]): string {
  return path
    .map((key) =>
      typeof key === "number" ? `[${key}]` : /^[\w$]+$/.test(String(key)) ? `.${String(key)}` : `["${String(key)}"]`,
    )
    .join("")
    .replace(/^\./, "");
}

/** `town.json: hosts[2].pages[0].path must begin with "/" (and 3 more problems)` */
export function oneLine(file: string, problems: readonly [Problem, ...Problem[]]): string {
  const [{ path, complaint }, ...others] = problems;
  const more =
    others.length === 0 ? "" : ` (and ${others.length} more ${others.length === 1 ? "problem" : "problems"})`;
  return `${file}: ${path.length === 0 ? "the spec" : place(path)} ${complaint}${more}`;
}

/** @param issue from a parse with `reportInput`. */
export function problemOf(issue: z.core.$ZodIssue): Problem {
  return { path: issue.path, complaint: complain(issue) };
}

function complain(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? "is missing"
        : `must be ${article(issue.expected)}, not ${kindOf(issue.input)}`;
    case "unrecognized_keys":
      return `has an unknown key "${issue.keys[0]}"`;
    case "invalid_value":
      return `must be ${list(issue.values.map((value) => JSON.stringify(value)))}`;
    case "invalid_union":
      return unionComplaint(issue);
    case "too_small":
      return issue.origin === "string" || issue.origin === "array"
        ? Number(issue.minimum) === 1
          ? "must not be empty"
          : `must have at least ${issue.minimum} ${issue.origin === "string" ? "characters" : "entries"}`
        : `must be ${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`;
    case "too_big":
      return `must be at most ${issue.maximum}`;
    default:
      return issue.message.startsWith("must ") ? issue.message : `is not valid: ${issue.message}`;
  }
}

function unionComplaint(issue: z.core.$ZodIssueInvalidUnion): string {
  if (issue.discriminator !== undefined) {
    return issue.input === undefined ? "is missing" : "is of no known kind";
  }
  const options = issue.errors
    .flat()
    .flatMap((inner) =>
      inner.path.length > 0
        ? []
        : inner.code === "invalid_type"
          ? [article(inner.expected)]
          : inner.code === "invalid_value"
            ? inner.values.map((value) => JSON.stringify(value))
            : [],
    );
  return options.length === 0 ? "has an entry of the wrong type" : `must be ${list(options)}`;
}

const list = (options: string[]): string =>
  options.length < 2 ? options.join("") : `${options.slice(0, -1).join(", ")} or ${options.at(-1)}`;

const NAMES: Record<string, string> = {
  array: "a list",
  record: "an object",
  object: "an object",
  int: "a whole number",
};
const article = (type: string): string => NAMES[type] ?? `a ${type}`;
const kindOf = (value: unknown): string =>
  value === null
    ? "null"
    : Array.isArray(value)
      ? "a list"
      : typeof value === "object"
        ? "an object"
        : `a ${typeof value}`;
