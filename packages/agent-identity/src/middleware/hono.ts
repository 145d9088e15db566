/** Recognises declared agents in a Hono app. */
import type { MiddlewareHandler } from "hono";
import type { Recognition } from "../web-bot-auth/judge-request.ts";
import { MOST_BODY, type RecogniseOptions, recogniserOf } from "./options.ts";

declare module "hono" {
  interface ContextVariableMap {
    agent: Recognition;
  }
}

/**
 * Says of each request whether a declared agent sent it; lets every request pass.
 *
 * @example
 * app.use(recogniseAgents());
 * app.get("/", (c) => c.text(c.get("agent").status));
 */
export function recogniseAgents(options: RecogniseOptions = {}): MiddlewareHandler {
  const recogniser = recogniserOf(options);
  return async (c, next) => {
    const { method, headers, url } = c.req.raw;
    const length = Number(headers.get("content-length") ?? Number.POSITIVE_INFINITY);
    const reads = headers.has("signature") && headers.has("content-digest") && length <= MOST_BODY;
    // Hono keeps a body that was read, so that the handler has it too.
    const body = reads ? new Uint8Array(await c.req.arrayBuffer()) : undefined;
    c.set(
      "agent",
      await recogniser.recognise({ method, url, fields: [...headers.entries()], ...(body !== undefined && { body }) }),
    );
    await next();
  };
}
