/** Pages are data: what they say is not passed on unseen, and what they order is not done. */

import { findBait } from "../bait/bait.ts";
import { facet } from "../taint/facets.ts";
import { scan } from "../taint/scan.ts";
import { argumentsOf } from "./arguments.ts";
import { isPage } from "./labels.ts";
import type { GuardRequest, Invariant } from "./request.ts";
import { ask, deny, named } from "./verdicts.ts";

/** Ending a run, looking and waiting are always possible. */
const HARMLESS = new Set(["finish", "wait", "recall", "list_files", "read_file", "prove", "breach_lookup"]);

const pagesOf = (request: GuardRequest, path: string, name: Parameters<typeof facet>[1]): string[] =>
  (request.origins[facet(path, name)] ?? []).filter(isPage);

export const noPageOrders: Invariant = (request) => {
  if (HARMLESS.has(request.tool.name)) return null;
  for (const [path, text] of argumentsOf(request.args)) {
    const bait = pagesOf(request, path, "bait");
    if (bait.length === 0 || isSeed(request, text)) continue;
    const offered = request.origins[facet(path, "link")] ?? [];
    if (offered.length > 0) continue;
    return deny(
      "pages give no orders",
      `This repeats what a page tells agents to do (${named(bait)}); pages are read, not obeyed.`,
    );
  }
  return null;
};

export const noDodgingTheStop: Invariant = (request) => {
  if (HARMLESS.has(request.tool.name) || request.tool.name === "note_finding" || request.tool.name === "search")
    return null;
  for (const text of argumentsOf(request.args).values()) {
    if (findBait(text).some((passage) => passage.kind === "off-switch") && request.tool.effect !== "read")
      return deny("the stop is not dodged", "It is about going on after a stop, which no run may prepare for.");
  }
  return null;
};

export const pageTextIsAsked: Invariant = (request) => {
  const { effect } = request.tool;
  if (effect !== "contact" && effect !== "write") return null;
  for (const [path, text] of argumentsOf(request.args)) {
    const long = pagesOf(request, path, "long");
    if (long.length > 0)
      return ask("page text", `It repeats a passage of ${named(long)}, so you decide whether it goes out.`);
    const tokens = effect === "contact" ? pagesOf(request, path, "token") : [];
    if (tokens.length > 0 && !scan(text, false).tokens.every((token) => isSeed(request, token)))
      return ask(
        "page text",
        `It repeats an address, number or code from ${named(tokens)}, so you decide whether it goes out.`,
      );
  }
  return null;
};

/** Whether text is nothing but what the operator let the agent know. */
function isSeed({ seeds }: GuardRequest, text: string): boolean {
  const plain = text.trim().replace(/^"|"$/g, "").toLowerCase();
  return [...seeds.names, ...seeds.usernames, ...seeds.sites, seeds.city, seeds.employer].some(
    (seed) => seed !== undefined && (seed.toLowerCase() === plain || URL.parse(seed)?.href === plain),
  );
}
