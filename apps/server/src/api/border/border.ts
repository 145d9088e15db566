/** What every request passes before a route sees it. */
import { getConnInfo } from "@hono/node-server/conninfo";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { secureHeaders } from "hono/secure-headers";
import { rateLimiter } from "hono-rate-limiter";
import { type AccessOptions, access } from "./access.ts";
import { ownHosts } from "./hosts.ts";

/** Judgments and permissions come in files; nothing else is near this long. */
const MOST_BYTES = 8 * 1024 * 1024;
/** What a person with several pages open does not reach. */
const REQUESTS_A_MINUTE = 3_000;
/** Tries at a token. */
const TRIES_A_MINUTE = 20;

export interface BorderOptions extends AccessOptions {
  /** Further names this server answers to. */
  names?: readonly string[];
}

export function border(app: OpenAPIHono, options: BorderOptions): void {
  app.use("*", ownHosts(options.names ?? []));
  app.use(
    "*",
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        // React Flow and Plot place things by style attributes.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
      referrerPolicy: "no-referrer",
      xFrameOptions: "DENY",
      // Only a proxy in front of it speaks TLS, and says so itself.
      strictTransportSecurity: false,
    }),
  );
  app.use(
    "*",
    bodyLimit({
      maxSize: MOST_BYTES,
      onError: (c) =>
        c.json(
          { error: `the body is longer than ${MOST_BYTES / 1024 / 1024} MB`, hint: "Send it in parts.", exit: 2 },
          413,
        ),
    }),
  );
  const limiter = (limit: number) =>
    rateLimiter({
      windowMs: 60_000,
      limit,
      keyGenerator: (c) => `${c.get("caller") ?? "nobody"} ${addressOf(c)}`,
      // The off switch answers always.
      skip: (c) => c.get("caller") !== undefined && c.req.path === "/api/stop",
      handler: (c) => c.json({ error: "too many requests", hint: "Wait a minute.", exit: 1 }, 429),
    });
  const guarded = access(options);
  const requests = limiter(REQUESTS_A_MINUTE);
  const tries = limiter(TRIES_A_MINUTE);
  app.use("/api/*", async (c, next) => {
    if (c.req.path === "/api/session") return tries(c, next);
    // Only refusals count as tries: whoever has the token is not locked out by somebody's guesses.
    const refusal = await guarded(c, async () => {
      const busy = await requests(c, next);
      if (busy) c.res = busy;
    });
    if (!refusal) return undefined;
    return (
      (await tries(c, async () => {
        c.res = refusal;
      })) ?? refusal
    );
  });
}

const addressOf = (c: Context): string => {
  try {
    return getConnInfo(c).remote.address ?? "unknown";
  } catch {
    // Requests that tests make without a socket.
    return "none";
  }
};
