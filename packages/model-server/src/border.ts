/** Who may ask: this machine, or whoever has the key. */
import type { Hono, MiddlewareHandler } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { bodyLimit } from "hono/body-limit";
import { ApiError, errorBody } from "./api-error.ts";

/** Longer than the text of any context that fits this machine. */
const MOST_BYTES = 8 * 1024 * 1024;

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);
export const isLoopback = (host: string): boolean =>
  LOOPBACK.has(host) || host === "::1" || /^127(\.\d+){3}$/.test(host);

export function border(app: Hono, key: string | undefined): void {
  app.use("*", ownPages(key !== undefined));
  if (key !== undefined) {
    const message = errorBody(
      new ApiError(401, "The key is missing or wrong: send it as Authorization: Bearer KEY", {
        code: "invalid_api_key",
      }),
    );
    app.use(
      "*",
      bearerAuth({
        token: key,
        noAuthenticationHeader: { message },
        invalidAuthenticationHeader: { message },
        invalidToken: { message },
      }),
    );
  }
  app.use(
    "*",
    bodyLimit({
      maxSize: MOST_BYTES,
      onError: (c) => c.json(errorBody(new ApiError(413, `The body is longer than ${MOST_BYTES / 2 ** 20} MB`)), 413),
    }),
  );
}

/** A page elsewhere may point its own name at 127.0.0.1; with a key that gains it nothing. */
function ownPages(keyed: boolean): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header("host") ?? "";
    const name = host.replace(/:\d+$/, "").toLowerCase();
    if (!keyed && !LOOPBACK.has(name))
      return c.json(errorBody(new ApiError(421, `This server does not answer to the name ${name || "(none)"}`)), 421);
    const origin = c.req.header("origin");
    if (origin !== undefined && URL.parse(origin)?.host !== host)
      return c.json(errorBody(new ApiError(403, "Requests from other sites are refused")), 403);
    return next();
  };
}
