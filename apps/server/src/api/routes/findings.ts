/** What came of a run beside its report: where it went, and which findings have been dealt with. */
import { createRoute, z } from "@hono/zod-openapi";
import { Journey } from "../../journey.ts";
import { Remedied } from "../../remedies.ts";
import { byWhom, json, Nothing, ok, type Routes, runParam } from "../route.ts";

export const findingRoutes: Routes = (app, service) => {
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/runs/{run}/map",
      request: { params: runParam },
      responses: ok(Journey, "Hosts, links and visits"),
    }),
    async (c) => c.json(await service.journey(await service.resolve(c.req.valid("param").run))),
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/remedies",
      responses: ok(z.array(Remedied), "Findings that were ticked as dealt with, or unticked"),
    }),
    async (c) => c.json(await service.remedies.list()),
  );
  app.openapi(
    createRoute({
      method: "put",
      path: "/api/remedies/{finding}",
      request: {
        params: z.object({ finding: z.string().regex(/^[\w.:-]{1,80}$/) }),
        body: { ...json(z.object({ done: z.boolean() }).strict()), required: true },
      },
      responses: ok(Nothing, "Noted"),
    }),
    async (c) => {
      await service.remedies.tick(c.req.valid("param").finding, c.req.valid("json").done, byWhom(c));
      return c.json({});
    },
  );
};
