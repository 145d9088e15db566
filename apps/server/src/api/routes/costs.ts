/** What the runs have cost. */
import { createRoute, z } from "@hono/zod-openapi";
import { Costs } from "../../costs.ts";
import { ok, type Routes } from "../route.ts";

export const costRoutes: Routes = (app, service) => {
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/costs",
      request: { query: z.object({ since: z.coerce.number().int().nonnegative().default(0) }) },
      responses: ok(Costs, "Tokens, dollars, pages and time: since then, and in all"),
    }),
    async (c) => c.json(await service.costs.since(c.req.valid("query").since)),
  );
};
