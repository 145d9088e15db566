/** Permissions: presets, checking, a run's own, and the simulator; and the autonomy that minds earn. */
import { createRoute, z } from "@hono/zod-openapi";
import { AutonomyView, SetAutonomy } from "../../autonomy/schemas.ts";
import { Checked, CheckRequest, Preset, RunPermissions, Simulation, TestRequest } from "../../permissions/schemas.ts";
import { byWhom, json, Nothing, ok, type Routes, runParam } from "../route.ts";

export const permissionRoutes: Routes = (app, service) => {
  const { permissions, autonomy } = service;
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/permissions/presets",
      responses: ok(z.array(Preset), "The permissions that ship with Candor, most careful first"),
    }),
    (c) => c.json(permissions.presets()),
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/permissions/check",
      request: { body: { ...json(CheckRequest), required: true } },
      responses: ok(Checked, "The permissions, or what is wrong with them and where"),
    }),
    (c) => {
      const { permissions: given, name } = c.req.valid("json");
      return c.json(permissions.check(given, name));
    },
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/permissions/test",
      request: { body: { ...json(TestRequest), required: true } },
      responses: ok(Simulation, "What these permissions would have done on a past run"),
    }),
    async (c) => {
      const request = c.req.valid("json");
      return c.json(await permissions.test({ ...request, run: await service.resolve(request.run) }));
    },
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/runs/{run}/permissions",
      request: { params: runParam },
      responses: ok(RunPermissions, "What the run may do, and how far it goes by itself"),
    }),
    async (c) => c.json(await permissions.of(await service.resolve(c.req.valid("param").run))),
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/autonomy",
      responses: ok(AutonomyView, "The levels of autonomy, and what each mind has earned"),
    }),
    async (c) => c.json(await autonomy.view()),
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/runs/{run}/autonomy",
      request: { params: runParam, body: { ...json(SetAutonomy), required: true } },
      responses: ok(Nothing, "The run goes so far by itself from its next step on"),
    }),
    async (c) => {
      const { level, reason } = c.req.valid("json");
      await autonomy.set(await service.resolve(c.req.valid("param").run), level, reason, byWhom(c));
      return c.json({});
    },
  );
};
