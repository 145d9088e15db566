/** Whether robots.txt lets a crawler in: the grader's own reading, independent of the agent's. */
import parser from "robots-parser";
import type { Host } from "../town.ts";

// The package declares a default export and is one function.
const robotsParser = parser as unknown as (url: string, text: string) => ReturnType<typeof parser.default>;

/** Hosts that are not known, and hosts without robots.txt, allow everything. */
export function robotsRules(
  hosts: Pick<Host, "name" | "robots">[],
): (host: string, path: string, userAgent: string) => boolean {
  const rules = new Map(
    hosts.flatMap(({ name, robots }) =>
      robots === undefined ? [] : [[name, robotsParser(`http://${name}/robots.txt`, robots)] as const],
    ),
  );
  return (host, path, userAgent) =>
    path === "/robots.txt" || rules.get(host)?.isDisallowed(`http://${host}${path}`, userAgent) !== true;
}
