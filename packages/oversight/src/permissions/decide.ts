/** Applies permissions to a request: any deny, then the most specific of ask and allow, else the default. */
import type { Verdict } from "@candor/store";
import { argumentsOf, leavesOf } from "../guard/arguments.ts";
import { isForeign, labelsOf } from "../guard/labels.ts";
import type { GuardRequest } from "../guard/request.ts";
import { isGlob, matchesGlob } from "./glob.ts";
import { ruleName } from "./rule-text.ts";
import type { Permissions, Rule } from "./schema.ts";

const STRICTNESS = { allow: 0, ask: 1, deny: 2 } as const;

/** The stricter of two verdicts; the first when they are equally strict. */
export const stricter = (a: Verdict, b: Verdict): Verdict => (STRICTNESS[b.outcome] > STRICTNESS[a.outcome] ? b : a);

export function decide(permissions: Permissions, request: GuardRequest): Verdict {
  const facts = factsOf(request);
  return [permissions, ...(permissions.within ?? [])]
    .map((each) => decideAlone(each, request, facts))
    .reduce((a, b) => stricter(a, b));
}

interface Facts {
  /** Argument paths with their text. */
  args: Map<string, string>;
  hosts: string[];
  labels: string[];
}

function factsOf(request: GuardRequest): Facts {
  const args = argumentsOf(request.args);
  return { args, hosts: hostsIn(args.values()), labels: labelsOf(request) };
}

/** Hosts of all web addresses in texts. */
export function hostsIn(texts: Iterable<string>): string[] {
  return [...texts].flatMap((text) => {
    const urls = text.match(/https?:\/\/[^\s<>"'`]+/gi) ?? [];
    return urls.flatMap((url) => URL.parse(url)?.hostname ?? []);
  });
}

type Undecided = Omit<Permissions, "within">;

function decideAlone(permissions: Undecided, request: GuardRequest, facts: Facts): Verdict {
  let best: { rule: Rule; weight: number; at: number } | undefined;
  for (const [at, rule] of permissions.rules.entries()) {
    const weight = weigh(rule, request, facts);
    if (weight === undefined) continue;
    if (rule.outcome === "deny") return verdict(permissions, rule, at, request);
    const wins = !best || weight > best.weight || (weight === best.weight && rule.outcome === "ask");
    if (wins) best = { rule, weight, at };
  }
  if (best) return verdict(permissions, best.rule, best.at, request);
  return {
    outcome: permissions.default,
    rule: `${permissions.name}: default`,
    reason:
      permissions.default === "ask"
        ? `No rule speaks of ${request.tool.name}, so you decide.`
        : `No rule allows ${request.tool.name}.`,
  };
}

function verdict(permissions: Undecided, rule: Rule, at: number, request: GuardRequest): Verdict {
  const said = { allow: "allowed", ask: "for you to decide", deny: "not allowed" }[rule.outcome];
  return {
    outcome: rule.outcome,
    rule: ruleName(permissions, at),
    reason: rule.reason ?? `Your permissions say that ${request.tool.name} is ${said} here.`,
  };
}

/** How specific a rule is, or undefined when it does not apply. A tool by name says more than a host, a host more than a class. */
function weigh(rule: Rule, request: GuardRequest, { args, hosts, labels }: Facts): number | undefined {
  let weight = 0;
  if (rule.tool) {
    const hit = list(rule.tool).filter((glob) => matchesGlob(glob, request.tool.name));
    if (hit.length === 0) return undefined;
    weight += hit.some((glob) => !isGlob(glob)) ? 32 : hit.some((glob) => glob !== "*") ? 12 : 0;
  }
  if (rule.effect) {
    if (!list(rule.effect).includes(request.tool.effect)) return undefined;
    weight += 2;
  }
  if (rule.host) {
    const globs = list(rule.host);
    const fits = (host: string) => globs.some((glob) => matchesGlob(glob, host));
    // What permits must fit every host that is named; what restricts need fit only one.
    const applies = rule.outcome === "allow" ? hosts.length > 0 && hosts.every(fits) : hosts.some(fits);
    if (!applies) return undefined;
    weight += globs.some((glob) => !isGlob(glob) && hosts.includes(glob)) ? 16 : 8;
  }
  if (rule.label) {
    const globs = list(rule.label);
    const fits = (label: string) => globs.some((glob) => matchesGlob(glob, label));
    if (!labels.some(fits)) return undefined;
    // What permits must fit every page whose text is repeated, unless it speaks of all pages.
    const pages = labels.filter((label) => isForeign(label) && !fits(label));
    if (rule.outcome === "allow" && pages.length > 0 && !labels.some((label) => OF_ALL_PAGES.has(label) && fits(label)))
      return undefined;
    weight += 8;
  }
  for (const [path, pattern] of Object.entries(rule.argument ?? {})) {
    const text = args.get(path);
    if (text === undefined || !new RegExp(pattern, "iu").test(text.slice(0, 10_000))) return undefined;
    weight += 16;
  }
  if (rule.only && !namesAll(rule, request)) return undefined;
  return weight;
}

function namesAll({ argument = {} }: Rule, { args }: GuardRequest): boolean {
  const leaves = leavesOf(args);
  return (
    leaves !== undefined &&
    new Set(leaves).size === leaves.length &&
    leaves.every((path) => Object.hasOwn(argument, path))
  );
}

/** Labels that say that text is of pages, whichever. */
const OF_ALL_PAGES = new Set(["page", "page-text", "page-token"]);

const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);
