/** The off switch over the API. */
import { createRoute, z } from "@hono/zod-openapi";
import { byWhom, json, ok, type Routes } from "../route.ts";

/** A stop holds from the moment it is received; how long its asker waits for the logs to say so, too. */
const RECORD_WAIT_MS = 300;

export const Stopping = z
  .object({
    /** The id of a run or an unambiguous part of one, or `all`. */
    target: z.string().min(1).max(80),
    reason: z.string().min(1).max(2_000).default("stopped by a person"),
  })
  .strict()
  .openapi("Stopping");

export const Stopped = z
  .object({
    /** Runs that the stop ended: those cut off here and, once recorded, those that waited. */
    stopped: z.array(z.string()),
    /** Whether their logs say so already. Where not (the database does not answer, or they are many), the stop holds all the same. */
    recorded: z.boolean(),
  })
  .openapi("Stopped");
export type Stopped = z.infer<typeof Stopped>;

export const StopInForce = z
  .object({ target: z.string(), reason: z.string(), by: z.string(), at: z.number() })
  .openapi("StopInForce");
export type StopInForce = z.infer<typeof StopInForce>;

export const stopRoutes: Routes = (app, service) => {
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/stop",
      request: { body: { ...json(Stopping), required: true } },
      responses: ok(Stopped, "From now on nothing under the target begins to act"),
    }),
    async (c) => {
      const { target, reason } = c.req.valid("json");
      return c.json(await service.stop(target, reason, byWhom(c), RECORD_WAIT_MS));
    },
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/stop",
      responses: ok(z.array(StopInForce), "The stops in force: a run's own until it is resumed"),
    }),
    async (c) => c.json([...service.stops()]),
  );
};
