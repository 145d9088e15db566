/** The HTTP API on loopback: JSON in and out, events as server-sent events, described by OpenAPI at /openapi.json. */
import { timingSafeEqual } from "node:crypto";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { Failure, toFailure } from "../failure.ts";
import type { Service } from "../service.ts";
import { ok, type Routes } from "./route.ts";
import { runRoutes } from "./routes/runs.ts";
import { scheduleRoutes } from "./routes/schedules.ts";
import type { Problem } from "./schemas.ts";

/** One file an area, in `routes/`. */
const areas: readonly Routes[] = [runRoutes, scheduleRoutes];

export function createApp(service: Service, token: string): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const issue = result.error.issues[0];
      const error = `${issue?.path.join(".") || "request"}: ${issue?.message ?? "does not fit"}`;
      return c.json({ error, hint: "", exit: 2 } satisfies Problem, 400);
    },
  });

  app.onError((error, c) => {
    const failure = toFailure(error);
    return c.json(
      { error: failure.message, hint: failure.hint, exit: failure.exit } satisfies Problem,
      failure.exit === 2 ? 400 : 500,
    );
  });
  app.notFound((c) => c.json({ error: `no such address: ${c.req.path}`, hint: "", exit: 2 } satisfies Problem, 404));

  app.use("*", async (c, next) => {
    // A page in a browser may resolve its own name to 127.0.0.1; only a loopback name may talk to this port.
    const host = (c.req.header("host") ?? "").replace(/:\d+$/, "");
    if (host !== "127.0.0.1" && host !== "localhost") throw new Failure("this API answers on loopback only");
    return next();
  });
  app.use("/api/*", async (c, next) => {
    const given = (c.req.header("authorization") ?? "").replace(/^Bearer /, "");
    if (!sameToken(given, token))
      return c.json(
        { error: "the token is missing or wrong", hint: "It is in serve.json of the home folder.", exit: 1 },
        401,
      );
    return next();
  });

  app.openapi(
    createRoute({
      method: "get",
      path: "/api/health",
      responses: ok(z.object({ ok: z.boolean(), pid: z.number() }), "It is up"),
    }),
    (c) => c.json({ ok: true, pid: process.pid }),
  );
  for (const add of areas) add(app, service);
  app.doc("/openapi.json", { openapi: "3.1.0", info: { title: "Candor", version: "0.1.0" } });
  return app;
}

function sameToken(given: string, token: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(token);
  return a.length === b.length && timingSafeEqual(a, b);
}
