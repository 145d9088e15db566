/** What rules are called in sentences. */

/** A rule is named `permissions: rule`, and `default` is what holds where none of them speaks. */
export function uncoveredBy(rule: string): string | undefined {
  const permissions = /^(.+): default$/.exec(rule)?.[1];
  return permissions && `No rule of the permissions “${permissions}” covers this`;
}
