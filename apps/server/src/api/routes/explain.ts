/** Why a run did what it did, and how two runs differ. */
import { Comparison, Explanation } from "@candor/explain";
import { createRoute, z } from "@hono/zod-openapi";
import { StepWhy } from "../../explain/why-schema.ts";
import { ok, type Routes, runParam } from "../route.ts";

/** Steps of long runs come in windows: from the step `from` on, `limit` of them at most. */
const Window = z.object({
  from: z.coerce.number().int().positive().default(1),
  limit: z.coerce.number().int().min(1).max(1_000).default(300),
});

export const explainRoutes: Routes = (app, service) => {
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/runs/{run}/explain",
      request: { params: runParam, query: Window },
      responses: ok(Explanation, "Goals, strategies, yield, strange places and inferred goals of a run"),
    }),
    async (c) =>
      c.json(await service.plans.explain(await service.resolve(c.req.valid("param").run), c.req.valid("query"))),
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/runs/{run}/steps/{step}/why",
      request: { params: runParam.extend({ step: z.coerce.number().int().positive() }) },
      responses: ok(StepWhy, "What in its view led the small mind to a step, and what would have changed it"),
    }),
    async (c) => {
      const { run, step } = c.req.valid("param");
      return c.json(await service.why(await service.resolve(run), step));
    },
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/compare",
      request: { query: Window.extend({ a: runParam.shape.run, b: runParam.shape.run }) },
      responses: ok(Comparison, "Two runs side by side"),
    }),
    async (c) => {
      const { a, b, ...window } = c.req.valid("query");
      return c.json(await service.plans.compare(await service.resolve(a), await service.resolve(b), window));
    },
  );
};
