/** A site that recognises declared agents, in Express: `PORT=8080 node examples/express-site.ts`. */
import { recogniseAgents } from "@candor/agent-identity/express";
import express from "express";
import { localAgents } from "./local-agents.ts";

const app = express();
app.use(express.raw({ type: () => true }));
app.use(recogniseAgents(localAgents));
app.use((req, res) => {
  res.json(req.agent);
});

const server = app.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => {
  const address = server.address();
  console.log(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`);
});
process.on("SIGTERM", () => server.close());
