/** The HTTP API on loopback: JSON in and out, events as server-sent events, described by OpenAPI at /openapi.json. */
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { toFailure } from "../failure.ts";
import { pages } from "../pages.ts";
import type { Service } from "../service.ts";
import { VERSION } from "../version.ts";
import { openSession, WHOAMI } from "./border/access.ts";
import { type BorderOptions, border } from "./border/border.ts";
import { json, ok, type Routes } from "./route.ts";
import { agentIdentityRoutes } from "./routes/agent-identity.ts";
import { approvalRoutes } from "./routes/approvals.ts";
import { costRoutes } from "./routes/costs.ts";
import { explainRoutes } from "./routes/explain.ts";
import { findingRoutes } from "./routes/findings.ts";
import { judgmentRoutes } from "./routes/judgments.ts";
import { lensRoutes } from "./routes/lens.ts";
import { otlpRoutes } from "./routes/otlp.ts";
import { permissionRoutes } from "./routes/permissions.ts";
import { runRoutes } from "./routes/runs.ts";
import { scheduleRoutes } from "./routes/schedules.ts";
import { stopRoutes } from "./routes/stop.ts";
import { traceRoutes } from "./routes/traces.ts";
import { trainingRoutes } from "./routes/training.ts";
import { Problem } from "./schemas.ts";

/** One file an area, in `routes/`. */
const areas: readonly Routes[] = [
  runRoutes,
  agentIdentityRoutes,
  approvalRoutes,
  explainRoutes,
  findingRoutes,
  scheduleRoutes,
  costRoutes,
  judgmentRoutes,
  lensRoutes,
  otlpRoutes,
  permissionRoutes,
  stopRoutes,
  traceRoutes,
  trainingRoutes,
];

export function createApp(service: Service, options: BorderOptions): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const issue = result.error.issues[0];
      const error = `${issue?.path.join(".") || "request"}: ${issue?.message ?? "does not fit"}`;
      return c.json({ error, hint: "", exit: 2 } satisfies Problem, 400);
    },
  });

  app.onError((error, c) => {
    // What Hono itself cannot read, such as a body that is not JSON.
    if (error instanceof HTTPException && error.status < 500)
      return c.json({ error: error.message, hint: "", exit: 2 } satisfies Problem, error.status);
    const failure = toFailure(error);
    return c.json(
      { error: failure.message, hint: failure.hint, exit: failure.exit } satisfies Problem,
      failure.exit === 2 ? 400 : 500,
    );
  });
  app.notFound((c) => c.json({ error: `no such address: ${c.req.path}`, hint: "", exit: 2 } satisfies Problem, 404));

  border(app, options);
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/session",
      request: { body: { ...json(z.object({ token: z.string().max(200) }).strict()), required: true } },
      responses: {
        ...ok(z.object({ until: z.number() }), "The browser has a session"),
        401: { ...json(Problem), description: "The token is wrong" },
      },
    }),
    async (c) => {
      const session = await openSession(c, options, c.req.valid("json").token);
      if (session) return c.json(session, 200);
      return c.json({ error: "the token is wrong", hint: "candor open knows the right one.", exit: 1 as const }, 401);
    },
  );
  app.openapi(
    createRoute({
      method: "get",
      path: WHOAMI,
      responses: ok(z.object({ caller: z.string() }), "`operator`, or the rater whose token this is"),
    }),
    (c) => c.json({ caller: c.get("caller") }),
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/health",
      responses: ok(z.object({ ok: z.boolean(), pid: z.number() }), "It is up"),
    }),
    (c) => c.json({ ok: true, pid: process.pid }),
  );
  for (const add of areas) add(app, service);
  app.doc("/openapi.json", { openapi: "3.1.0", info: { title: "Candor", version: VERSION } });
  pages(app);
  return app;
}
