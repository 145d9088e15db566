import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Masker, ToolContext } from "../ports.ts";
import { McpServer } from "./server.ts";
import { connectMcp } from "./tools.ts";

const masker: Masker = {
  document: (document) => ({ document, counts: { yours: 0, others: 0 } }),
  text: (text) => ({
    text: text.replaceAll("SECRET", "[masked]"),
    counts: { yours: 0, others: text.split("SECRET").length - 1 },
  }),
};
const context: ToolContext = { run: "r", step: 1, reference: "x", signal: AbortSignal.timeout(10_000), events: [] };
const server = (more = {}) =>
  McpServer.parse({
    name: "test",
    command: process.execPath,
    args: [fileURLToPath(new URL("testing/server.ts", import.meta.url))],
    ...more,
  });

test("tools of an MCP server are named for it, ask by default, and answer with masked data", async () => {
  const { tools, close } = await connectMcp(server({ effects: { echo: "read" } }), masker);
  try {
    const [echo, fail] = tools;
    expect(tools.map((t) => [t.name, t.effect, t.repeatable])).toEqual([
      ["mcp_test_echo", "read", true],
      ["mcp_test_fail", "write", false],
    ]);
    expect(echo?.description).toBe("Says [masked] back");
    expect(echo?.args.safeParse({ text: 3 }).success).toBe(false);
    expect(await echo?.run({ text: "hello" }, context)).toMatchObject({
      status: "ok",
      origin: "tool:test",
      text: "hello [masked]",
      masked: { others: 1 },
    });
    expect(await fail?.run({}, context)).toMatchObject({ status: "error", text: "it broke" });
  } finally {
    await close();
  }
});

test("a server that cannot be started is one clear line, and its configuration is checked", async () => {
  await expect(connectMcp(server({ command: "/nonexistent/mcp" }), masker)).rejects.toThrow(
    /^MCP server test cannot be reached/,
  );
  expect(McpServer.safeParse({ name: "x" }).success).toBe(false);
  expect(McpServer.safeParse({ name: "x", command: "a", url: "http://b.example" }).success).toBe(false);
  expect(McpServer.safeParse({ name: "Not Good", command: "a" }).success).toBe(false);
});
