/** A small MCP server over stdio, for tests. */
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { z } from "zod";

const server = new McpServer({ name: "test", version: "1" });
server.registerTool(
  "echo",
  { description: "Says SECRET back", inputSchema: { text: z.string() } },
  async ({ text }) => ({
    content: [{ type: "text", text: `${text} SECRET` }],
  }),
);
server.registerTool("fail", { description: "Fails", inputSchema: {} }, async () => ({
  isError: true,
  content: [{ type: "text", text: "it broke" }],
}));
await server.connect(new StdioServerTransport());
