/** A site that recognises declared agents, in Hono: `PORT=8080 node examples/hono-site.ts`. */
import { recogniseAgents } from "@candor/agent-identity/hono";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { localAgents } from "./local-agents.ts";

const app = new Hono();
app.use(recogniseAgents(localAgents));
app.all("/*", (c) => c.json(c.get("agent")));

const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 0), hostname: "127.0.0.1" }, ({ port }) =>
  console.log(`http://127.0.0.1:${port}`),
);
process.on("SIGTERM", () => server.close());
