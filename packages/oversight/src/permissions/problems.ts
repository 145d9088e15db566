/** What is wrong with permissions, in words, and where in the file it stands. */
import { type Document, isAlias, isMap, isNode, isSeq, type LineCounter, type Node } from "yaml";
import type { z } from "zod";
import { nearest } from "./nearest.ts";
import { PermissionsFile, Rule } from "./schema.ts";

/** One thing that is wrong. `line` and `column` count from 1; both are 0 for permissions that no file holds. */
export interface PermissionsProblem {
  line: number;
  column: number;
  /** Where in the data, e.g. `rules[2].outcome`; rules count from 1. Empty for the whole. */
  path: string;
  message: string;
  /** What to do about it; may be empty. */
  hint: string;
}

interface Source {
  document: Document;
  lines: LineCounter;
}

type Path = readonly PropertyKey[];

/** What a person may write; `standing` is set by Candor. */
const RULE_KEYS = Object.keys(Rule.shape).filter((key) => key !== "standing");
const OWN_KEYS = Object.keys(PermissionsFile.shape);

/** @param source where positions are looked up; nothing for permissions that are data already */
export function problemsOf(error: z.ZodError, value: unknown, source?: Source): PermissionsProblem[] {
  return error.issues
    .flatMap((issue) => issuesIn(issue, value))
    .flatMap(({ issue, path }) => {
      const keys = issue.code === "unrecognized_keys" ? issue.keys : [undefined];
      return keys.map((key) => ({
        ...place(source, path, key),
        path: pathText(path),
        ...(key === undefined ? said(issue, path, at(value, path)) : unknownKey(key, path)),
      }));
    })
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
}

interface Located {
  issue: z.core.$ZodIssue;
  path: Path;
}

/** A choice between one and a list of them fails in the branch that its value was meant for. */
function issuesIn(issue: z.core.$ZodIssue, value: unknown, above: Path = []): Located[] {
  const path = [...above, ...issue.path];
  if (issue.code !== "invalid_union") return [{ issue, path }];
  const branches = issue.errors.filter((branch) => branch.length > 0);
  const list = Array.isArray(at(value, path));
  const branch = branches.find((each) => each.some((inner) => inner.path.length > 0) === list) ?? branches[0];
  return branch ? branch.flatMap((inner) => issuesIn(inner, value, path)) : [{ issue, path }];
}

function unknownKey(key: string, path: Path): { message: string; hint: string } {
  const known = path.includes("rules") ? RULE_KEYS : OWN_KEYS;
  const meant = nearest(key, known);
  const where = path.includes("rules") ? `A rule has ${RULE_KEYS.join(", ")}.` : `There are ${OWN_KEYS.join(", ")}.`;
  return { message: `${shown(key)} is no key here`, hint: meant ? `Did you mean ${meant}? ${where}` : where };
}

function said(issue: z.core.$ZodIssue, path: Path, value: unknown): { message: string; hint: string } {
  const name = pathText(path) || "the file";
  if (value === undefined && path.length > 0) return { message: `${name} is missing`, hint: wanted(issue) };
  if (issue.code === "invalid_value") {
    const meant = typeof value === "string" ? nearest(value, issue.values.map(String)) : undefined;
    return {
      message: `${name} is ${shown(value)}, not ${choices(issue.values)}`,
      hint: meant ? `Did you mean ${meant}?` : "",
    };
  }
  if (issue.code === "invalid_type") {
    const type = TYPES[issue.expected] ?? issue.expected;
    return { message: `${name} is ${shown(value)}, not ${type}`, hint: path.length === 0 ? "Begin with rules:" : "" };
  }
  if (issue.code === "too_small" && issue.minimum === 1) return { message: `${name} is empty`, hint: "" };
  if (issue.code === "too_big") return { message: `${name} is longer than ${issue.maximum}`, hint: "" };
  return { message: `${name} is ${shown(value)}, which ${issue.message}`.replace(/\s+/g, " "), hint: "" };
}

function wanted(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value") return `Give one of ${choices(issue.values)}.`;
  return issue.code === "invalid_type" ? `Give ${TYPES[issue.expected] ?? issue.expected}.` : "";
}

const TYPES: Record<string, string> = {
  string: "a text",
  array: "a list",
  object: "keys with values",
  record: "keys with values",
};

const choices = (values: readonly unknown[]): string =>
  values
    .map(String)
    .join(", ")
    .replace(/, ([^,]+)$/, " or $1");

/** A value as a person wrote it, cut short. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return "keys with values";
  if (value === null) return "empty";
  const text = JSON.stringify(typeof value === "bigint" ? String(value) : value) ?? "empty";
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** `rules[2].argument.url` for `["rules", 1, "argument", "url"]`. */
const pathText = (path: Path): string =>
  path
    .map((part) => (typeof part === "number" ? `[${part + 1}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");

function at(value: unknown, path: Path): unknown {
  let found = value;
  for (const part of path) found = typeof found === "object" && found !== null ? Reflect.get(found, part) : undefined;
  return found;
}

/** Where the value at `path` stands, or its key `key`, or, where there is no value, what should hold it. */
function place(source: Source | undefined, path: Path, key: string | undefined): { line: number; column: number } {
  if (!source) return { line: 0, column: 0 };
  const { document, lines } = source;
  let node: Node | null = document.contents;
  for (const part of path) node = child(document, node, part) ?? node;
  const held = resolved(document, node);
  const keyNode = isMap(held) ? held.items.find((pair) => scalar(pair.key) === key)?.key : undefined;
  const offset = (key !== undefined && isNode(keyNode) ? keyNode : node)?.range?.[0] ?? 0;
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

const resolved = (document: Document, node: Node | null): Node | null =>
  isAlias(node) ? (node.resolve(document) ?? null) : node;

function child(document: Document, node: Node | null, part: PropertyKey): Node | undefined {
  const held = resolved(document, node);
  const inner = isMap(held)
    ? held.items.find((pair) => scalar(pair.key) === part)?.value
    : isSeq(held) && typeof part === "number"
      ? held.items[part]
      : undefined;
  return isNode(inner) ? inner : undefined;
}

const scalar = (key: unknown): unknown =>
  typeof key === "object" && key !== null && "value" in key ? String(key.value) : key;
