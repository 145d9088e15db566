/** Judging, the queue, agreement, adjudication, export and import; and who the raters are. */
import { RaterName } from "@candor/oversight";
import { createRoute, z } from "@hono/zod-openapi";
import {
  AgreementQuery,
  AgreementView,
  AskRequest,
  ExportQuery,
  ExportView,
  ImportRequest,
  ImportView,
  JudgedItem,
  JudgeRequest,
  OwnJudgment,
  QueueView,
  RaterView,
  SettleRequest,
  Submitted,
  WithdrawRequest,
} from "../../judgments/schemas.ts";
import { json, Nothing, ok, type Routes } from "../route.ts";

export const judgmentRoutes: Routes = (app, service) => {
  const { judgments } = service;
  const whole = async (run: string | undefined) => (run === undefined ? undefined : await service.resolve(run));

  app.openapi(
    createRoute({
      method: "get",
      path: "/api/judgments/queue",
      request: {
        query: z.object({
          limit: z.coerce.number().int().min(1).max(50).default(10),
          run: z.string().min(1).max(80).optional(),
        }),
      },
      responses: ok(QueueView, "What to judge next, for whoever asks; raters see neither run nor mind"),
    }),
    async (c) => {
      const { limit, run } = c.req.valid("query");
      return c.json(await judgments.queue(c.get("caller"), { limit, run: await whole(run) }));
    },
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/judgments",
      request: { body: { ...json(JudgeRequest), required: true } },
      responses: ok(Submitted, "Kept"),
    }),
    async (c) => c.json(await judgments.judge(c.get("caller"), c.req.valid("json"))),
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/judgments/withdraw",
      request: { body: { ...json(WithdrawRequest), required: true } },
      responses: ok(Submitted, "Taken back"),
    }),
    async (c) => c.json(await judgments.withdraw(c.get("caller"), c.req.valid("json"))),
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/judgments/mine",
      responses: ok(z.array(OwnJudgment), "What the caller has said, newest first"),
    }),
    async (c) => c.json(await judgments.mine(c.get("caller"))),
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/judgments/items",
      request: {
        query: z.object({
          run: z.string().min(1).max(80).optional(),
          disputed: z.enum(["0", "1"]).default("0"),
        }),
      },
      responses: ok(
        z.array(JudgedItem),
        "Judged items with what each rater said; disputed=1: only where they disagree",
      ),
    }),
    async (c) => {
      const { run, disputed } = c.req.valid("query");
      return c.json(await judgments.items({ run: await whole(run), disputed: disputed === "1" }));
    },
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/judgments/ask",
      request: { body: { ...json(AskRequest), required: true } },
      responses: ok(z.object({ added: z.number() }), "Put up for judging"),
    }),
    async (c) => {
      const request = c.req.valid("json");
      const runs = await Promise.all(request.runs.map((run) => service.resolve(run)));
      return c.json(await judgments.ask({ ...request, runs }, c.get("caller")));
    },
  );
  for (const [path, settle, description] of [
    ["gold", judgments.gold, "Its answer is known from now on"],
    ["adjudicate", judgments.adjudicate, "Settled"],
  ] as const) {
    app.openapi(
      createRoute({
        method: "post",
        path: `/api/judgments/${path}`,
        request: { body: { ...json(SettleRequest), required: true } },
        responses: ok(z.object({ item: z.string() }), description),
      }),
      async (c) => c.json(await settle(c.req.valid("json"), c.get("caller"))),
    );
  }
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/judgments/agreement",
      request: { query: AgreementQuery },
      responses: ok(AgreementView, "How far raters agree"),
    }),
    async (c) => {
      const { run, ...options } = c.req.valid("query");
      return c.json(await judgments.agreement({ ...options, run: await whole(run) }));
    },
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/judgments/export",
      request: { query: ExportQuery },
      responses: ok(ExportView, "What raters hold, as lines for TRL or for Candor"),
    }),
    async (c) => {
      const { run, ...options } = c.req.valid("query");
      return c.json(await judgments.export({ ...options, run: await whole(run) }));
    },
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/judgments/import",
      request: { body: { ...json(ImportRequest), required: true } },
      responses: ok(ImportView, "Kept; lines that were known already count as such"),
    }),
    async (c) => c.json(await judgments.import(c.req.valid("json"))),
  );

  app.openapi(
    createRoute({ method: "get", path: "/api/raters", responses: ok(z.array(RaterView), "Raters by name") }),
    async (c) => c.json(await judgments.raters.list()),
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/raters",
      request: { body: { ...json(z.object({ name: RaterName }).strict()), required: true } },
      responses: ok(z.object({ name: z.string(), token: z.string() }), "Their token, which is shown this once"),
    }),
    async (c) => c.json(await judgments.raters.add(c.req.valid("json").name, c.get("caller"))),
  );
  app.openapi(
    createRoute({
      method: "delete",
      path: "/api/raters/{name}",
      request: { params: z.object({ name: RaterName }) },
      responses: ok(Nothing, "Their token opens nothing any more; what they said stays"),
    }),
    async (c) => {
      await judgments.raters.revoke(c.req.valid("param").name, c.get("caller"));
      return c.json({});
    },
  );
};
