/** Permissions as data: what a run may do by itself, what a person is asked about, and what it may never do. */
import { EffectClass } from "@candor/store";
import { z } from "zod";

const oneOrMore = <T extends z.ZodType>(item: T) => z.union([item, z.array(item).min(1)]);

const Pattern = z.string().refine(
  (source) => {
    try {
      new RegExp(source, "iu");
      return true;
    } catch {
      return false;
    }
  },
  { error: "is not a regular expression" },
);

/** A rule applies when all of its conditions hold; a rule without conditions applies always. */
export const Rule = z
  .strictObject({
    outcome: z.enum(["allow", "ask", "deny"]),
    tool: oneOrMore(z.string().min(1)).optional().describe("Name of a tool; * stands for any characters."),
    effect: oneOrMore(EffectClass).optional().describe("What the tool does to the world."),
    host: oneOrMore(z.string().min(1))
      .optional()
      .describe("Host of an address in the arguments, e.g. *.example.org; * stands for any characters."),
    label: oneOrMore(z.string().min(1))
      .optional()
      .describe(
        "Where text in the arguments comes from (operator, memory, host:NAME, tool:NAME, child:RUN; * allowed), or what it is: sealed (of yours), third-party, page, page-text, page-token, this-host, other-host, new-address.",
      ),
    argument: z
      .record(z.string(), Pattern)
      .optional()
      .describe("For each argument path a regular expression, case ignored, that its text must match."),
    only: z
      .literal(true)
      .optional()
      .describe("And no arguments are given besides those under argument, so that none slips by."),
    standing: z
      .number()
      .int()
      .positive()
      .optional()
      .describe("Set by Candor: the standing permission behind this rule, which goes when that is taken back."),
    reason: z.string().min(1).max(300).optional().describe("A sentence for the person who reads the verdict."),
  })
  .describe("One rule. Any deny wins; between ask and allow the most specific rule wins, and ask when both are.");
export type Rule = z.infer<typeof Rule>;

const own = {
  name: z.string().min(1).max(60).describe("Shown in verdicts."),
  default: z.enum(["ask", "deny"]).default("ask").describe("For what no rule speaks of. It cannot be allow."),
  rules: z.array(Rule).max(1_000),
};

/** `within`: permissions of the ancestors of a run. What it may do is what it and all of them allow. */
export const Permissions = z.strictObject({ ...own, within: z.array(z.strictObject(own)).max(16).optional() });
export type Permissions = z.infer<typeof Permissions>;

/** What a person writes in a file. `extends` puts a preset's rules before the file's own. */
export const PermissionsFile = z
  .strictObject({
    ...own,
    name: own.name.optional(),
    extends: z.enum(["watch", "careful", "normal"]).optional().describe("A preset whose rules apply as well."),
    rules: own.rules.default([]),
  })
  .describe("Permissions of a Candor run.");
