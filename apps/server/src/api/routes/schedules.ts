/** Audits that repeat. */
import { createRoute, z } from "@hono/zod-openapi";
import { json, Nothing, ok, type Routes } from "../route.ts";
import { StartRun } from "../schemas.ts";

export const scheduleRoutes: Routes = (app, service) => {
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/schedules",
      responses: ok(
        z.array(z.object({ id: z.string(), everyMs: z.number(), nextAt: z.number() })),
        "Audits that repeat",
      ),
    }),
    async (c) => c.json(await service.schedules()),
  );
  app.openapi(
    createRoute({
      method: "put",
      path: "/api/schedules/{id}",
      request: {
        params: z.object({ id: z.string().regex(/^[\w-]{1,40}$/) }),
        body: { ...json(z.object({ everyMs: z.number().int().min(60_000), request: StartRun })), required: true },
      },
      responses: ok(Nothing, "It will be repeated"),
    }),
    async (c) => {
      const { everyMs, request } = c.req.valid("json");
      await service.schedule(c.req.valid("param").id, everyMs, request);
      return c.json({});
    },
  );
  app.openapi(
    createRoute({
      method: "delete",
      path: "/api/schedules/{id}",
      request: { params: z.object({ id: z.string() }) },
      responses: ok(Nothing, "It is over"),
    }),
    async (c) => {
      await service.unschedule(c.req.valid("param").id);
      return c.json({});
    },
  );
};
