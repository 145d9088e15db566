/** Trainings of models on this machine. */
import { createRoute, z } from "@hono/zod-openapi";
import { TrainingRun, trainingRun, trainingRuns } from "../../training/training-runs.ts";
import { trainingStream } from "../../training/training-stream.ts";
import { ok, type Routes } from "../route.ts";

export const trainingRoutes: Routes = (app, { home }) => {
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/training",
      responses: ok(z.array(TrainingRun), "Trainings that were begun here, the newest first"),
    }),
    (c) => c.json(trainingRuns(home)),
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/training/{id}/events",
      request: { params: z.object({ id: z.string().regex(/^[0-9a-f]{12}$/) }) },
      responses: {
        200: {
          content: { "text/event-stream": { schema: z.string() } },
          description: "`records` and `samples` as they are written; goes on after Last-Event-ID",
        },
      },
    }),
    (c) => trainingStream(trainingRun(home, c.req.valid("param").id).out, c.req.header("last-event-id")),
  );
};
