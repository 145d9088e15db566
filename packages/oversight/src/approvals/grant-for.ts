/**
 * What a yes beyond one step would allow: the narrowest rule that covers what was asked and things like it. None for what
 * no permission can lift, for spending, and where no rule would make a difference.
 */
import type { Decision, EffectClass, Verdict } from "@candor/store";
import { argumentsOf, leavesOf } from "../guard/arguments.ts";
import { isOwnTool } from "../guard/own-tools.ts";
import type { GuardRequest } from "../guard/request.ts";
import { decide, hostsIn } from "../permissions/decide.ts";
import { PermissionsError, resolvePermissions } from "../permissions/parse.ts";
import { ruleOf } from "../permissions/rule-text.ts";
import type { Permissions, Rule } from "../permissions/schema.ts";
import { withRules } from "./with-rules.ts";

export interface Asked {
  tool: { name: string; effect: EffectClass };
  args: Decision["args"];
  /** In force for the run. */
  permissions: unknown;
  verdict: Verdict;
}

export interface Grant {
  rule: Rule;
  /** The end of "this run may ...". */
  sentence: string;
}

/** Pages of one host are much alike; what the other tools of Candor's own touch is the same each time. */
const BY_HOST = new Set(["open", "read_pdf", "image_metadata"]);

const RECIPIENT =
  /^(to|cc|bcc|recipients?|e?mails?|address(es)?|channel|chat(_?id)?|phone|number|user(name)?|handle)$/i;
const WORDING = /^(subject|title|body|text|message|content)$/i;

/** Text beyond this is not compared by rules, so it cannot be pinned. */
const LONGEST = 1_000;

export function grantFor(asked: Asked): Grant | null {
  const { tool, verdict } = asked;
  if (verdict.outcome !== "ask" || tool.effect === "spend") return null;
  try {
    const permissions = resolvePermissions(asked.permissions);
    if (!isOfPermissions(verdict, permissions)) return null;
    return candidates(asked).find(({ rule }) => lifts(rule, permissions, asked)) ?? null;
  } catch (error) {
    if (error instanceof PermissionsError) return null;
    throw error;
  }
}

/** An invariant's question, or one that is asked because of the run's autonomy, is not for a permission to answer. */
function isOfPermissions(verdict: Verdict, permissions: Permissions): boolean {
  if (verdict.rule.startsWith("always:")) return false;
  const defaults = [permissions, ...(permissions.within ?? [])].map(({ name }) => `${name}: default`);
  return defaults.includes(verdict.rule) || ruleOf(permissions, verdict) !== undefined;
}

/** Narrow enough to be meant, widest first. */
function candidates({ tool: { name }, args }: Asked): Grant[] {
  const allow = { outcome: "allow", tool: name } as const;
  const hosts = [...new Set(hostsIn(argumentsOf(args).values()))];
  if (isOwnTool(name)) {
    if (!BY_HOST.has(name)) return [{ rule: allow, sentence: `use ${name} without asking` }];
    return hosts.length === 0
      ? []
      : [{ rule: { ...allow, host: hosts }, sentence: `open pages of ${hosts.join(" and ")}` }];
  }
  const exact = pinned(args);
  if (!exact) return [];
  const found: Grant[] = [];
  const recipients = [...exact.keys()].filter((path) => RECIPIENT.test(nameOf(path)));
  if (recipients.length > 0) {
    const to = recipients.map((path) => argumentsOf(args).get(path)).join(", ");
    const argument = patterns(exact, (path) => WORDING.test(nameOf(path)));
    found.push({ rule: { ...allow, argument, only: true }, sentence: `use ${name} to reach ${to}` });
  }
  const addresses = new Set([...argumentsOf(args)].filter(([, text]) => URL.canParse(text)).map(([path]) => path));
  if (hosts.length > 0 && addresses.size > 0) {
    const argument = patterns(exact, (path) => addresses.has(path));
    found.push({
      rule: { ...allow, host: hosts, argument, only: true },
      sentence: `use ${name} on ${hosts.join(" and ")}`,
    });
  }
  const argument = patterns(exact, () => false);
  found.push({
    rule: { ...allow, ...(exact.size > 0 && { argument }), only: true },
    sentence: `use ${name} again with exactly these arguments`,
  });
  return found;
}

/** A pattern for each argument that fits nothing but it; undefined when something cannot be told apart by a pattern. */
function pinned(args: Decision["args"]): Map<string, string> | undefined {
  const texts = argumentsOf(args);
  const leaves = leavesOf(args);
  if (!leaves || new Set(leaves).size !== leaves.length) return undefined;
  const exact = new Map<string, string>();
  for (const path of leaves) {
    const text = texts.get(path);
    if (text === undefined || text.length > LONGEST) return undefined;
    exact.set(path, `^(?-i:${escaped(text)})$`);
  }
  return exact;
}

const patterns = (exact: ReadonlyMap<string, string>, free: (path: string) => boolean): Record<string, string> =>
  Object.fromEntries([...exact].map(([path, pattern]) => [path, free(path) ? "" : pattern]));

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** `to` of `to.0`. */
const nameOf = (path: string): string => path.split(".").findLast((part) => !/^\d+$/.test(part)) ?? path;

/** Whether the rule would have made this an allow, whatever labels its text had. */
function lifts(rule: Rule, permissions: Permissions, { tool, args }: Asked): boolean {
  const label = "any label";
  const strict = ({ rules, ...rest }: Omit<Permissions, "within">): Omit<Permissions, "within"> => ({
    ...rest,
    rules: rules.map((each) => (each.outcome === "ask" && each.label ? { ...each, label } : each)),
  });
  const { within = [], ...own } = withRules(permissions, [rule]);
  const request: GuardRequest = {
    run: "",
    chain: [],
    kind: "run",
    world: "web",
    goal: "",
    step: 1,
    tool,
    args,
    origins: { any: [label] },
    permissions,
    seeds: { names: [], usernames: [], sites: [] },
  };
  return decide({ ...strict(own), within: within.map(strict) }, request).outcome === "allow";
}
