/** Starting, watching, steering and ending runs. */
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { Answer } from "../../approvals/schemas.ts";
import { badInput } from "../../failure.ts";
import { eventStream } from "../event-stream.ts";
import { byWhom, json, Nothing, ok, type Routes, runParam } from "../route.ts";
import { Fork, RunRow, RunView, StartRun } from "../schemas.ts";

export const runRoutes: Routes = (app, service) => {
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/runs",
      request: { body: { ...json(StartRun), required: true } },
      responses: ok(z.object({ run: z.string() }), "The run was started"),
    }),
    async (c) => c.json(await service.start(c.req.valid("json"), byWhom(c))),
  );
  app.openapi(
    createRoute({ method: "get", path: "/api/runs", responses: ok(z.array(RunRow), "All runs, newest first") }),
    async (c) => c.json(await service.list()),
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/runs/{run}",
      request: { params: runParam },
      responses: ok(RunView, "One run"),
    }),
    async (c) => c.json(await service.show(await service.resolve(c.req.valid("param").run))),
  );

  const action = <B extends z.ZodType>(
    path: string,
    description: string,
    body: B,
    act: (run: string, body: z.output<B>, by: string) => Promise<unknown>,
  ) => {
    const route = createRoute({
      method: "post",
      path: `/api/runs/{run}/${path}`,
      request: { params: runParam, body: { ...json(body), required: true } },
      responses: ok(Nothing, description),
    });
    app.openapi(route, async (c) => {
      const run = await service.resolve(runParam.parse(c.req.param()).run);
      const result = await act(run, c.req.valid("json" as never) as z.output<B>, byWhom(c));
      return c.json(result ?? {}) as never;
    });
  };
  action("resume", "It goes on", Nothing, (run, _, by) => service.resume(run, by));
  action("answer", "The answer is recorded", Answer, (run, body, by) => service.answer(run, body, by));
  action(
    "say",
    "The run reads it before its next step",
    z.object({ text: z.string().min(1).max(4_000) }),
    (run, { text }, by) => service.say(run, text, by),
  );
  action(
    "judge",
    "The finding is judged, for later audits too",
    z.object({ finding: z.string(), judgment: z.enum(["mine", "not mine"]) }),
    (run, body, by) => service.judge(run, body.finding, body.judgment, by),
  );
  action("fork", "The id of the run that goes on from that step", Fork, (run, body, by) => service.fork(run, body, by));
  action("erase", "What it recorded can never be read again", Nothing, (run) => service.erase(run));

  for (const [path, description, read] of [
    ["verify", "Whether its events are all there, in order and unchanged", (run: string) => service.verify(run)],
    ["score", "An audit of a town, graded against its ground truth", (run: string) => service.score(run)],
    ["summary", "What came of it, in figures", (run: string) => service.summary(run)],
  ] as const) {
    app.openapi(
      createRoute({
        method: "get",
        path: `/api/runs/{run}/${path}`,
        request: { params: runParam },
        responses: ok(z.object({}).loose(), description),
      }),
      async (c) => c.json((await read(await service.resolve(c.req.valid("param").run))) as object) as never,
    );
  }
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/runs/{run}/report",
      request: {
        params: runParam,
        query: z.object({ format: z.enum(["html", "json", "md"]).default("html"), since: z.string().optional() }),
      },
      responses: { 200: { description: "The report" } },
    }),
    async (c) => {
      const { format, since } = c.req.valid("query");
      const run = await service.resolve(c.req.valid("param").run);
      const body = await service.report(run, format, since ? await service.resolve(since) : undefined);
      const type = { html: "text/html", json: "application/json", md: "text/markdown" }[format];
      return c.body(body, 200, { "content-type": `${type}; charset=utf-8` });
    },
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/runs/{run}/events",
      request: {
        params: runParam,
        query: z.object({
          after: z.coerce.number().int().nonnegative().default(0),
          follow: z.enum(["0", "1"]).default("0"),
        }),
      },
      responses: { 200: { description: "The events, as server-sent events; with follow=1 as they come" } },
    }),
    async (c) => {
      const { after, follow } = c.req.valid("query");
      const run = await service.resolve(c.req.valid("param").run);
      return eventStream(service, { run, after: Math.max(after, lastEventId(c)), follow: follow === "1" });
    },
  );
};

/** Where a reader that was cut off goes on (WHATWG HTML, 9.2.3). */
function lastEventId(c: Context): number {
  const given = c.req.header("last-event-id");
  if (given === undefined || given === "") return 0;
  if (!/^\d{1,10}$/.test(given)) throw badInput(`Last-Event-ID is no number: ${given.slice(0, 40)}`);
  return Number(given);
}
