/** A run as a labelled trace, in the shape that R-Judge, ASSEBench and AgentDoG share. */

import { fromEvents, Trace } from "@candor/oversight";
import { createRoute, z } from "@hono/zod-openapi";
import { ok, type Routes, runParam } from "../route.ts";

export const traceRoutes: Routes = (app, service) => {
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/runs/{run}/labelled-trace",
      request: { params: runParam, query: z.object({ label: z.enum(["0", "1"]).optional() }) },
      responses: ok(Trace, "Contents by user, agent and environment; what monitors said as risk_description"),
    }),
    async (c) => {
      const run = await service.resolve(c.req.valid("param").run);
      const { label } = c.req.valid("query");
      return c.json(
        fromEvents(run, await service.events(run, 0), label === undefined ? undefined : label === "1" ? 1 : 0),
      );
    },
  );
};
