/** What waits for a person over all runs, answers to it one by one or together, and what was allowed for good. */
import { createRoute, z } from "@hono/zod-openapi";
import { Answered, RunAnswer, StandingPermission, WaitingQuestion } from "../../approvals/schemas.ts";
import { byWhom, json, Nothing, ok, type Routes } from "../route.ts";

export const approvalRoutes: Routes = (app, service) => {
  const { approvals } = service;
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/questions",
      responses: ok(z.array(WaitingQuestion), "Everything that waits for a person, oldest first"),
    }),
    async (c) => c.json(await approvals.waiting()),
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/answers",
      request: {
        body: { ...json(z.object({ answers: z.array(RunAnswer).min(1).max(500) }).strict()), required: true },
      },
      responses: ok(z.object({ results: z.array(Answered) }), "What became of each, in the order given"),
    }),
    async (c) => c.json({ results: await approvals.answerMany(c.req.valid("json").answers, byWhom(c)) }),
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/permissions/standing",
      responses: ok(z.array(StandingPermission), "What was allowed for good, oldest first"),
    }),
    async (c) => c.json(await approvals.standing.list()),
  );
  app.openapi(
    createRoute({
      method: "delete",
      path: "/api/permissions/standing/{id}",
      request: { params: z.object({ id: z.coerce.number().int().positive() }) },
      responses: ok(Nothing, "No run has it any more"),
    }),
    async (c) => {
      await approvals.standing.revoke(c.req.valid("param").id, byWhom(c));
      return c.json({});
    },
  );
};
