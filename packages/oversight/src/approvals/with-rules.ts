/** Permissions with what a person allowed on top. Any deny still wins, the ancestors' too. */
import { PermissionsError, resolvePermissions } from "../permissions/parse.ts";
import { type Permissions, Rule } from "../permissions/schema.ts";

const MOST_RULES = 1_000;

/**
 * What a run may do in effect: its permissions, with the rules that a person granted it, and without the standing ones that
 * were taken back. What of it cannot be read as a permission to use one tool is left out, and permissions that cannot be
 * read are given back as they are: the guard denies by them.
 */
export function effectivePermissions(
  permissions: unknown,
  grants: readonly unknown[],
  standing: ReadonlySet<number>,
): unknown {
  const rules = grants.flatMap((grant) => readGrant(grant) ?? []);
  try {
    const own = resolvePermissions(permissions);
    const inForce = [own, ...(own.within ?? [])].every((each) => each.rules.every((rule) => stands(rule, standing)));
    if (rules.length === 0 && inForce) return permissions;
    const kept = <T extends Omit<Permissions, "within">>(each: T): T => ({
      ...each,
      rules: each.rules.filter((rule) => stands(rule, standing)),
    });
    const { within, ...alone } = own;
    return withRules({ ...kept(alone), ...(within && { within: within.map(kept) }) }, rules);
  } catch (error) {
    if (error instanceof PermissionsError) return permissions;
    throw error;
  }
}

/** The standing permissions that a run was started with. */
export function standingIn(permissions: unknown): number[] {
  try {
    const own = resolvePermissions(permissions);
    const rules = [own, ...(own.within ?? [])].flatMap((each) => each.rules);
    return [...new Set(rules.flatMap(({ standing }) => standing ?? []))];
  } catch (error) {
    if (error instanceof PermissionsError) return [];
    throw error;
  }
}

/**
 * A person's yes is a yes to what the run's ancestors would have asked as well: they are asked the same question by the same
 * guard. It widens nothing else of theirs, and nothing of the run's children.
 */
export function withRules(permissions: Permissions, rules: readonly Rule[]): Permissions {
  const more = <T extends { rules: Rule[] }>(each: T): T => {
    const room = Math.max(0, MOST_RULES - each.rules.length);
    return { ...each, rules: [...each.rules, ...(room === 0 ? [] : rules.slice(-room))] };
  };
  const { within, ...own } = permissions;
  return { ...more(own), ...(within && { within: within.map(more) }) };
}

/** A grant is a permission to use one tool by its name; anything else is none. */
export function readGrant(value: unknown): Rule | undefined {
  const { data } = Rule.safeParse(value);
  if (data?.outcome !== "allow" || typeof data.tool !== "string" || data.tool.includes("*")) return undefined;
  return data;
}

const stands = ({ outcome, standing: id }: Rule, standing: ReadonlySet<number>): boolean =>
  id === undefined || outcome !== "allow" || standing.has(id);
