/** A child may never do more than its parent. */
import { resolvePermissions } from "./parse.ts";
import type { Permissions } from "./schema.ts";

/**
 * Permissions under which a request is judged by the strictest of `parent` and `child`.
 * A child without permissions of its own gets its parent's.
 * @throws {PermissionsError} when either cannot be read
 */
export function narrow(parent: unknown, child: unknown): Permissions {
  const above = resolvePermissions(parent);
  if (child === undefined || child === null) return above;
  const own = resolvePermissions(child);
  const { within = [], ...alone } = own;
  const seen = new Set([JSON.stringify(alone)]);
  const { within: grandparents = [], ...aboveAlone } = above;
  const kept = [...within, aboveAlone, ...grandparents].filter((each) => {
    const key = JSON.stringify(each);
    return !seen.has(key) && seen.add(key);
  });
  return kept.length > 0 ? { ...alone, within: kept } : alone;
}
