/** Whose pages an audit of a town came by and opened, by what their links showed. */
import { optionsOf } from "@candor/agent/small";
import type { TownAudit } from "@candor/server";
import { stepsOf, truthOf } from "./small-mind-judging.ts";

/** What speaks for a lead: the same handle with nothing beside it, something of the operator's that leads there, or a name. */
export type Evidence =
  | "handle alone"
  | "handle, linked from yours"
  | "no handle, linked from yours"
  | "name"
  | "nothing";

export interface Page {
  evidence: Evidence;
  /** Of whom it tells: `nobody` where it holds no fact of anybody. */
  of: "operator" | "others" | "nobody";
  opened: boolean;
}

/** @param word the first of a lead's, `username/elsewhere` */
export function evidenceOf(word: string): Evidence {
  const [about = "", origin = ""] = word.split("/");
  const linked = /^(yours|perhaps)/.test(origin);
  if (about === "username") return linked ? "handle, linked from yours" : "handle alone";
  if (linked) return "no handle, linked from yours";
  return about === "nobody" ? "nothing" : "name";
}

/** Of whom each page of a town tells. */
export function ownersOf(seed: number): Map<string, Set<string>> {
  const owners = new Map<string, Set<string>>();
  for (const { owner, urls } of truthOf(seed).facts)
    for (const url of urls) owners.set(url, (owners.get(url) ?? new Set()).add(owner));
  return owners;
}

/** Each page once, by what its link showed last. */
export function pagesOf(audit: TownAudit): Page[] {
  const owners = ownersOf(audit.seed);
  const pages = new Map<string, Page>();
  for (const { view, decision } of stepsOf(audit))
    for (const { tool, call, args } of optionsOf(view).options) {
      if (tool !== "open") continue;
      for (const { url } of args) {
        const own = owners.get(String(url));
        const before = pages.get(String(url));
        pages.set(String(url), {
          evidence: evidenceOf(call.split(" ")[1] ?? ""),
          of: own === undefined ? "nobody" : own.has("operator") ? "operator" : "others",
          opened: before?.opened === true || (decision.tool === "open" && decision.args.url === url),
        });
      }
    }
  return [...pages.values()];
}
