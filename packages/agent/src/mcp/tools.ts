/** Tools from Model Context Protocol servers. What they answer is data from `tool:NAME`, masked like a page. */

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { z } from "zod";
import type { Masker, Tool } from "../ports.ts";
import { said } from "../run/tool.ts";
import type { McpServer } from "./server.ts";

const MAX_TEXT = 12_000;
/** Characters that are masked at all. */
const MOST_MASKED = 200_000;
const ANSWER_WITHIN_MS = 15_000;

export interface McpConnection {
  tools: Tool[];
  close(): Promise<void>;
}

/** Connects to `server` and lists its tools as `mcp_SERVER_TOOL`, so that none can pass for one of Candor's own. */
export async function connectMcp(server: McpServer, masker: Masker): Promise<McpConnection> {
  const client = new Client({ name: "candor", version: "0.1.0" });
  try {
    await client.connect(transportTo(server), { timeout: ANSWER_WITHIN_MS });
    const { tools } = await client.listTools(undefined, { timeout: ANSWER_WITHIN_MS });
    return {
      tools: tools.map((tool) => toTool(client, server, masker, tool)),
      close: () => client.close(),
    };
  } catch (error) {
    await client.close().catch(() => {});
    // What it says goes wrong is the server's text.
    const reason = masker.text(error instanceof Error ? error.message : String(error), { untrusted: true }).text;
    throw new Error(`MCP server ${server.name} cannot be reached: ${reason}`);
  }
}

function transportTo(server: McpServer) {
  if (server.url) return new StreamableHTTPClientTransport(new URL(server.url));
  return new StdioClientTransport({
    command: server.command ?? "",
    args: server.args,
    env: server.env,
    stderr: "ignore",
  });
}

function toTool(
  client: Client,
  server: McpServer,
  masker: Masker,
  tool: { name: string; description?: string | undefined; inputSchema: Record<string, unknown> },
): Tool {
  const effect = server.effects[tool.name] ?? "write";
  const name = `mcp_${server.name}_${tool.name}`.replace(/[^\w-]/g, "_").slice(0, 64);
  return {
    name,
    // A description is the server's text: it is shown, but it cannot change what the guard allows.
    description: masker.text(tool.description ?? tool.name).text.slice(0, 1_000),
    effect,
    repeatable: effect === "read",
    args: z.fromJSONSchema(tool.inputSchema as Parameters<typeof z.fromJSONSchema>[0]) as Tool["args"],
    async run(args, context) {
      const result = await client.callTool({ name: tool.name, arguments: args }, undefined, { signal: context.signal });
      const parts = Array.isArray(result.content) ? result.content : [];
      const raw = parts.map((part) => (part.type === "text" ? part.text : `[${part.type}]`)).join("\n");
      // Cut after masking: half a number would not be known for one.
      const { text, counts } = masker.text(raw.slice(0, MOST_MASKED), { untrusted: true });
      return said(text.slice(0, MAX_TEXT), {
        status: result.isError ? "error" : "ok",
        origin: `tool:${server.name}`,
        masked: counts,
      });
    },
  };
}
