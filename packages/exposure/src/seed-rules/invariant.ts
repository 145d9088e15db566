/** The rule no permission can lift: on the web Candor looks for nobody but its proven operator. */
import type { GuardRequest } from "@candor/agent";
import type { Verdict } from "@candor/store";
import { plainLetters } from "../identity/forms/fold.ts";
import { mentionsOf } from "./mentions.ts";
import { personalGoal } from "./personal-goal.ts";

export interface SeedFacts {
  /** At least one account or page is proven and its proof has not expired. */
  proven: boolean;
  /** Handles on pages that were confirmed to be the operator's. */
  confirmedHandles?: readonly string[];
}

/** Tools whose call is a question about one identity. */
const IDENTITY_TOOLS = /username|breach|people|person|whois|handle|face|reverse|osint|phone|email_lookup|profile/i;
const USERNAME_TOOL = /username|handle/i;
const SEARCH_TOOL = /search|query/i;
/** Tools of MCP servers. */
const OUTSIDE_TOOL = /^mcp_/;
const GOAL_ARGS = ["goal", "task", "instruction", "prompt"];
const QUERY_ARGS = ["query", "q", "search", "terms", "text", "keywords"];
const HANDLE_ARGS = ["username", "handle", "user", "account", "name"];

/** Sites whose pages are persons: their paths name one. */
const PEOPLE_SITES =
  /(?:^|\.)(?:spokeo|whitepages|beenverified|truepeoplesearch|fastpeoplesearch|peoplefinders?|intelius|radaris|mylife|instantcheckmate|truthfinder|ussearch|192|pipl|thatsthem|zabasearch|familytreenow|peekyou|anywho|411|nuwber|clustrmaps|searchpeoplefree|usphonebook|pimeyes|facecheck|truecaller|sync|numlookup|yasni|namepedia|dastelefonbuch|dasoertliche|11880|telefonbuch|pagesjaunes|paginebianche)\.[a-z.]{2,6}$/i;

function deny(rule: string, reason: string): Verdict {
  return { outcome: "deny", rule, reason };
}

/**
 * @returns a denial, or null where this rule has nothing to say
 */
export function seedInvariant(request: GuardRequest, facts: SeedFacts): Verdict | null {
  const { world, tool, args, seeds, goal } = request;
  const confirmed = facts.confirmedHandles ?? [];
  if (USERNAME_TOOL.test(tool.name)) {
    const foreign = strings(args, HANDLE_ARGS).find((handle) => !isOwnHandle(handle, seeds.usernames, confirmed));
    if (foreign !== undefined)
      return deny("seed.username", "the username is none of the operator's, nor on a page confirmed to be theirs");
  }
  if (world !== "web") return null;
  if (!facts.proven && (request.kind === "audit" || IDENTITY_TOOLS.test(tool.name))) {
    return deny(
      "seed.proof",
      "no account is proven to be the operator's: put the token of `candor me` on one of your pages first",
    );
  }
  if (request.kind === "run") {
    const about = personalGoal(goal, seeds, confirmed);
    if (about.about === "other") return deny("seed.goal", `Candor looks for nobody but its operator: ${about.reason}`);
    if (about.about === "operator" && !facts.proven) {
      return deny(
        "seed.proof",
        "no account is proven to be the operator's: put the token of `candor me` on one of your pages first",
      );
    }
  }
  for (const text of strings(args, GOAL_ARGS)) {
    const about = personalGoal(text, seeds, confirmed);
    if (about.about === "other") return deny("seed.goal", `Candor looks for nobody but its operator: ${about.reason}`);
  }
  const outside = OUTSIDE_TOOL.test(tool.name);
  if (outside || SEARCH_TOOL.test(tool.name) || IDENTITY_TOOLS.test(tool.name)) {
    // Nobody here knows which argument of an outside tool is the question.
    for (const text of outside ? everyString(args).filter((each) => !URL.canParse(each)) : strings(args, QUERY_ARGS)) {
      const fault = queryFault(text, request, confirmed);
      if (fault !== null) return deny("seed.query", fault);
    }
  }
  for (const text of everyString(args)) {
    for (const url of text.match(/\bhttps?:\/\/[^\s<>"']+/gi) ?? []) {
      const fault = urlFault(url, request, confirmed);
      if (fault !== null) return deny("seed.address", fault);
    }
  }
  return null;
}

function queryFault(text: string, { seeds }: GuardRequest, confirmed: readonly string[]): string | null {
  const found = mentionsOf(text, seeds, confirmed);
  if (found.people.length > 0) return "the query names a person who is not the proven operator";
  if (found.handles.length > 0) return "the query names an account that is not the proven operator's";
  if (found.identifiers.length > 0)
    return `the query holds ${found.identifiers[0] === "phone" ? "a phone number" : found.identifiers[0] === "address" ? "a street address" : "an e-mail address"}`;
  const about = personalGoal(text, seeds, confirmed);
  return about.about === "other" ? about.reason.replace("the goal", "the query") : null;
}

/** An address can carry a search as well: in its query, or in the path of a people-search site. */
function urlFault(address: string, request: GuardRequest, confirmed: readonly string[]): string | null {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  for (const value of url.searchParams.values()) {
    if (value.length < 3 || value.length > 300) continue;
    const fault = queryFault(value, request, confirmed);
    if (fault !== null) return fault.replace("the query", "the address");
  }
  if (!PEOPLE_SITES.test(url.hostname)) return null;
  const path = plainLetters(decodePath(url.pathname))
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
  const own = request.seeds.names.some((name) =>
    plainLetters(name)
      .split(/[\s.-]+/)
      .every((word) => path.split(" ").includes(word)),
  );
  const harmless =
    path === "" ||
    /^(?:opt ?out|privacy|remov\p{L}*|delete|suppress\p{L}*|about|help|terms|contact|do not sell|ccpa|gdpr)\b/u.test(
      path,
    );
  return own || harmless ? null : "the page belongs to a people-search site and does not name the proven operator";
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function isOwnHandle(handle: string, usernames: readonly string[], confirmed: readonly string[]): boolean {
  const plain = (text: string) => text.trim().replace(/^@/, "").split("@")[0]?.toLowerCase() ?? "";
  return [...usernames, ...confirmed].some((own) => plain(own) === plain(handle));
}

/** Strings under these keys, lists of strings included. */
function strings(args: Record<string, unknown>, keys: readonly string[]): string[] {
  return Object.entries(args).flatMap(([key, value]) =>
    keys.some((known) => key.toLowerCase().startsWith(known)) ? everyString(value) : [],
  );
}

function everyString(value: unknown, depth = 0): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null || depth > 8) return [];
  return Object.values(value).flatMap((item) => everyString(item, depth + 1));
}
