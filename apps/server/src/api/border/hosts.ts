/** Which names this server answers to: a page elsewhere may point its own name at 127.0.0.1. */
import type { MiddlewareHandler } from "hono";

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** @param names further names, for a server that others reach */
export function ownHosts(names: readonly string[]): MiddlewareHandler {
  const own = (host: string) => LOOPBACK.has(host) || names.includes(host);
  return async (c, next) => {
    const host = nameOf(c.req.header("host") ?? "");
    if (!own(host))
      return c.json(
        {
          error: `this server does not answer to the name ${host || "(none)"}`,
          hint: "candor serve --name NAME",
          exit: 1,
        },
        421,
      );
    // Browsers say where a request comes from whenever it could change something.
    const origin = c.req.header("origin");
    if (origin !== undefined && URL.parse(origin)?.host !== c.req.header("host"))
      return c.json({ error: "requests from other sites are refused", hint: "", exit: 1 }, 403);
    return next();
  };
}

const nameOf = (host: string): string => host.replace(/:\d+$/, "").toLowerCase();
