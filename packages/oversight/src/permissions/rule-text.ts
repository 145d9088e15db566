/** Rules in words, and the rule that a verdict names. */
import type { Verdict } from "@candor/store";
import type { Permissions, Rule } from "./schema.ts";

/** `deny open on *.bank.example with text of host:evil.example, where url matches /private` */
export function ruleText(rule: Rule): string {
  const { outcome, tool, effect, host, label, argument, only } = rule;
  const patterns = Object.entries(argument ?? {}).map(([path, pattern]) => `${path} matches ${pattern}`);
  const parts = [
    tool ? either(tool) : effect ? `any ${either(effect)}` : "everything",
    tool && effect ? `where it is ${either(effect)}` : "",
    host ? `on ${either(host)}` : "",
    label ? `with what is ${either(label)}` : "",
    patterns.length > 0 ? `where ${patterns.join(" and ")}` : "",
    only ? "and nothing else is given" : "",
  ];
  return [outcome, ...parts].filter(Boolean).join(" ");
}

const either = (value: string | string[]): string => [value].flat().join(" or ");

/** The name under which a rule stands in a verdict. Rules count from 1, those of an extended preset first. */
export const ruleName = (permissions: Pick<Permissions, "name">, at: number): string =>
  `${permissions.name}: rule ${at + 1}`;

/** The rule behind a verdict; undefined for a default or an invariant. */
export function ruleOf(permissions: Permissions, { rule: name }: Verdict): Rule | undefined {
  for (const each of [permissions, ...(permissions.within ?? [])])
    for (const [at, rule] of each.rules.entries()) if (ruleName(each, at) === name) return rule;
  return undefined;
}
