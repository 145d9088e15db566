/** Who the agent is: well-known documents for everybody, and who others are for the operator. */
import { CARD_PATH, PROFILE } from "@candor/agent-identity";
import { createRoute, z } from "@hono/zod-openapi";
import { AgentView, DelegationView, WhoisAnswer, WhoisRequest } from "../../agent-identity/schemas.ts";
import { json, ok, type Routes, runParam } from "../route.ts";

export const agentIdentityRoutes: Routes = (app, service) => {
  const { agentIdentity } = service;
  // Outside /api: whoever is asked by the agent must be able to read these without a token.
  app.openapi(
    createRoute({
      method: "get",
      path: PROFILE.directory.path,
      responses: {
        200: {
          description: "The agent's keys, signed by them (HTTP Message Signatures directory)",
          content: { [PROFILE.directory.mediaType]: { schema: z.object({ keys: z.array(z.unknown()) }) } },
        },
      },
    }),
    (c) => {
      const { body, headers } = agentIdentity.directory({ method: "GET", url: c.req.url, fields: [] });
      return c.body(body, 200, headers) as never;
    },
  );
  app.openapi(
    createRoute({
      method: "get",
      path: CARD_PATH,
      responses: ok(z.looseObject({ name: z.string() }), "The agent card (A2A), signed"),
    }),
    async (c) => c.json(await agentIdentity.card(new URL(c.req.url).origin)),
  );
  app.openapi(
    createRoute({ method: "get", path: "/api/agent", responses: ok(AgentView, "Who the agent says it is") }),
    (c) => c.json(agentIdentity.view()),
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/api/runs/{run}/delegation",
      request: { params: runParam },
      responses: ok(DelegationView, "What lets this run act, from the operator down; none for a run that is over"),
    }),
    async (c) => c.json(await agentIdentity.delegation(await service.resolve(c.req.valid("param").run))),
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/api/whois",
      request: { body: { ...json(WhoisRequest), required: true } },
      responses: ok(WhoisAnswer, "Whose agent sent a request or a message, or answers at an address"),
    }),
    async (c) => c.json(await service.whois(c.req.valid("json"))),
  );
};
