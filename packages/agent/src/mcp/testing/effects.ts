/** An MCP server whose one tool takes its time and then writes a line to a file, for tests that count what happened. */
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { z } from "zod";

const [file = ""] = process.argv.slice(2);
const server = new McpServer({ name: "effects", version: "1" });
server.registerTool(
  "append",
  { description: "Writes a line", inputSchema: { line: z.string(), ms: z.number() } },
  async ({ line, ms }) => {
    await sleep(ms);
    appendFileSync(file, `${line}\n`);
    return { content: [{ type: "text", text: "written" }] };
  },
);
await server.connect(new StdioServerTransport());
