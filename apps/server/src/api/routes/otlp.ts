/** A run as an OpenTelemetry trace. */
import { createRoute, z } from "@hono/zod-openapi";
import { badInput } from "../../failure.ts";
import { Trace } from "../../otlp/wire.ts";
import { Nothing, ok, type Routes, runParam } from "../route.ts";

export const otlpRoutes: Routes = (app, service) => {
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/runs/{run}/trace",
      request: { params: runParam, query: z.object({ content: z.enum(["0", "1"]).default("0") }) },
      responses: ok(Trace, "The run and its children in OTLP's JSON; content=1: with thoughts, arguments and results"),
    }),
    async (c) => {
      const run = await service.resolve(c.req.valid("param").run);
      return c.json(await service.tracing.trace(run, { content: c.req.valid("query").content === "1" }));
    },
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/runs/{run}/trace",
      request: { params: runParam },
      responses: ok(Nothing, "Sent to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names"),
    }),
    async (c) => {
      if (!(await service.tracing.push(await service.resolve(c.req.valid("param").run))))
        throw badInput("no collector is named", "Set OTEL_EXPORTER_OTLP_ENDPOINT where candor serve is started.");
      return c.json({});
    },
  );
};
